"""Load an invented customer base into the product, and live its last fortnight day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.ledger.actions import accounts as ledger_accounts
from keepwell.ledger.models import Account
from keepwell.metrics.actions import settings
from keepwell.pipeline.actions.advance import advance
from keepwell.simulate import agreements, calls, rates, rows, world
from keepwell.simulate.catalogue import CORE
from keepwell.simulate.deliveries import APP, DEVICES, HISTORY, Desk, Meter, Progress
from keepwell.simulate.responses import respond
from keepwell.simulate.span import DAY_SECONDS
from keepwell.simulate.truth import Truth

LIVE_DAYS = 14
# What takes longer than this to arrive is late data, also in the archive.
LATE_SECONDS = DAY_SECONDS // 2
NOON, EVENING = 12 * 3600, 23 * 3600 + 40 * 60
NIGHT_AFTER = timedelta(minutes=15)
# A day's run of all stages counts as much on the progress bar as this many events.
RUN_WEIGHT = 15_000


@dataclass(frozen=True)
class Built:
    """What a build loaded; the truths are for whoever judges the product and were not stored."""

    accounts: int
    events: int
    rows: int
    incidents: int
    truths: tuple[Truth, ...]


def _silent(done: int, total: int, words: str) -> None:
    pass


def build(
    *,
    seed: int,
    last_day: date,
    by: Scope,
    accounts: int = 300,
    events: int | None = None,
    owners: Sequence[User] = (),
    progress: Progress = _silent,
) -> Built:
    """Invent a book and tell it to the product as if it had lived beside it until the end of ``last_day``.

    All but the last fortnight comes from an archive that vouches for its moments, except late data, which is
    known when it arrived. The fortnight is received at its own moments and the pipeline runs each night. The
    scorecards, rules and plan templates of the demo should be in force before. Owners take turns over the accounts.
    Incidents are worked on each evening, most of them. ``progress`` hears (done, total, words).
    """
    book = world.make(seed=seed, last_day=last_day, accounts=accounts, events=events)
    meter = Meter(progress, _work(book))
    desk = archive(book=book, by=by, meter=meter)
    at = book.span.moment(_cut(book))
    _own(book, owners, by, at)
    settings.save(metric="core_feature_adoption", parameters={"features": list(CORE)}, by=by, at=at)
    incidents = _night(meter, at)
    for day in range(book.span.days - LIVE_DAYS, book.span.days):
        _live(desk, book, day)
        respond(by=by, at=book.span.moment(day * DAY_SECONDS + EVENING))
        incidents += _night(meter, book.span.moment(day * DAY_SECONDS + EVENING))
    agreements.live(book, by=by)
    return Built(len(book.customers), desk.events, desk.rows, incidents, book.truths)


def archive(*, book: world.World, by: Scope, meter: Meter) -> Desk:
    """Tell the product all of a book but its last fortnight, as an archive that vouches for its moments."""
    desk, at = Desk(by, meter), book.span.moment(_cut(book))
    desk.open(at=at)
    _history(desk, book, _cut(book), at)
    return desk


def _cut(book: world.World) -> int:
    """When the archive ends: in the evening before the fortnight."""
    return (book.span.days - LIVE_DAYS - 1) * DAY_SECONDS + EVENING


def _work(book: world.World) -> int:
    """How much there is to do, in events."""
    parts = (book.customers, book.people, book.contracts, book.tickets, book.answers, book.touchpoints)
    rows_told = sum(len(part) for part in parts) + len(book.confirmations)
    return len(book.usage) + rows_told + (LIVE_DAYS + 1) * RUN_WEIGHT


def _history(desk: Desk, book: world.World, cut: int, at: datetime) -> None:
    """Everything known by the end of the last day before the fortnight."""
    for export in (rates.RATES, *rows.EXPORTS):
        desk.file(export, export.rows(book, rows.ALWAYS, cut), vouched=True, at=at)
    _amendments(desk, book, cut)
    known = book.usage.arrived < cut
    late = book.usage.arrived - book.usage.at > LATE_SECONDS
    said = [one for one in book.confirmations if one.at < cut]
    words = "Receiving two years of usage"
    desk.track(calls.confirmations(book, said), source=HISTORY, at=at, words=words)
    desk.track(calls.usage(book, book.usage.where(known & ~late)), source=HISTORY, at=at, words=words)
    _late(desk, book, cut)


def _amendments(desk: Desk, book: world.World, cut: int) -> None:
    """Changed contracts, month by month: a change counts from the moment it is told."""
    for since in range(0, cut, 30 * DAY_SECONDS):
        until = min(cut, since + 30 * DAY_SECONDS)
        changed = rows.AMENDED.rows(book, rows.ALWAYS if since == 0 else since, until)
        desk.file(rows.AMENDED, changed, vouched=False, at=book.span.moment(until - 1))


def _late(desk: Desk, book: world.World, cut: int) -> None:
    """Events of devices that were offline, week by week as they came in."""
    tardy = book.usage.where(book.usage.arrived - book.usage.at > LATE_SECONDS)
    for since in range(0, cut, 7 * DAY_SECONDS):
        until = min(cut, since + 7 * DAY_SECONDS)
        came = calls.usage(book, tardy.between(since, until))
        desk.track(came, source=DEVICES, at=book.span.moment(until - 1), words="Receiving late events")


def _own(book: world.World, owners: Sequence[User], by: Scope, at: datetime) -> None:
    """The owners take turns, so that each has a share of every kind of account."""
    if not owners:
        return
    first_live = book.span.days - LIVE_DAYS
    keys = [customer.key for customer in book.customers if customer.start < first_live]
    found = Account.objects.in_bulk(keys, field_name="key")
    for turn, key in enumerate(keys):
        owner = owners[turn % len(owners)]
        ledger_accounts.assign(account=found[key], user=owner, role="csm", by=by, at=at)


def _live(desk: Desk, book: world.World, day: int) -> None:
    """One day as it was: usage by noon and by evening, then the files of the other systems."""
    begin = day * DAY_SECONDS
    yesterday = begin - DAY_SECONDS + EVENING
    words = f"Living {book.span.day(day):%d %B}"
    for since, until in ((yesterday, begin + NOON), (begin + NOON, begin + EVENING)):
        came = book.usage.between(since, until)
        late = came.arrived - came.at > LATE_SECONDS
        for source, part in ((APP, came.where(~late)), (DEVICES, came.where(late))):
            desk.track(calls.usage(book, part), source=source, at=book.span.moment(until), words=words)
    evening = book.span.moment(begin + EVENING)
    said = [one for one in book.confirmations if yesterday <= one.at < begin + EVENING]
    desk.track(calls.confirmations(book, said), source=APP, at=evening, words=words)
    for export in (*rows.EXPORTS, rows.AMENDED):
        told = export.rows(book, yesterday, begin + EVENING)
        desk.file(export, told, vouched=False, at=evening)


def _night(meter: Meter, evening: datetime) -> int:
    """The run of all stages at the end of a day; gives the incidents it opened."""
    at = evening + NIGHT_AFTER
    words = f"Computing health as of {at:%d %B}"
    meter.add(0, words)
    opened = advance(at=at).incidents
    meter.add(RUN_WEIGHT, words)
    return opened
