/* What only a script can do: copy a key, send a form when a choice changes. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  button.textContent = button.dataset.copied;
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

/* On a narrow screen the tab where one is may lie outside; bring it in. */
const tabs = document.querySelector(".tabs");
const here = tabs && tabs.querySelector("[aria-current]");
if (here) tabs.scrollLeft = here.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;

/* A button that adds or takes out a question brings a new page: go on at what is new, or at what adds. */
const LEFT_AT = "editing";
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name === "deed" && button.value.includes(":")) sessionStorage.setItem(LEFT_AT, JSON.stringify([...button.value.split(":"), button.id]));
});
const [verb, path, pressed] = JSON.parse(sessionStorage.getItem(LEFT_AT) ?? "[]");
sessionStorage.removeItem(LEFT_AT);
if (verb) {
  const added = [...document.querySelectorAll(`select[id^="of-${CSS.escape(path)}-"]`)].at(-1);
  const adds = document.getElementById(`add-${path.replace(/-\d+$/, "")}`);
  ((verb === "remove" ? adds : added) ?? document.getElementById(pressed))?.focus();
}
