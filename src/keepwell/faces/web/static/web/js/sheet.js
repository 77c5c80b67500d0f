/* The accounts table on a screen: rows come as one scrolls, at most 200 at a time; columns are drawn wider or to another place;
   rows are ticked in ranges. Without this the page's own links and boxes do the same. */
const KEPT = 4, NARROWEST = 48, WIDEST = 800;
let sheet = null;

class Sheet {
  constructor(box) {
    this.box = box;
    this.table = box.querySelector("table");
    this.total = Number(box.dataset.total);
    this.page = Number(box.dataset.page);
    this.from = new URL(box.dataset.rowsFrom, location);
    this.asked = new Map();
    this.ticked = new Set();
    const first = this.table.tBodies[0];
    const at = Number(first.dataset.at);
    this.before = this.gap();
    this.after = this.gap();
    first.before(this.before);
    first.after(this.after);
    box.closest("#book").querySelector("[data-paging]")?.remove();
    for (const head of this.table.tHead.rows[0].cells) this.grip(head);
    this.height = this.rowHeight();
    this.chunks = new Map([[at, first]]);
    this.lay();
    if (at) this.scroller().scrollTop = at * this.height;
    this.look = () => { if (!this.waits) { this.waits = true; requestAnimationFrame(() => { this.waits = false; this.see(); }); } };
    box.addEventListener("scroll", this.look, { passive: true });
    document.addEventListener("scroll", this.look, { passive: true });
    this.see();
  }

  gap() {
    const body = document.createElement("tbody");
    body.className = "gap";
    body.setAttribute("aria-hidden", "true");
    body.insertRow().insertCell().colSpan = 100;
    return body;
  }

  rowHeight() {
    const row = this.table.querySelector("[data-row]");
    return row ? row.getBoundingClientRect().height || 36 : 36;
  }

  isInner() { return getComputedStyle(this.box).overflowY !== "visible"; }
  scroller() { return this.isInner() ? this.box : document.scrollingElement; }

  /* Which rows are in sight, by their numbers. */
  sight() {
    const view = this.isInner() ? this.box.clientHeight : innerHeight;
    const top = (this.isInner() ? this.box.getBoundingClientRect().top : 0) - this.before.getBoundingClientRect().top;
    return [Math.max(0, Math.floor(top / this.height)), Math.ceil((top + view) / this.height)];
  }

  lay() {
    const places = [...this.chunks.keys()].sort((a, b) => a - b);
    const first = places[0] ?? 0, last = (places.at(-1) ?? 0) + this.page;
    this.before.rows[0].cells[0].style.height = `${first * this.height}px`;
    this.after.rows[0].cells[0].style.height = `${Math.max(0, this.total - last) * this.height}px`;
  }

  async see() {
    if (!this.box.isConnected) return;
    const [first, last] = this.sight();
    const start = Math.max(0, Math.floor(first / this.page) * this.page), places = [];
    for (let at = start; at <= last && at < this.total; at += this.page) places.push(at);
    if (!places.length || places.every((at) => this.chunks.has(at))) return this.shown();
    await Promise.all(places.filter((at) => !this.chunks.has(at)).map((at) => this.fetch(at)));
    this.trim(places);
    this.shown();
  }

  async fetch(at) {
    if (this.asked.has(at)) return this.asked.get(at);
    this.from.searchParams.set("offset", at);
    const answer = fetch(this.from, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).then(async (said) => {
      if (!said.ok) throw new Error(said.status);
      const holder = document.createElement("template");
      holder.innerHTML = `<table>${await said.text()}</table>`;
      const body = holder.content.querySelector("tbody");
      for (const box of body.querySelectorAll(".pick-row")) box.checked = this.ticked.has(box.value);
      this.put(at, body);
    }).catch(() => document.dispatchEvent(new CustomEvent("htmx:sendError"))).finally(() => this.asked.delete(at));
    this.asked.set(at, answer);
    return answer;
  }

  /* Rows stand in one run: what is far from it makes room. */
  put(at, body) {
    const places = [...this.chunks.keys()];
    if (places.length && !places.includes(at - this.page) && !places.includes(at + this.page)) {
      for (const [place, old] of this.chunks) { old.remove(); this.chunks.delete(place); }
    }
    const next = [...this.chunks.keys()].sort((a, b) => a - b).find((place) => place > at);
    (next === undefined ? this.after : this.chunks.get(next)).before(body);
    this.chunks.set(at, body);
    this.lay();
  }

