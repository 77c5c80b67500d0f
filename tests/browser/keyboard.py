"""A person with a keyboard alone: the tab key until something is reached, its first letters in a choice."""

from playwright.sync_api import Page

MOST_TABS = 80
SAID = """() => {
    const one = document.activeElement;
    return (one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent).trim();
}"""
# Whether one sees where one is: an outline there or around it, or the line of a grip. The browser itself draws it around the
# button within a field of a day; nothing is focused where the page begins again.
SEEN = """() => {
    const one = document.activeElement;
    const outlined = (what) => getComputedStyle(what).outlineStyle !== "none";
    if (one === document.body || outlined(one) || one.matches("input[type=date]")) return true;
    if (one.matches("[role=separator]")) return getComputedStyle(one).borderInlineEndColor !== "rgba(0, 0, 0, 0)";
    const around = [...document.querySelectorAll("main :has(:focus-visible), .bar :has(:focus-visible)")];
    return around.some(outlined);
}"""


def tab_to(page: Page, name: str) -> None:
    """Press the tab key until what is focused says a name."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(SAID) == name:
            return
    raise AssertionError(f'the tab key does not reach "{name}"')


def walked(page: Page, *, steps: int) -> tuple[int, list[str]]:
    """So many tabs: how many different things were reached, and those that did not show that they were."""
    page.evaluate("window.reached = new Set()")
    unseen = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        page.evaluate("window.reached.add(document.activeElement)")
        if not page.evaluate(SEEN):
            unseen.append(str(page.evaluate("document.activeElement.outerHTML.slice(0, 120)")))
    return int(page.evaluate("window.reached.size")), unseen
