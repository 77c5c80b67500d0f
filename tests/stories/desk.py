"""CS operations at a browser: brings in files, declares departure, builds a scorecard, proves and publishes it."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import polars as pl
from playwright.sync_api import Error, Page, expect

PASSWORD = "correct horse battery"
MINUTE = 60_000


@dataclass(frozen=True)
class Part:
    """A measure as it is chosen in the editor; `signs` are those of its healthy and its risky side."""

    metric: str
    weight: int
    green: str
    red: str
    signs: tuple[str, str] = (">=", "<")


class Desk:
    """One person in one tab. Nothing is asked of the product but its pages."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder, self.patience = page, folder, 5 * MINUTE
        page.set_default_timeout(2 * MINUTE)

    def sign_in(self) -> None:
        self.page.goto("/me/login/")
        self.page.fill("#id_login", "root@fernhill.test")
        self.page.fill("#id_password", PASSWORD)
        self.page.click("text=Sign in >> nth=-1")
        self.page.wait_for_url("**/today/")

    def bring(self, kind: str, rows: pl.DataFrame | Path, **constants: str) -> None:
        """Import a file whose columns map by themselves, vouched for, and wait until all of it went in."""
        path = rows if isinstance(rows, Path) else self.folder / f"{kind}.csv"
        if isinstance(rows, pl.DataFrame):
            rows.write_csv(path)
        self.page.goto("/data/imports/new/")
        self.page.check(f'input[name="kind"][value="{kind}"]')
        self.page.set_input_files("#file", path)
        self.page.click("text=Upload and map columns")
        for field, value in constants.items():
            self.page.fill(f'[name="constant:{field}"]', value)
        self.page.check('input[name="vouched"]')
        self.page.get_by_role("button", name="Import", exact=True).click()
        expect(self.page.get_by_role("heading", name="What became of the rows")).to_be_visible(
            timeout=self.patience
        )
        if isinstance(rows, pl.DataFrame):
            went_in = self.page.locator(".counts > div", has_text="created").locator("dd")
            expect(went_in).to_have_text(f"{rows.height:,}")

    def declare_silence(self, days: int) -> None:
        self.page.goto("/settings/departure/")
        self.page.check('input[name="kind"][value="silence"]')
        self.page.fill("#days", str(days))
        self.page.get_by_role("button", name="Declare it").click()
        expect(self.page.locator(".state")).to_contain_text(f"for {days} days")

    def declare_contract_end(self, grace_days: int) -> None:
        self.page.goto("/settings/departure/")
        self.page.check('input[name="kind"][value="contract_end"]')
        self.page.fill("#grace_days", str(grace_days))
        self.page.get_by_role("button", name="Declare it").click()
        expect(self.page.locator(".state")).to_contain_text(f"within {grace_days} days")

    def declare_told(self) -> None:
        self.page.goto("/settings/departure/")
        self.page.check('input[name="kind"][value="told"]')
        self.page.get_by_role("button", name="Declare it").click()
        expect(self.page.locator(".state")).to_contain_text("a source said so")

    def departures(self) -> int:
        """How many have left by what is declared, as its page says."""
        self.page.goto("/settings/departure/")
        told = self.page.locator(".live .big")
        expect(told).to_contain_text("departure", timeout=self.patience)
        return int(re.sub(r"\D", "", told.inner_text()))

    def build(self, title: str, parts: Sequence[Part]) -> None:
        """Choose measures in a new scorecard, and save its draft."""
        self.page.goto("/settings/scorecards/new/")
        self.page.fill("#title", title)
        for n, part in enumerate(parts):
            if n or not self.page.locator(f"#p{n}").count():
                self._add(n)
            self._choose(n, part)
        self._save(title)

    def edit(self, slug: str, title: str, parts: Sequence[Part]) -> None:
        """Edit the draft: other weights, one measure more."""
        self.page.goto(f"/settings/scorecards/{slug}/draft/")
        self._add(len(parts) - 1)
        for n, part in enumerate(parts[:-1]):
            self._fill(f"#p{n}-weight", str(part.weight))
        self._choose(len(parts) - 1, parts[-1])
        self._save(title)

    def _add(self, n: int) -> None:
        self.page.get_by_role("button", name="Add a measure").click()
        expect(self.page.locator(f"#p{n}")).to_be_visible(timeout=self.patience)

    def _choose(self, n: int, part: Part) -> None:
        self._pick(f"#p{n}-metric", part.metric)
        expect(self.page.locator(f"#p{n}-label")).not_to_have_value("")
        self._fill(f"#p{n}-weight", str(part.weight))
        for side, value, sign in zip(("green", "red"), (part.green, part.red), part.signs, strict=True):
            self._pick(f'[name="p{n}-{side}_sign"]', sign)
            self._fill(f"#p{n}-{side}", value)

    def _pick(self, where: str, value: str) -> None:
        """Choose another option: the form answers each change."""
        if self.page.input_value(where) == value:
            return
        with self._answered():
            self.page.select_option(where, value)

    def _fill(self, where: str, value: str) -> None:
        """Type into a field and leave it: the form answers each change."""
        if self.page.input_value(where) == value:
            return
        with self._answered():
            self.page.fill(where, value)
            self.page.locator(where).blur()

    def _answered(self) -> AbstractContextManager[object]:
        return self.page.expect_response(lambda answer: answer.request.method == "POST")

    def _save(self, title: str) -> None:
        self.page.get_by_role("button", name="Save the draft").click()
        expect(self.page.get_by_text(f"The draft of “{title}” is saved.")).to_be_visible()

    def prove(self, version: str, *, horizon: int) -> list[str]:
        """Ask for a proof and wait for its verdict; what its page said of its progress meanwhile."""
        self.ask(version, horizon=horizon)
        return self.watch()

    def ask(self, version: str, *, horizon: int) -> None:
        """Ask for a proof."""
        self.page.goto(f"/proofs/?version={version}")
        self.page.fill("#horizon", str(horizon))
        self.page.get_by_role("button", name="Prove it").click()
        self.page.wait_for_url(re.compile(r"/proofs/\d+/"))

    def watch(self) -> list[str]:
        """Look at the proof's page, which moves by itself, until it has a verdict."""
        said: list[str] = []
        verdict, far = self.page.locator(".answer .verdict"), self.page.locator(".far")
        waited = 0
        while waited < self.patience:
            with suppress(Error):  # the page may turn over while it is read
                if verdict.count():
                    break
                said += [text for text in far.all_inner_texts() if text not in said]
            self.page.wait_for_timeout(200)
            waited += 200
        expect(verdict).to_be_visible()
        return said

    def sees(self, text: str) -> None:
        """Wait until the progress says so."""
        expect(self.page.locator(".far")).to_contain_text(text, timeout=self.patience)

    def define(self, title: str, toml: str) -> None:
        """Read a measure into the form of its editor, and save it."""
        self.page.goto("/measures/new/")
        self.page.get_by_text("The same as TOML").click()
        self.page.fill("#toml", dedent(toml))
        self.page.get_by_role("button", name="Read into the form").click()
        expect(self.page.locator("#title")).to_have_value(title, timeout=self.patience)
        self.page.get_by_role("button", name="Save measure").click()
        expect(self.page.get_by_text("Measure saved.")).to_be_visible(timeout=self.patience)

    def shown(self) -> str:
        """In how many of a hundred pairs the score was right, as the page says."""
        said = re.search(r"the one that left lower in (\d+)", self.page.locator(".answer").inner_text())
        assert said is not None
        return said[1]

    def verdict(self) -> str:
        return self.page.locator(".answer .verdict").inner_text()

    def publish(self, slug: str) -> str:
        """Look at what the draft would change, publish it; what the list of versions says of its proof."""
        self.page.goto(f"/settings/scorecards/{slug}/draft/preview/")
        self.page.get_by_role("button", name=re.compile("Publish version")).click()
        self.page.wait_for_url(f"**/settings/scorecards/{slug}/")
        return self.page.locator("#versions tbody tr").first.inner_text()