  trim(wanted) {
    const middle = (wanted[0] + wanted.at(-1)) / 2;
    const far = [...this.chunks.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    while (this.chunks.size > KEPT && far.length) {
      const places = [...this.chunks.keys()].sort((a, b) => a - b);
      const at = far.find((place) => place === places[0] || place === places.at(-1));
      far.splice(far.indexOf(at), 1);
      if (this.chunks.get(at).contains(document.activeElement)) continue;
      this.chunks.get(at).remove();
      this.chunks.delete(at);
    }
    this.lay();
  }

  shown() {
    const [first, last] = this.sight();
    const foot = this.table.tFoot?.querySelector("[data-shown]");
    if (!foot) return;
    const told = { first: first + 1, last: Math.min(last, this.total), total: this.total };
    const tongue = `${document.documentElement.lang}-u-nu-latn`;
    foot.textContent = foot.dataset.shown.replace(/\{(\w+)\}/g, (_, name) => told[name].toLocaleString(tongue));
  }

  /* A head's edge draws its column wider, with arrows too; dropped on another head it goes there. */
  grip(head) {
    const slug = head.dataset.col;
    if (slug === "name") return;
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.tabIndex = 0;
    grip.role = "separator";
    grip.ariaOrientation = "vertical";
    grip.ariaLabel = this.table.dataset.gripSays.replace("{column}", head.textContent.trim());
    const col = this.table.querySelectorAll("col")[head.cellIndex];
    grip.ariaValueNow = col.width;
    grip.ariaValueMin = NARROWEST;
    grip.ariaValueMax = WIDEST;
    const set = (pixels) => { col.width = grip.ariaValueNow = Math.round(Math.min(WIDEST, Math.max(NARROWEST, pixels))); };
    const onward = () => (getComputedStyle(head).direction === "rtl" ? -1 : 1);
    let timer;
    grip.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 8, ArrowLeft: -8 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      set(Number(col.width) + step * onward());
      clearTimeout(timer);
      timer = setTimeout(() => this.columns(), 600);
    });
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const begun = event.clientX, wide = head.getBoundingClientRect().width;
      const move = (moved) => set(wide + (moved.clientX - begun) * onward());
      grip.setPointerCapture(event.pointerId);
      grip.addEventListener("pointermove", move);
      grip.addEventListener("pointerup", () => { grip.removeEventListener("pointermove", move); this.columns(); }, { once: true });
    });
    head.append(grip);
    head.draggable = true;
    head.addEventListener("dragstart", (event) => {
      if (document.activeElement === grip) { event.preventDefault(); return; }
      event.dataTransfer.setData("text/x-column", slug);
    });
    head.addEventListener("dragover", (event) => event.preventDefault());
    head.addEventListener("drop", (event) => {
      const moved = event.dataTransfer.getData("text/x-column");
      if (!moved || moved === slug) return;
      event.preventDefault();
      const slugs = this.slugs().filter((one) => one !== moved);
      slugs.splice(slugs.indexOf(slug), 0, moved);
      this.columns(slugs);
    });
  }

  slugs() { return [...this.table.tHead.rows[0].cells].map((head) => head.dataset.col).filter((slug) => slug !== "name"); }

  /* The address says which columns, how wide and in which order; the page answers as it does to any link. */
  columns(slugs = this.slugs()) {
    const cols = this.table.querySelectorAll("col"), there = new URL(this.from);
    const wide = new Map(this.slugs().map((slug, place) => [slug, cols[place + 1].width]));
    there.searchParams.set("cols", slugs.map((slug) => `${slug}:${wide.get(slug)}`).join(","));
    there.searchParams.delete("offset");
    htmx.ajax("GET", document.getElementById("filters").getAttribute("action") + there.search, { target: "#book", swap: "outerHTML" });
  }
}

function begin() {
  const box = document.querySelector("[data-sheet]");
  if (box && sheet?.box !== box) sheet = new Sheet(box);
  bulk();
}

/* The sheet of the table that stands in the page: who ticks before the browser had time to measure it begins it. */
function standing() {
  if (!sheet?.box.isConnected) begin();
  return sheet?.box.isConnected ? sheet : null;
}

/* Ticking: a box, a range with shift, all that match. */
let lastTick = null;
function bulk() {
  const bar = document.querySelector(".selection");
  if (!bar || !sheet) return;
  bar.dataset.live = "";
  const all = bar.querySelector("[name=all]");
  const many = all?.checked ? sheet.total : sheet.ticked.size;
  bar.toggleAttribute("data-none", !many);
  bar.querySelector("[data-count]").textContent = many === 1 ? "1 account selected" : `${many.toLocaleString(`${document.documentElement.lang}-u-nu-latn`)} accounts selected`;
}

function tick(box, on, range) {
  const boxes = [...document.querySelectorAll(".book .pick-row")];
  const from = range && lastTick?.isConnected ? boxes.indexOf(lastTick) : boxes.indexOf(box), to = boxes.indexOf(box);
  for (const one of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    one.checked = on;
    sheet.ticked[on ? "add" : "delete"](one.value);
  }
  lastTick = box;
  bulk();
}

document.addEventListener("click", (event) => {
  if (!standing()) return;
  if (event.target.matches(".book .pick-row")) { tick(event.target, event.target.checked, event.shiftKey); return; }
  const also = event.target.closest(".book .sort[data-also]");
  if (also && event.shiftKey) {
    event.preventDefault();
    event.stopImmediatePropagation();
    htmx.ajax("GET", also.dataset.also, { target: "#book", swap: "outerHTML" });
    return;
  }
  if (event.target.closest("[data-untick]")) {
    for (const box of document.querySelectorAll(".pick-row, .selection [name=all]")) box.checked = false;
    sheet.ticked.clear();
    bulk();
    return;
  }
  const row = event.target.closest(".book [data-row]");
  if (row && !event.target.closest("a, input, button, summary, label") && !String(getSelection())) row.querySelector("a").click();
}, true);

document.addEventListener("change", (event) => { if (event.target.matches(".selection [name=all]")) bulk(); });

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest("input:not(.pick-row), textarea, select, dialog[open]")) return;
  if (event.key.toLowerCase() !== "x" || !standing()) return;
  const row = document.querySelector(".book [data-row][data-current]") || event.target.closest(".book [data-row]");
  const box = row?.querySelector(".pick-row");
  if (!box) return;
  event.preventDefault();
  tick(box, event.shiftKey ? true : !box.checked, event.shiftKey);
});

/* What was ticked and has scrolled away goes with the form all the same. */
document.addEventListener("submit", (event) => {
  if (event.target.id !== "bulk" || !sheet) return;
  const here = new Set([...document.querySelectorAll(".book .pick-row:checked")].map((box) => box.value));
  for (const key of sheet.ticked) {
    if (here.has(key)) continue;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "key", value: key });
    event.target.append(field);
  }
});

/* The page is drawn before anything is measured in it. */
document.addEventListener("htmx:afterSettle", begin);
requestAnimationFrame(() => setTimeout(begin));
