"""What a success manager does in every story: a review from plan to notes, a contract that grows or goes on, its fact."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from keepwell.ledger import frames
from keepwell.ledger.models import Account
from tests.browser.lives import DAY, Life
from tests.world import NOW


def plan_review(page: Page, account: str, *, title: str, at: datetime, theirs: str) -> str:
    """Plan it with a guest of theirs; gives its address."""
    page.goto(f"/accounts/{account}/reviews/new/")
    page.fill("#title", title)
    page.fill("#day", at.date().isoformat())
    page.fill("#clock", f"{at:%H:%M}")
    page.get_by_label(re.compile(theirs)).check()
    page.get_by_role("button", name="Plan it").click()
    expect(page).to_have_url(re.compile(r"/reviews/\d+/$"))
    return page.url


def hold_review(
    page: Page, review: str, *, decisions: str, todo: str, due: datetime, stood: Mapping[str, tuple[str, str]] | None = None
) -> None:  # fmt: skip
    """Say how it went: who came stands as invited; of outcomes how they `stood`, and in which words."""
    page.goto(review)
    page.get_by_role("link", name="Say how it went").click()
    for outcome, (stands, words) in (stood or {}).items():
        scored = page.get_by_role("group", name=outcome, exact=True)
        scored.get_by_label("How it stands").select_option(label=stands)
        scored.get_by_label("In their words").fill(words)
    page.fill("#decisions", decisions)
    page.fill("#todo-1", todo)
    page.fill("#due-1", due.date().isoformat())
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("main")).to_contain_text(todo)


def amend(page: Page, account: str, deed: str, *, shows: tuple[str, ...], says: str, **typed: str) -> None:
    """Renew or expand the contract that runs, by its form, once the form shows what it will move."""
    page.goto(f"/accounts/{account}/contracts/")
    page.get_by_role("link", name=re.compile(f"^{deed}")).first.click()
    for name, value in typed.items():
        field = page.locator(f"[name={name}]")
        if name == "reason":
            field.select_option(label=value)
        else:
            field.fill(value)
    page.locator("[name=note]").click()  # what was typed last is told when one leaves it
    effect = page.locator("#effect")
    for words in shows:
        expect(effect).to_contain_text(words)
    page.get_by_role("button", name=deed, exact=True).click()
    expect(page.locator(".toast").first).to_contain_text(says)
    expect(page.get_by_role("main")).to_contain_text(typed["reason"])


def facts(account_id: int, name: str, *, until: datetime) -> list[dict[str, Any]]:
    """The facts of a name that an account has in the ledger: of each its day, its value, and what it says."""
    told = frames.events(until=until + timedelta(days=1), accounts=[account_id], names=[name], kind="fact")
    rows = told.collect("polars").to_native().sort("at").iter_rows(named=True)
    return [
        {"day": row["at"].date(), "value": row["value"], "why": row["feature"], **json.loads(row["props"])}
        for row in rows
    ]


def fact(account_id: int, name: str, *, until: datetime) -> dict[str, Any]:
    """The one fact of a name."""
    [one] = facts(account_id, name, until=until)
    return one


def renew(
    page: Page, told: Life, account: str, *, was: int, arr: int, reason: str, ends: int, looked: int
) -> None:
    """Renew for a year by its form from the day on which the contract ends (so many days ago); look: it goes on."""
    start = (NOW - ends * DAY).date()
    end = start.replace(year=start.year + 1)
    amend(
        page, account, "Renew", amount=f"{arr:,}", months="12", reason=reason,
        shows=("Expansion", f"${was:,}", f"${arr:,}"), says="The contract is renewed.",
    )  # fmt: skip
    agreed = told.now.date()
    told.until(looked)
    found = Account.objects.get(key=account)
    assert (found.former, found.renewal_date) == (False, end)
    one = fact(found.pk, "contract.renewed", until=told.now)
    assert (one["day"], one["value"], one["currency"]) == (agreed, float(arr), "USD")
    assert (one["from"], one["to"]) == (f"{was}.00", f"{arr}.00")
    assert (one["on"], one["until"]) == (start.isoformat(), end.isoformat()), "the term"
    page.goto(f"/accounts/{account}/contracts/")
    expect(page.get_by_role("main")).to_contain_text(f"${arr:,}")
