"""What Lighthouse says of the pages that are open all day, and what their JavaScript weighs on the wire.

A demo of 300 accounts is made once, kept and served; Lighthouse opens each page signed in, as a desk computer and as a phone,
each with the network and processor that it makes believe. The pages keep a live stream open, for whose end it does not wait.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from benchmarks import ground

NODE = Path(__file__).parent / "node"
PORT = int(os.environ.get("LIGHTHOUSE_PORT", "8399"))
HOME = f"http://127.0.0.1:{PORT}"
PAGES = ("/today/", "/accounts/", "/accounts/KEY/", "/tasks/", "/settings/")
CHARTLESS = ("/today/", "/tasks/", "/settings/")
FORMS = ("desktop", "mobile")
LEAST, MOST_KB = 95, 60
PATIENCE = 900


def measure() -> Iterator[str]:
    """Each page in both forms; the parts that cost something where it scores too little."""
    with _served(ground.kept("lighthouse")) as cookie:
        key = _some_account(cookie)
        for page in PAGES:
            for form in FORMS:
                yield _said(page, form, _judged(page.replace("KEY", key), form, cookie))


def _said(page: str, form: str, found: dict[str, Any]) -> str:
    scores = {name: round(100 * (found["categories"][name]["score"] or 0)) for name in found["categories"]}
    items = found["audits"]["network-requests"]["details"]["items"]
    weight = sum(item.get("transferSize", 0) for item in items if item.get("resourceType") == "Script") / 1024
    limit = f" (limit {MOST_KB})" if page in CHARTLESS else ""
    low = [
        f"{found['audits'][ref['id']]['title']} {found['audits'][ref['id']].get('displayValue', '')}".strip()
        for name, category in found["categories"].items()
        if scores[name] < LEAST
        for ref in category["auditRefs"]
        if ref["weight"] and (found["audits"][ref["id"]]["score"] or 0) < 0.9
    ]
    return (
        f"lighthouse: {page} {form}: performance {scores['performance']}, accessibility {scores['accessibility']} "
        f"(limit {LEAST}); JavaScript {weight:.1f} KB compressed{limit}"
        + ("; " + "; ".join(low) if low else "")
    )


def _judged(page: str, form: str, cookie: str) -> dict[str, Any]:
    command = [
        str(NODE / "node_modules" / ".bin" / "lighthouse"),
        HOME + page,
        "--quiet",
        "--output=json",
        "--only-categories=performance,accessibility",
        "--chrome-flags=--headless=new --no-sandbox --disable-background-networking",
        "--max-wait-for-load=15000",
        f"--extra-headers={json.dumps({'Cookie': cookie})}",
        *(["--preset=desktop"] if form == "desktop" else []),
    ]
    environment = {"CHROME_PATH": "/usr/bin/chromium"} | os.environ
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """A demo that is served, and the cookie of somebody who signed in."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", "from keepwell.config.entry import main; main()", "serve"]
    environment = os.environ | {"KEEPWELL_DATA": str(folder), "KEEPWELL_PORT": str(PORT)}
    with (
        (folder / "served.log").open("w") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            yield _signed_in(json.loads(_waited(folder / "demo.json").read_text()))
        finally:
            server.terminate()
            server.wait()


def _waited(file: Path) -> Path:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            build_opener().open(HOME, timeout=5).close()
        except (URLError, OSError):
            time.sleep(1)
            continue
        return file
    raise SystemExit(f"Nothing is served at {HOME}. Look at {file.parent / 'served.log'}.")


def _some_account(cookie: str) -> str:
    """The first of the list."""
    with build_opener().open(Request(f"{HOME}/accounts/", headers={"Cookie": cookie})) as answer:
        found = re.search(r'href="/accounts/([^/"?]+)/"', answer.read().decode())
    assert found is not None
    return found.group(1)


def _signed_in(demo: dict[str, str]) -> str:
    jar = CookieJar()
    browser: OpenerDirector = build_opener(HTTPCookieProcessor(jar))
    door = f"{HOME}/me/login/"
    browser.open(door).close()
    token = next(cookie.value or "" for cookie in jar if cookie.name == "csrftoken")
    typed = {"login": demo["email"], "password": demo["password"], "csrfmiddlewaretoken": token}
    browser.addheaders = [("Referer", door)]
    browser.open(door, urlencode(typed).encode()).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
