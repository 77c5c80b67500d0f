"""What the data quality page says: how sources send, where scores are blind, what accounts lack."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.charts.sparkbars import sparkbars
from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages import mending
from keepwell.health.queries.blindness import BlindPage, BlindRow
from keepwell.intake.queries.findings import CheckCount, FindingsPage, FindingView
from keepwell.intake.queries.quality import SourceQuality
from keepwell.kernel import speech

MENDERS = {
    "owner": speech.later("By the account’s owner"),
    "leader": speech.later("By a leader or CS operations"),
    "data": speech.later("By whoever sends the data"),
}
SEVERITIES = {"high": speech.later("Grave"), "medium": "", "low": speech.later("Minor")}


@dataclass(frozen=True)
class SourceRow:
    """A source in the list: `sign` is ok, bad or unknown, as it sends."""

    name: str
    href: str
    bars: str
    sign: str
    volume: str
    heard: DayMark | None
    is_overdue: bool
    expected: str
    changes: str
    lost: str


@dataclass(frozen=True)
class BlindAccount:
    """A score that is blind in part."""

    name: str
    href: str
    arr: str
    at_stake: str
    percent: int
    missing: str
    reasons: str


@dataclass(frozen=True)
class CheckRow:
    """A check with the accounts that fail it; `percent` of the accounts shown."""

    title: str
    sentence: str
    href: str
    accounts: str
    percent: int
    severity: str
    kind: str


@dataclass(frozen=True)
class MenderGroup:
    """What one kind of people can mend."""

    title: str
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True)
class QualityPage:
    """The company's data quality."""

    state: str
    looked: str
    may_import: bool
    sources: tuple[SourceRow, ...]
    blind: tuple[BlindAccount, ...]
    blind_finding: str
    more_blind: str
    groups: tuple[MenderGroup, ...]
    passed: str
    verified: str
    differed: str


@dataclass(frozen=True)
class FailingRow:
    """An account that fails a check."""

    name: str
    href: str
    detail: str
    since: DayMark | None
    mend_href: str
    mend: str


@dataclass(frozen=True)
class CheckPage:
    """Everybody who fails a check."""

    title: str
    sentence: str
    how: str
    state: str
    mender: str
    rows: tuple[FailingRow, ...]
    before: str
    after: str


def source(view: SourceQuality, *, now: datetime) -> SourceRow:
    """A source as a row."""
    odd = view.verdict in ("low", "high") or view.unusual_names
    told = view.volume_words
    if view.unusual_names:
        told += speech.told(
            "; %(event_names)s unusual", event_names=words.count(view.unusual_names, "event name")
        )
    settled = "unknown" if view.verdict == "unjudged" else "green"
    return SourceRow(
        name=view.name,
        href=reverse("source", args=(view.slug,)),
        bars=sparkbars(view.days, label=speech.told("Events a day, 28 days")),
        sign="red" if view.is_overdue else "yellow" if odd else settled,
        volume=told,
        heard=DayMark.of(view.last_arrival_at, today=words.local_day(now)),
        is_overdue=view.is_overdue,
        expected=view.cadence_words,
        changes=words.count(view.open_drifts, "change") if view.open_drifts else "",
        lost=words.whole(view.rejected) if view.rejected else "",
    )


def blind(row: BlindRow) -> BlindAccount:
    """An account whose score is blind in part."""
    return BlindAccount(
        name=row.name or row.key,
        href=reverse("account-quality", args=(row.key,)),
        arr=words.money(row.arr),
        at_stake=words.short_money(row.at_stake) if row.at_stake else "–",
        percent=round(row.blind_weight),
        missing=", ".join(label for label, _ in row.missing),
        reasons="; ".join(f"{label}: {reason}" for label, reason in row.missing if reason),
    )


def blind_finding(page: BlindPage) -> str:
    """Where scores are blind, in a sentence."""
    if not page.scored:
        return speech.told("No score has been computed yet.")
    if not page.total:
        return speech.told(
            "All %(scores)s rest on everything that their card looks at.",
            scores=words.count(page.scored, "score"),
        )
    told = speech.counted(
        page.total,
        "%(total)s of %(scores)s is blind in part",
        "%(total)s of %(scores)s are blind in part",
        total=words.whole(page.total),
        scores=words.count(page.scored, "score"),
    )
    stake = (
        speech.told(
            "; %(at_stake)s of ARR rests on what is not known", at_stake=words.short_money(page.at_stake)
        )
        if page.at_stake
        else ""
    )
    return f"{told}{stake}."


def groups(counts: tuple[CheckCount, ...], *, accounts: int) -> tuple[MenderGroup, ...]:
    """The checks that fail, by who can mend them."""
    failing = [row for row in counts if row.accounts]
    made = (
        MenderGroup(title, tuple(_check(row, accounts) for row in failing if row.check.mender == mender))
        for mender, title in MENDERS.items()
    )
    return tuple(group for group in made if group.checks)


def _check(row: CheckCount, accounts: int) -> CheckRow:
    return CheckRow(
        row.check.title,
        row.check.sentence,
        reverse("quality-check", args=(row.check.slug,)),
        words.whole(row.accounts),
        max(1, round(100 * row.accounts / max(1, accounts))),
        SEVERITIES[row.check.severity],
        words.spoken(row.check.kind),
    )


def state(sources: tuple[SourceQuality, ...], counts: tuple[CheckCount, ...]) -> str:
    """The page in a sentence."""
    overdue = sum(row.is_overdue for row in sources)
    changes = sum(row.open_drifts for row in sources)
    said = []
    if sources:
        said.append(
            speech.told("%(sources)s overdue", sources=words.count(overdue, "source"))
            if overdue
            else speech.told("No source is overdue")
        )
    if changes:
        said.append(speech.told("%(changes)s to look at", changes=words.count(changes, "change")))
    failing = sum(1 for row in counts if row.accounts)
    said.append(
        speech.told(
            "%(failing)s of %(checks)s found something",
            failing=failing,
            checks=words.count(len(counts), "check"),
        )
    )
    return ", ".join(said) + "."


def check(found: FindingsPage, *, offset: int, limit: int, now: datetime) -> CheckPage:
    """One check and who fails it."""
    here = reverse("quality-check", args=(found.check.slug,))
    last = offset + len(found.rows)
    shown = (
        speech.told("%(offset)s to %(last)s of ", offset=words.whole(offset + 1), last=words.whole(last))
        if found.total > len(found.rows)
        else ""
    )
    return CheckPage(
        title=found.check.title,
        sentence=found.check.sentence,
        how=found.check.how,
        state=speech.told(
            "%(shown)s%(accounts)s, the highest ARR first.",
            shown=shown,
            accounts=words.count(found.total, "account"),
        )
        if found.rows
        else speech.told("No account fails this check."),
        mender=MENDERS[found.check.mender],
        rows=tuple(failing(row, now=now) for row in found.rows),
        before=f"{here}?offset={max(0, offset - limit)}" if offset else "",
        after=f"{here}?offset={last}" if last < found.total else "",
    )


def failing(row: FindingView, *, now: datetime) -> FailingRow:
    """An account that fails a check."""
    place = mending.place(row.check.place, row.account)
    return FailingRow(
        row.account_name or row.account,
        reverse("account-quality", args=(row.account,)),
        words.remarked(row.detail, today=words.local_day(now)),
        DayMark.of(row.found_at, today=words.local_day(now)),
        place.href,
        place.title,
    )
