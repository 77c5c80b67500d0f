/* j and k move along rows, enter opens, / finds, g goes, ? explains; a page's own links and buttons name theirs. */
const PLACES = { a: "Accounts", e: "Segments", i: "Incidents", d: "Data", m: "Measures", p: "Proof", s: "Settings" };
const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
let going = false;

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => "current" in row.dataset);
  const next = all[Math.min(all.length - 1, Math.max(0, at === -1 ? 0 : at + step))];
  for (const row of all) delete row.dataset.current;
  next.dataset.current = "";
  const link = next.querySelector("a[href]");
  if (link) link.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function explain() {
  const keys = document.getElementById("keys");
  if (keys && !keys.open) keys.showModal();
}

function go(letter) {
  const place = [...document.querySelectorAll(".rail a")].find((link) => link.textContent.trim() === PLACES[letter]);
  if (place) place.click();
}

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey) {
    if (event.key.toLowerCase() !== "k") return;
  } else if (event.altKey || isTyping(event.target)) {
    if (event.key === "Escape" && event.target.matches("[data-search], [data-filter]")) event.target.blur();
    return;
  }
  if (going) {
    going = false;
    go(event.key);
    return;
  }
  const deed = {
    j: () => move(1),
    k: () => (event.metaKey || event.ctrlKey ? find() : move(-1)),
    "/": find,
    "?": explain,
    g: () => { going = true; setTimeout(() => { going = false; }, 1200); },
  }[event.key];
  if (!deed) {
    if (event.key.length === 1 && press(event.key)) event.preventDefault();
    return;
  }
  event.preventDefault();
  deed();
});

/* A link or button of the page that says which key presses it; "/" finds in the page's own list where it has one. */
function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target) target.click();
  return target !== null;
}

function find() {
  const field = document.querySelector("[data-filter]") || document.querySelector("[data-search]");
  if (field) { field.focus(); field.select(); }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) explain();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
