/* What changed is said by the server while the page is looked at; the parts that name the topic ask for themselves again.
   Where the server has no place for another stream, they ask every half minute. */
const POLL = 30000, GATHER = 400, SELDOM = { today: 5000 };
const pending = new Map();
let source = null, polling = null;

function tell(topic) {
  if (topic === "all") {
    for (const name of ["bell", "today", "incidents", "import"]) tell(name);
    return;
  }
  const name = topic.split(":")[0];
  if (pending.has(name)) return;
  pending.set(name, setTimeout(() => {
    pending.delete(name);
    if (!isBusy(name)) document.body.dispatchEvent(new CustomEvent(`live:${name}`));
  }, SELDOM[name] ?? GATHER));
}

/* Nobody's list moves under an open menu. */
const isBusy = (name) => name === "today" && document.querySelector("#today details.menu[open]") !== null;

function poll(on) {
  clearInterval(polling);
  polling = on ? setInterval(() => { if (!document.hidden) tell("all"); }, POLL) : null;
}

let greeted = false;
function open() {
  if (source || document.hidden) return;
  source = new EventSource("/live/");
  source.addEventListener("hello", () => { poll(false); if (greeted) tell("all"); greeted = true; });
  source.addEventListener("change", (event) => tell(event.data));
  source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) { source = null; poll(true); } });
}

function close() {
  source?.close();
  source = null;
}

if (document.getElementById("bell")) {
  open();
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
}
