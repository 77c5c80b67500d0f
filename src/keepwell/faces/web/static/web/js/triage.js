/* Triage by keyboard: a deed without a chosen ticket takes the row where one is; a picker takes the focus, enter presses its
   button; and after a deed the row that came into its place is the current one. Without this one ticks boxes and presses. */
const KEPT = "triage-row";
const rows = () => [...document.querySelectorAll(".triage [data-row]")];

/* A key reaches a picker as a click that nobody made with a hand. */
document.addEventListener("click", (event) => {
  const picker = event.target.closest?.(".triage .deeds select[data-key]");
  if (picker && !event.isTrusted) { picker.focus(); return; }
  const deed = event.target.closest?.(".triage .deeds button[name=deed]");
  if (!deed) return;
  const current = document.querySelector(".triage [data-row][data-current]");
  if (current && !deed.form.querySelector(".pick :checked")) current.querySelector(".pick input").checked = true;
}, true);

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.(".triage .deeds :is(select, input)");
  if (!field) return;
  if (event.key === "Escape") {
    document.querySelector(".triage [data-row][data-current] a[href]")?.focus();
  } else if (event.key === "Enter") {
    event.preventDefault();
    field.closest(".pair").querySelector("button").click();
  }
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".triage")) return;
  const first = event.target.querySelector(".pick :checked")?.closest("[data-row]");
  if (first) sessionStorage.setItem(KEPT, rows().indexOf(first));
});

const kept = sessionStorage.getItem(KEPT);
sessionStorage.removeItem(KEPT);
if (kept !== null && rows().length) {
  const row = rows()[Math.min(Number(kept), rows().length - 1)];
  row.dataset.current = "";
  row.querySelector("a[href]").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}
