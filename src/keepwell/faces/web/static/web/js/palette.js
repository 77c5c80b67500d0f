/* The palette: what is typed is asked of the server at once; an answer that comes too late is dropped. */
const palette = document.getElementById("palette");
const KEPT = 10;
const own = palette && `recent:${palette.dataset.person}`;

function recent() {
  try { return JSON.parse(localStorage.getItem(own)) || []; } catch { return []; }
}

/* Accounts that were opened on this device, by their place in addresses: no name is kept. */
function remember() {
  const [, account] = location.pathname.match(/^\/accounts\/([^/]+)\//) || [];
  if (account && own) localStorage.setItem(own, JSON.stringify([account, ...recent().filter((one) => one !== account)].slice(0, KEPT)));
}

if (palette) {
  remember();
  const field = palette.querySelector("input");
  const list = palette.querySelector("[role=listbox]");
  let asked = null, waiting = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id); else field.removeAttribute("aria-activedescendant");
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams([["q", field.value], ...recent().map((one) => ["recent", one])]);
    try {
      const answer = await fetch(`${palette.dataset.address}?${query}`, { signal: asked.signal });
      if (!answer.ok || answer.redirected) { location.reload(); return; }
      list.innerHTML = await answer.text();
      choose(options()[0]);
    } catch (failure) {
      if (failure.name !== "AbortError") list.textContent = palette.dataset.unreachable || "";
    }
  };

  const open = () => {
    if (palette.open) return;
    palette.showModal();
    field.select();
    ask();
  };

  /* A switch of the frame stands elsewhere on the page: press it there. */
  const press = (what) => {
    if (what === "keys") document.querySelector("[data-open-keys]")?.click();
    else if (what === "rail") document.querySelector(`.rail [name=rail][value=${document.documentElement.dataset.rail === "narrow" ? "wide" : "narrow"}]`)?.click();
    else { const [name, value] = what.split("="); document.querySelector(`[data-look] [name="${name}"][value="${value}"]`)?.click(); }
  };

  const take = (option, event) => {
    if (option.dataset.fill) { field.value = option.dataset.fill; field.focus(); ask(); return; }
    palette.close();
    if (option.dataset.press) press(option.dataset.press);
    else if (event?.metaKey || event?.ctrlKey) window.open(option.href, "_blank", "noopener");
    else location.assign(option.href);
  };

  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 60); });
  field.addEventListener("keydown", (event) => {
    const all = options(), at = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(all[(at + step + all.length) % all.length]);
    } else if (event.key === "Enter" && !event.isComposing && chosen()) {
      event.preventDefault();
      take(chosen(), event);
    }
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && !event.metaKey && !event.ctrlKey) { event.preventDefault(); take(option); }
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) choose(option);
  });
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
  document.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || !event.target.closest("[data-open-palette]")) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  });
  document.addEventListener("submit", (event) => { if (event.target.matches("[data-sign-out]")) localStorage.removeItem(own); });
}
