/* Toasts go away by themselves, but not while one reads or reaches for them; refusals stay. Failures of the line are told the same way. */
const SHORT = 8000, LONG = 20000;
const notices = document.getElementById("notices");

function leave(toast) {
  let timer;
  const stop = () => clearTimeout(timer);
  const start = () => { stop(); timer = setTimeout(() => toast.remove(), toast.querySelector("form") ? LONG : SHORT); };
  toast.dataset.seen = "";
  for (const held of ["pointerenter", "focusin"]) toast.addEventListener(held, stop);
  for (const free of ["pointerleave", "focusout"]) toast.addEventListener(free, start);
  start();
}

function greet() {
  for (const toast of notices.querySelectorAll('.toast:not([data-kind="refused"], [data-seen])')) leave(toast);
}

function tell(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.kind = "refused";
  toast.setAttribute("role", "alert");
  const said = document.createElement("p");
  said.className = "what";
  said.textContent = text;
  toast.append(said);
  notices?.replaceChildren(toast);
}

if (notices) {
  new MutationObserver(greet).observe(notices, { childList: true });
  greet();
}
document.addEventListener("click", (event) => event.target.closest(".notices [data-close]")?.closest(".toast").remove());
document.addEventListener("htmx:sendError", () => tell("The server cannot be reached. What you see may be out of date; reload when you are connected again."));
document.addEventListener("htmx:responseError", () => tell("Keepwell failed to answer. Nothing was half done; reload the page and try again."));
