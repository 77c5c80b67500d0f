"""What the page says of what came while runs of a playbook went."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.web.pages.playbooks import outcome
from keepwell.faces.web.pages.runs import ENDINGS
from keepwell.kernel import speech
from keepwell.plays.queries.results import Results, StepCount, Went

SHOWN = 200


@dataclass(frozen=True)
class StepRow:
    """What became of one step."""

    title: str
    done: str
    outcomes: str
    going: str
    skipped: str
    failed: str


@dataclass(frozen=True)
class WentRow:
    """One run with what its account's ARR did meanwhile."""

    name: str
    href: str
    run_href: str
    began: str
    state: str
    moved: str


@dataclass(frozen=True)
class ResultsPage:
    """All of it."""

    slug: str
    title: str
    state: str
    since: str
    steps: tuple[StepRow, ...]
    rows: tuple[WentRow, ...]
    more: str
    figures: tuple[tuple[str, str], ...]


def page(found: Results, *, now: datetime) -> ResultsPage:
    """The page."""
    left = len(found.runs) - SHOWN
    return ResultsPage(
        slug=found.playbook.slug,
        title=found.playbook.title,
        state=_state(found),
        since=found.since.isoformat() if found.since else "",
        steps=tuple(map(_step, found.steps)),
        rows=tuple(_went(one, now) for one in found.runs[:SHOWN]),
        more=speech.told("%(n)s more are in the CSV.", n=words.whole(left)) if left > 0 else "",
        figures=_figures(found),
    )


def _state(found: Results) -> str:
    told = speech.told(
        "%(runs)s, %(ended)s ended.",
        runs=words.count(len(found.runs), "run"),
        ended=words.whole(found.ended),
    )
    if not found.cancelled:
        return told
    return f"{told} {speech.told('%(n)s cancelled and not counted.', n=words.whole(found.cancelled))}"


def _figures(found: Results) -> tuple[tuple[str, str], ...]:
    share = found.share
    told = [
        (speech.told("Goal reached"), _reached(found) if share is not None else ""),
        (speech.told("ARR that grew meanwhile"), _moved(found.grew, found.grown)),
        (speech.told("ARR that shrank meanwhile"), _moved(found.shrank, found.shrunk)),
        (
            speech.told("Without an exchange rate"),
            words.count(found.unrated, "account") if found.unrated else "",
        ),
    ]
    return tuple((title, text) for title, text in told if text)


def _reached(found: Results) -> str:
    share = found.share
    assert share is not None
    return speech.told(
        "%(reached)s of %(ended)s (%(low)s–%(high)s)",
        reached=found.reached,
        ended=found.ended,
        low=words.percent(100 * share.low),
        high=words.percent(100 * share.high),
    )


def _moved(accounts: int, amount: object) -> str:
    if not accounts:
        return speech.told("none")
    return speech.told(
        "%(amount)s at %(accounts)s",
        amount=amount if amount is not None else speech.told("an unknown sum"),
        accounts=words.count(accounts, "account"),
    )


def _step(one: StepCount) -> StepRow:
    ends = ", ".join(
        f"{words.spoken(outcome(slug))} {words.whole(n)}" for slug, n in one.outcomes if slug != "done"
    )
    return StepRow(
        one.title,
        words.whole(one.done),
        ends,
        words.whole(one.going),
        words.whole(one.skipped),
        words.whole(one.failed),
    )


def _went(one: Went, now: datetime) -> WentRow:
    moved = speech.told("no rate") if one.moved is None else str(one.moved)
    return WentRow(
        one.account_name,
        reverse("account", args=(one.account_key,)),
        reverse("run", args=(one.run,)),
        words.moment(one.started_at, today=words.local_day(now)),
        speech.told(ENDINGS[one.how]) if one.how else speech.told("Going on"),
        "–" if one.moved is not None and not one.moved.amount else moved,
    )
