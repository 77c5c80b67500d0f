/* What only a script can do: copy a key, send a form when a choice changes, and say that the server could not be reached. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  button.textContent = "Copied";
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
});

/* A form that is answered while one types: an answer that is older than the last stroke does not replace it. */
const typedAt = new WeakMap(), askedAt = new WeakMap();
const formOf = (element) => element.closest("form[hx-trigger]");

/* A field that changed asks for a look. The button that the tab key went on to was not pressed, and its deed is not done. */
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.triggeringEvent?.type === "change") delete event.detail.parameters.deed;
});

document.addEventListener("input", (event) => { if (formOf(event.target)) typedAt.set(formOf(event.target), performance.now()); });
document.addEventListener("htmx:beforeRequest", (event) => { if (formOf(event.detail.elt)) askedAt.set(formOf(event.detail.elt), performance.now()); });
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = formOf(event.detail.requestConfig.elt);
  if (form && event.detail.requestConfig.elt === form && typedAt.get(form) > askedAt.get(form)) event.detail.shouldSwap = false;
});

function tell(text) {
  const notices = document.getElementById("notices");
  if (!notices) return;
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.dataset.kind = "refused";
  notice.setAttribute("role", "alert");
  const said = document.createElement("p");
  said.textContent = text;
  notice.append(document.createElement("span"), said);
  notices.replaceChildren(notice);
}

document.addEventListener("htmx:sendError", () => tell("The server cannot be reached. What you see may be out of date; reload when you are connected again."));
document.addEventListener("htmx:responseError", () => tell("Keepwell failed to answer. Nothing was half done; reload the page and try again."));

/* Notices that only tell go away by themselves; refusals stay until the next page. */
for (const notice of document.querySelectorAll('.notices .notice:not([data-kind="refused"])')) {
  setTimeout(() => notice.remove(), "stays" in notice.dataset ? 20000 : 8000);
}

/* On a narrow screen the tab where one is may lie outside; bring it in. */
const tabs = document.querySelector(".tabs");
const here = tabs && tabs.querySelector("[aria-current]");
if (here) tabs.scrollLeft = here.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
