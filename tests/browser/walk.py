"""A walk over pages: each is loaded once, and its width, its theme and its direction change under it."""

from collections.abc import Iterable, Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import PATIENCE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"runOnly": {"type": "tag", "values": TAGS}}
# A theme changes colours and nothing else, so in the dark only the rules that look at colours can say something new.
RULES_OF_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WIDE, PHONE = 1440, 390
BETWEEN = (1024, 768, 360)
RUN = """options => axe.run({...options, resultTypes: ["violations"], preload: false}).then(told => told.violations.flatMap(
    rule => rule.nodes.slice(0, 3).map(node => [rule.id, rule.help, node.html, node.failureSummary])))"""
WORST = """() => {
    const [needed, has] = [document.documentElement.scrollWidth, innerWidth];
    if (needed <= has) return null;
    const isClipped = one => one !== document.body
        && (getComputedStyle(one).overflowX !== "visible" || isClipped(one.parentElement));
    const out = [...document.body.querySelectorAll("*")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width && (box.right > has + 0.5 || box.left < -0.5) && !isClipped(one.parentElement);
    });
    return [needed, has, out.slice(0, 3).map(one => one.outerHTML.slice(0, 120))];
}"""


def walk(page: Page, paths: Iterable[str]) -> list[str]:
    """All that is wrong with the pages, in words; what the browser itself complains of is kept by who opened it."""
    return [f"{path}: {one}" for path in paths for one in _wrong(page, path)]


def settled(page: Page, path: str) -> Response:
    """The page with the charts that it loads by itself."""
    answer = page.goto(path)
    assert answer is not None, path
    waiting = page.locator("[hx-get][hx-trigger=load], [hx-get].htmx-request, [hx-get].htmx-swapping")
    expect(waiting).to_have_count(0, timeout=PATIENCE)
    return answer


def judged(page: Page) -> list[str]:
    """What axe finds on the page as it stands, by all of its rules."""
    page.evaluate(Axe().axe_script)
    return list(_found(page, ALL_RULES))


def _wrong(page: Page, path: str) -> Iterator[str]:
    _turn(page, WIDE, "light")
    answer = settled(page, path)
    yield from _policy(answer)
    yield from judged(page)
    yield from _too_wide(page)
    _turn(page, WIDE, "dark")
    yield from _found(page, RULES_OF_COLOUR)
    for width in BETWEEN:
        _turn(page, width, "dark")
        yield from _too_wide(page)
    _turn(page, PHONE, "dark")
    yield from _found(page, RULES_OF_COLOUR)
    _turn(page, PHONE, "light")
    yield from _found(page, ALL_RULES)
    yield from _too_wide(page)
    page.evaluate("document.documentElement.dir = 'rtl'")
    yield from _too_wide(page)
    _turn(page, WIDE, "light")
    yield from _too_wide(page)


def _turn(page: Page, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")


def _found(page: Page, rules: dict[str, Any]) -> Iterator[str]:
    for rule, told, html, why in page.evaluate(RUN, rules):
        yield f"{_where(page)}: {rule}: {told}\n    {html[:160]}\n    {why[:300]}"


def _too_wide(page: Page) -> Iterator[str]:
    if worst := page.evaluate(WORST):
        needed, has, out = worst
        yield "\n    ".join([f"{_where(page)}: needs {needed} of {has} pixels", *out])


def _where(page: Page) -> str:
    theme, to = page.evaluate(
        "[matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light', document.dir || 'ltr']"
    )
    width = (page.viewport_size or {"width": 0})["width"]
    return f"{width} px, {theme}, {to}"


def _policy(answer: Response) -> Iterator[str]:
    """A page may load its own files alone, and run or style nothing that stands in it."""
    told = answer.headers.get("content-security-policy", "")
    rules = {name: set(values) for name, *values in map(str.split, filter(None, told.split(";")))}
    for name in ("script-src", "style-src"):
        if rules.get(name) != {"'self'"}:
            yield f"the policy lets {name} be {rules.get(name)}"
    if rules.get("default-src") != {"'none'"}:
        yield f"what the policy does not name may be loaded: {told}"
