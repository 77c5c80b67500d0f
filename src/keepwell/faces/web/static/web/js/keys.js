/* j and k move along rows, enter opens, / filters, g goes, ? explains; links and buttons of the page name their own key. */
const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
const isSeen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const AHEAD = 10; // so many rows before the last, those that follow are asked for
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
  if (all.length - all.indexOf(next) <= AHEAD) document.querySelector("[data-rows] [data-more]")?.click();
}

/* A list that comes anew leaves one where one was: at the same row, or at the one that came into its place. */
let stood = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const row = event.detail.target.querySelector?.("[data-row][data-current]");
  stood = row && {
    place: rows().indexOf(row),
    href: row.querySelector("a[href]")?.href,
    focused: event.detail.target.contains(document.activeElement),
  };
});

document.addEventListener("htmx:afterSettle", () => {
  const all = rows();
  if (!stood || !all.length || all.some((row) => "current" in row.dataset)) return;
  const beside = all[Math.min(stood.place, all.length - 1)];
  const isSame = (row) => stood.href && row.querySelector("a[href]")?.href === stood.href;
  const row = isSame(beside) ? beside : all.find(isSame) ?? beside;
  row.dataset.current = "";
  if (stood.focused) row.querySelector("a[href]")?.focus({ preventScroll: true });
  stood = null;
});

/* A key of the row where one is comes before the same key of the page. */
function press(key) {
  const named = `[data-key="${CSS.escape(key)}"]`;
  const target = document.querySelector(`[data-row][data-current] ${named}`)
    || [...document.querySelectorAll(`${named}:not([data-row] *)`)].find(isSeen);
  if (target) target.click();
  return Boolean(target);
}

function find() {
  const field = document.querySelector("[data-filter]");
  if (field) { field.focus(); field.select?.(); } else document.querySelector("[data-open-palette]")?.click();
}

/* The page's own keys are read off its links and buttons, so that the list is never out of date. */
function explain() {
  const keys = document.getElementById("keys");
  if (!keys || keys.open) return;
  const here = keys.querySelector("[data-keys-here]");
  const list = here.querySelector("dl");
  const told = new Map();
  for (const owner of document.querySelectorAll("main [data-key]")) {
    const says = owner.dataset.keySays || owner.getAttribute("aria-label") || owner.title || owner.textContent.trim();
    if (!told.has(owner.dataset.key)) told.set(owner.dataset.key, says);
  }
  list.replaceChildren(...[...told].map(([key, says]) => {
    const line = document.createElement("div"), term = document.createElement("dt"), mark = document.createElement("kbd"), said = document.createElement("dd");
    mark.textContent = key;
    said.textContent = says;
    term.append(mark);
    line.append(term, said);
    return line;
  }));
  here.hidden = !told.size;
  keys.showModal();
}

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]") !== null;

/* An open menu closes and gives the focus back to what opened it; a row of Today takes it itself. */
function leave(event) {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]:not(#today *)");
  if (!menu) return false;
  menu.open = false;
  menu.querySelector("summary").focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || leave(event)) return;
  if (event.metaKey || event.ctrlKey) return;
  if (event.altKey || isTyping(event.target)) {
    if (event.key === "Escape" && event.target.matches("[data-filter]")) event.target.blur();
    return;
  }
  if (going) {
    going = false;
    document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  const deed = {
    j: () => move(1),
    k: () => move(-1),
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

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) explain();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
