/* Today by keyboard: a picker that opens takes the focus, and Escape gives it back to its row. */

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("#today details.menu") || !event.target.open) return;
  for (const other of document.querySelectorAll("#today details.menu[open]")) if (other !== event.target) other.open = false;
  event.target.querySelector("select, .sheet button")?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("#today details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.closest("[data-row]").querySelector("a[href]").focus();
});

/* What is done by hand is done from its row. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.detail.elt.closest?.("#today [data-row]");
  if (!row) return;
  for (const other of document.querySelectorAll("#today [data-row][data-current]")) delete other.dataset.current;
  row.dataset.current = "";
});

/* More rows come where the button stood: whoever pressed it goes on at the first of them. */
let onward = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const more = event.detail.target.querySelector?.("[data-more]");
  onward = more && more === document.activeElement ? more.dataset.more : null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (onward) document.querySelector(`#${onward} .what`)?.focus();
  onward = null;
});
