"""Retake the pictures of the docs from a demo that is served (KEEPWELL_URL): `make pictures KEEPWELL_PASSWORD=…`."""

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.chromium import ARGUMENTS, EXECUTABLE

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PICTURES = {
    "accounts": ("/accounts/", "light", 1280),
    "portfolio": ("/portfolio/", "light", 1280),
    "portfolio-dark": ("/portfolio/", "dark", 1280),
    "gallery": ("/gallery/", "light", 1280),
    "portfolio-phone": ("/portfolio/", "light", 390),
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
        for name, (path, theme, width) in PICTURES.items():
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 844 if width < 500 else 800})
            page.goto(url + path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
