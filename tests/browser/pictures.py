"""Retake the pictures of the docs from a demo that is served (KEEPWELL_URL): `make pictures KEEPWELL_PASSWORD=…`."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.chromium import ARGUMENTS, EXECUTABLE

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PICTURES = {
    "today": ("/today/", "light", 1280),
    "today-phone": ("/today/", "light", 390),
    "accounts": ("/accounts/", "light", 1280),
    "accounts-dark": ("/accounts/", "dark", 1280),
    "account": ("{fallen}", "light", 1280),
    "account-phone": ("{fallen}", "light", 390),
    "health": ("{fallen}health/", "light", 1280),
    "people": ("{planned}people/", "light", 1280),
    "plan": ("{planned}plan/", "light", 1280),
    "portfolio": ("/portfolio/", "light", 1280),
    "portfolio-dark": ("/portfolio/", "dark", 1280),
    "portfolio-phone": ("/portfolio/", "light", 390),
    "gallery": ("/gallery/", "light", 1280),
}


def main() -> None:
    """Sign in as the demo's person once and take each picture at the height of a screen."""
    url = os.environ.get("KEEPWELL_URL", "http://127.0.0.1:8321")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        page = browser.new_page(locale="en-GB")
        page.goto(url)
        page.fill("#id_login", os.environ.get("KEEPWELL_LOGIN", "demo@fernhill.example"))
        page.fill("#id_password", os.environ["KEEPWELL_PASSWORD"])
        page.press("#id_password", "Enter")
        page.wait_for_url(lambda address: "login" not in address)
        whose = {"fallen": _first(page, f"{url}/portfolio/"), "planned": _first(page, f"{url}/plans/")}
        for name, (path, theme, width) in PICTURES.items():
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 844 if width < 500 else 800})
            page.goto(url + path.format(**whose))
            page.wait_for_timeout(500)  # until charts that are in sight are asked for
            expect(page.locator(".htmx-request:not(.gallery *)")).to_have_count(0, timeout=30_000)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


def _first(page: Page, address: str) -> str:
    """The address of the first account that a page's tables name."""
    page.goto(address)
    found = page.locator("tbody th a[href^='/accounts/']").first.get_attribute("href") or ""
    return "/".join(found.split("/")[:3]) + "/"


if __name__ == "__main__":
    main()
