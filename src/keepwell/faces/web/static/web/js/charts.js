/* A chart is read by pointer or by arrow keys: the mark that is meant says its figures, and opens what is behind it. */
const LEAST = 40;

const chartOf = (target) => target.closest?.(".chart");
const middle = (mark) => { const box = mark.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; };

/* The marks that can be seen and say something, from the start of the line to its end. */
function marksOf(chart) {
  const found = [...chart.querySelectorAll(".picture .role-mark [aria-label]")].filter((mark) => mark.getBoundingClientRect().width > 0 && mark.getAttribute("aria-roledescription") !== "line mark");
  const opening = found.filter((mark) => linkOf(chart, mark));
  const told = opening.length ? opening : found;
  return told.sort((a, b) => { const [x, y] = middle(a), [u, v] = middle(b); return Math.abs(x - u) > 1 ? x - u : v - y; });
}

const linkOf = (chart, mark) => [...chart.querySelectorAll("a[data-told]")].find((link) => link.dataset.told === mark.getAttribute("aria-label"));

function read(chart, mark) {
  for (const old of chart.querySelectorAll("[data-here]")) old.removeAttribute("data-here");
  mark.setAttribute("data-here", "");
  const reading = chart.querySelector("[data-reading]");
  (reading ?? chart.querySelector(".said")).textContent = mark.getAttribute("aria-label");
  const link = linkOf(chart, mark);
  if (reading && link) reading.href = link.href;
}

/* What the pointer is on, else what is nearest to it along the line, and then across. */
function meant(chart, event) {
  const marks = marksOf(chart);
  const under = event.target.closest("[aria-label]");
  if (marks.includes(under)) return under;
  const far = (mark) => { const [x, y] = middle(mark); return [Math.abs(event.clientX - x), Math.abs(event.clientY - y)]; };
  return marks.map((mark) => [mark, far(mark)]).filter(([, [x]]) => x < LEAST).sort(([, [x, y]], [, [u, v]]) => Math.abs(x - u) > 1 ? x - u : y - v)[0]?.[0];
}

document.addEventListener("pointermove", (event) => {
  const chart = event.target.closest?.(".picture") && chartOf(event.target);
  const mark = chart && meant(chart, event);
  if (mark) read(chart, mark);
});

document.addEventListener("click", (event) => {
  const chart = event.target.closest?.(".chart[data-opens] .picture") && chartOf(event.target);
  const mark = chart && meant(chart, event);
  if (!mark) return;
  const isNew = !mark.hasAttribute("data-here");
  read(chart, mark);
  if (event.pointerType === "touch" && isNew) return;
  chart.querySelector("[data-reading]").click();
});

document.addEventListener("focusin", (event) => {
  if (!event.target.matches?.("[data-reading]")) return;
  const chart = chartOf(event.target);
  const marks = marksOf(chart);
  if (marks.length && !chart.querySelector("[data-here]")) read(chart, marks.at(-1));
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-reading]")) return;
  const chart = chartOf(event.target);
  const marks = marksOf(chart);
  const at = marks.findIndex((mark) => mark.hasAttribute("data-here"));
  const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: marks.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  read(chart, marks[Math.max(0, Math.min(marks.length - 1, to))]);
});
