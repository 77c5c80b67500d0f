"""A success plan and what it is worth, as a success manager writes them on their pages: drafted, agreed, counted, confirmed."""

import re
from collections.abc import Sequence
from datetime import datetime

from playwright.sync_api import Page, expect


def _told(page: Page, words: str) -> None:
    """What the page says once it is done."""
    expect(page.locator(".toast").first).to_contain_text(words)


def draft(
    page: Page, account: str, *, vision: str, aims: Sequence[tuple[str, str, str]], until: datetime
) -> None:
    """A first draft: of each outcome its words, the measure that shows it early, the target; baselines are today's values."""
    page.goto(f"/accounts/{account}/plan/")
    page.get_by_role("link", name="Begin a plan").click()
    page.fill("#vision", vision)
    for number, (outcome, measure, target) in enumerate(aims, 1):
        page.fill(f"#outcome-{number}", outcome)
        page.select_option(f"#metric-{number}", label=measure)
        page.fill(f"#target-{number}", target)
        page.fill(f"#until-{number}", until.date().isoformat())
    page.get_by_role("button", name="Make the draft").click()
    _told(page, "The first draft stands.")


def begin(page: Page, account: str, *, template: str) -> None:
    """Begin from a template of the practice."""
    page.goto(f"/accounts/{account}/plan/start/")
    page.get_by_label(template).check()
    page.get_by_role("button", name="Begin from it").first.click()
    _told(page, "The first draft stands.")


def _saved(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    _told(page, "The plan is changed.")


def outcome(
    page: Page, account: str, title: str, *, until: datetime, measure: str = "", target: str = ""
) -> None:
    """One more outcome, with the measure that shows it early if one is named."""
    page.goto(f"/accounts/{account}/plan/")
    page.get_by_role("link", name="Outcome", exact=True).click()
    page.fill("#f-title", title)
    page.fill("#f-target_date", until.date().isoformat())
    if measure:
        page.select_option("#f-early", label=measure)
        page.fill("#f-early_target", target)
    _saved(page)
    if measure:
        expect(page.get_by_role("table", name=f"Indicators of {title}")).to_contain_text(measure)


def indicator(page: Page, of: str, *, measure: str, target: str, baseline: str, alarm: str) -> None:
    """How an outcome of the plan that is open shows early, bound to a measure."""
    page.get_by_role("link", name=f"Indicator of {of}").click()
    page.fill("#f-title", measure)
    page.select_option("#f-metric", label=measure)
    page.fill("#f-baseline", baseline)
    page.fill("#f-target", target)
    page.fill("#f-trigger", alarm)
    _saved(page)
    expect(page.get_by_role("table", name=f"Indicators of {of}")).to_contain_text(measure)


def step(page: Page, title: str, *, of: str, theirs: str, due: datetime) -> None:
    """A step of the plan that is open, for one of its outcomes, with somebody of theirs who owns it."""
    page.get_by_role("link", name="Step", exact=True).click()
    page.fill("#f-title", title)
    page.fill("#f-due_date", due.date().isoformat())
    page.select_option("#f-theirs", label=theirs)
    page.select_option("#f-objective", label=of)
    _saved(page)
    expect(page.get_by_role("table", name="Steps of the plan by day")).to_contain_text(title)


def drop(page: Page, title: str) -> None:
    """An outcome of the plan that is open counts no more."""
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("button", name="Drop it from the plan").click()
    _told(page, "The plan is changed.")


def agree(page: Page, *, who: str, how: str, version: int = 1) -> None:
    """The customer agrees to the plan that is open: one of their people, or somebody whose name is typed."""
    summary = page.get_by_text("Agree to it anew", exact=True)
    if version > 1:
        summary.click()
    chosen = page.locator("#agree-who")
    if chosen.count() and who in chosen.inner_text():
        chosen.select_option(label=who)
    else:
        page.fill("#agree-name", who)
    page.fill("#agree-how", how)
    page.get_by_role("button", name="Note the agreement").click()
    _told(page, f"Version {version} is agreed.")


def refresh(page: Page, account: str, *, note: str, version: int) -> None:
    """The plan was gone through with the customer."""
    page.goto(f"/accounts/{account}/plan/")
    page.get_by_text("Gone through with the customer", exact=True).click()
    page.fill("#refresh-note", note)
    page.get_by_role("button", name="Refresh").click()
    _told(page, f"The plan is confirmed as version {version}.")


def worth(page: Page, account: str, *, begun: str, of: str, **typed: str) -> None:
    """Say what an outcome is worth, from a model of the practice, with the figures that they agreed."""
    page.goto(f"/accounts/{account}/value/")
    page.get_by_role("link", name="Value model").click()
    page.get_by_role("link", name=begun).click()
    expect(page.locator("#f-title")).to_have_value(begun)
    page.select_option("#f-objective", label=of)
    for name, value in typed.items():
        page.fill(f"[name={name.replace('_', '-', 1)}]", value)
    page.get_by_role("button", name="Save", exact=True).click()
    _told(page, "The value model is written.")


def count(page: Page, account: str, quarter: str, *, likely: str) -> None:
    """Count a quarter that is over."""
    page.goto(f"/accounts/{account}/value/")
    page.get_by_label("Quarter to count").select_option(quarter)
    page.get_by_role("button", name="Count the quarter").click()
    _told(page, "1 value is counted.")
    row = page.get_by_role("row", name=re.compile("Counted, not confirmed"))
    expect(row).to_contain_text(likely)


def confirm(page: Page, *, who: str, words: str) -> None:
    """Somebody of theirs stands by the one value of the page that is counted."""
    page.get_by_text("They confirm it").click()
    page.locator("[name=who]").select_option(label=who)
    page.fill("[name=words]", words)
    page.get_by_role("button", name="Note it").click()
    _told(page, "The value is confirmed.")
    expect(page.get_by_role("main")).to_contain_text(f"Confirmed by {who}")
