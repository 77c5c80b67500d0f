/* Today by keyboard: a picker that opens takes the focus, and after a deed the row that came into its place is the current one. */
let place = -1;
const rows = () => [...document.querySelectorAll("#today [data-row]")];

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

document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.detail.elt.closest?.("#today [data-row]");
  if (row) place = rows().indexOf(row);
});

document.addEventListener("htmx:afterSettle", () => {
  if (place < 0) return;
  const row = rows()[Math.min(place, rows().length - 1)];
  place = -1;
  if (!row) return;
  row.dataset.current = "";
  row.querySelector("a[href]").focus({ preventScroll: true });
});
