/* Where tabs are wider than their page, the one that is open stands in sight. */
for (const tabs of document.querySelectorAll(".tabs")) {
  const open = tabs.querySelector("[aria-current]");
  if (!open || tabs.scrollWidth <= tabs.clientWidth) continue;
  const [inner, outer] = [open.getBoundingClientRect(), tabs.getBoundingClientRect()];
  tabs.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}
