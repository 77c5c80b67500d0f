/* Hovering a chart says the exact figures under it; the table below holds them all. */
document.addEventListener("pointermove", (event) => {
  const picture = event.target.closest?.(".chart .picture");
  if (!picture) return;
  const marks = [...picture.querySelectorAll(".role-mark [aria-label]")].filter((mark) => mark.getBoundingClientRect().width > 0);
  let nearest = null;
  let least = 40;
  for (const mark of marks) {
    const box = mark.getBoundingClientRect();
    const distance = Math.abs(event.clientX - (box.left + box.width / 2));
    if (distance < least && mark.getAttribute("aria-roledescription") !== "line mark") { least = distance; nearest = mark; }
  }
  const said = picture.closest(".chart").querySelector(".said");
  if (said && nearest) said.textContent = nearest.getAttribute("aria-label");
});
