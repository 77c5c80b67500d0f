"""What happened to an account, latest first, straight from the ledger."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import polars as pl
from django.db.models import Q

from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.figures import figure, measured, whole
from keepwell.ledger import frames, models
from keepwell.ledger.queries import accounts

TITLES = {
    "account.created": speech.later("Became a customer"),
    "account.churned": speech.later("Left"),
    "account.merged": speech.later("Took in another account"),
    "account.split": speech.later("Part became an account of its own"),
    "person.joined": speech.later("Joined"),
    "person.left": speech.later("Left the account"),
    "person.on_leave": speech.later("Went on leave"),
    "person.returned": speech.later("Came back from leave"),
    "person.removed": speech.later("Taken off the account"),
    "stance.changed": speech.later("Stance changed"),
    "role.changed": speech.later("Roles changed"),
    "influence.changed": speech.later("Influence changed"),
    "title.changed": speech.later("Title changed"),
    "line.changed": speech.later("Reports from now on to"),
    "contract.signed": speech.later("Contract began"),
    "contract.changed": speech.later("Contract changed"),
    "ticket.opened": speech.later("Ticket opened"),
    "ticket.escalated": speech.later("Ticket escalated"),
    "ticket.resolved": speech.later("Ticket resolved"),
    "survey.answered": speech.later("Answered a survey"),
    "touchpoint.held": speech.later("We spoke"),
    "touchpoint.declined": speech.later("Declined an invitation"),
    "review.held": speech.later("Business review"),
    "note.written": speech.later("Note"),
    "file.added": speech.later("File added"),
    "plan.drafted": speech.later("Success plan drafted"),
    "plan.changed": speech.later("Success plan changed"),
    "plan.agreed": speech.later("Success plan agreed"),
    "plan.refreshed": speech.later("Success plan refreshed"),
    "plan.confirmed": speech.later("Success plan confirmed"),
    "plan.version_withdrawn": speech.later("Version of the success plan taken back"),
    "plan.step_done": speech.later("Step of the success plan done"),
    "plan.step_reopened": speech.later("Step of the success plan open again"),
    "plan.view_noted": speech.later("A view of success noted"),
    "plan.view_settled": speech.later("A view of success settled"),
    "indicator.read": speech.later("Indicator read by hand"),
    "objective.reached": speech.later("Outcome reached"),
    "objective.reopened": speech.later("Outcome not there after all"),
    "friction.noted": speech.later("Friction noted"),
    "friction.settled": speech.later("Friction settled"),
    "friction.reopened": speech.later("Friction open again"),
    "friction.withdrawn": speech.later("Friction taken back"),
    "advocacy.asked": speech.later("Asked to speak for us"),
    "advocacy.answered": speech.later("Answered whether to speak for us"),
    "advocacy.came": speech.later("Spoke for us"),
    "advocacy.withdrawn": speech.later("Asking to speak for us taken back"),
    "value.modelled": speech.later("Value model written"),
    "value.counted": speech.later("Value counted"),
    "value.confirmed": speech.later("Value confirmed by the customer"),
    "value.withdrawn": speech.later("Value not confirmed after all"),
    "sprint.started": speech.later("Sprint began"),
    "sprint.ended": speech.later("Sprint ended"),
    "milestone.planned": speech.later("Milestone planned"),
    "milestone.moved": speech.later("Milestone moved"),
    "milestone.done": speech.later("Milestone done"),
    "criterion.agreed": speech.later("Acceptance criterion agreed"),
    "criterion.confirmed": speech.later("Acceptance criterion confirmed"),
    "change.requested": speech.later("Change requested"),
    "change.decided": speech.later("Change decided"),
    "risk.raised": speech.later("Risk raised"),
    "risk.closed": speech.later("Risk closed"),
    "raci.assigned": speech.later("Given a part"),
    "raci.ended": speech.later("Part ended"),
    "obligation.evidenced": speech.later("Obligation evidenced"),
    "integration.changed": speech.later("Integration changed"),
    "course.enrolled": speech.later("Enrolled in a course"),
    "course.started": speech.later("Began a course"),
    "course.completed": speech.later("Completed a course"),
    "gap.requested": speech.later("Asked for what the product lacks"),
    "gap.told": speech.later("Told that it is there"),
    "invoice.issued": speech.later("Invoice issued"),
    "invoice.paid": speech.later("Invoice paid"),
    "health.band_changed": speech.later("Health changed"),
    "signal.fired": speech.later("Signal fired"),
    "signal.ended": speech.later("Signal over"),
    "signal.answered": speech.later("Signal answered"),
    "incident.opened": speech.later("Incident opened"),
    "incident.called": speech.later("Incident: call held"),
    "incident.cause_found": speech.later("Incident: root cause found"),
    "incident.plan_made": speech.later("Incident: corrective plan made"),
    "incident.escalated": speech.later("Incident escalated"),
    "incident.closed": speech.later("Incident closed"),
    "incident.reopened": speech.later("Incident open again"),
    "task.set": speech.later("Task set"),
    "task.done": speech.later("Task done"),
    "task.deleted": speech.later("Task deleted"),
    "task.reopened": speech.later("Task reopened"),
    "output.delivered": speech.later("Output delivered"),
    "output.taken_back": speech.later("Output open again"),
    "handover.made": speech.later("Handed over"),
    "handover.accepted": speech.later("Hand-over accepted"),
    "handover.withdrawn": speech.later("Hand-over taken back"),
    "playbook.started": speech.later("Playbook started"),
    "playbook.step_done": speech.later("Playbook step over"),
    "playbook.ended": speech.later("Playbook ended"),
    "playbook.resumed": speech.later("Playbook goes on"),
}

# What people are to an account; the first word of each follows nothing.
STANDS = ("role.changed", "stance.changed", "influence.changed", "title.changed", "line.changed")
BEGINS = r'"from": (""|null|\[\]|\{"person": ""\})'
LONGEST = 200
FEATURED = ("integration.changed", "change.decided", "raci.assigned", "raci.ended")


@dataclass(frozen=True)
class TimelineItem:
    """One fact: `id` opens the event itself."""

    id: str
    at: datetime
    known_at: datetime
    name: str
    title: str
    detail: str
    person: str
    source: str
    value: float | None
    props: dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Which facts: since ≤ at < until, of these names (none: all), of a person, from a source, with a text in them.

    As known before `known_by`, perhaps only what was learned after `learned_since`; `before` is the moment, and the name and
    id, of the fact after which to go on.
    """

    until: datetime
    since: datetime | None = None
    names: Collection[str] = ()
    person: str = ""
    source: str = ""
    search: str = ""
    before: tuple[datetime, str] | None = None
    limit: int = 100
    known_by: datetime | None = None
    learned_since: datetime | None = None


@dataclass(frozen=True)
class Found:
    """Some facts, latest first, and every source that facts of the account come from."""

    items: tuple[TimelineItem, ...]
    sources: tuple[str, ...]


def of_account(
    *,
    account_id: int,
    seen_by: Scope,
    until: datetime,
    known_by: datetime | None = None,
    since: datetime | None = None,
    learned_since: datetime | None = None,
    limit: int = 100,
) -> tuple[TimelineItem, ...]:
    """The latest business facts of an account before a moment, as known before another.

    Perhaps only those from a moment on, or that were learned after one. Reads one account's share of the lake.
    """
    asked = Asked(until=until, since=since, known_by=known_by, learned_since=learned_since, limit=limit)
    return found(account_id=account_id, seen_by=seen_by, asked=asked).items


def found(*, account_id: int, seen_by: Scope, asked: Asked) -> Found:
    """The latest business facts of an account that are asked for. Reads one account's share of the lake."""
    may_see, known_by = accounts.known_until(account_id=account_id, seen_by=seen_by, known_by=asked.known_by)
    if not may_see:
        return Found((), ())
    facts = frames.events(
        until=asked.until,
        since=asked.since,
        known_by=known_by,
        accounts=[account_id],
        kind="fact",
        names=list(TITLES),
    ).to_native()
    told = _without_beginnings(facts.collect())
    rows = told.filter(_wanted(asked)).sort(["at", "name", "id"], descending=True)
    if not asked.search:
        rows = rows.head(asked.limit)
    lines = rows.filter(pl.col("name") == "line.changed")["props"].to_list()
    bosses = {json.loads(props)["to"]["person"] for props in lines}
    names = _names({row for row in rows["person"].to_list() if row} | bosses)
    items = (_item(row, names) for row in rows.iter_rows(named=True))
    sources = tuple(sorted(told["source"].unique().to_list()))
    return Found(tuple(islice(_with_text(items, asked.search, account_id), asked.limit)), sources)


def _without_beginnings(told: pl.DataFrame) -> pl.DataFrame:
    """Without what was recorded of people in the moment in which they joined: that they joined says it."""
    joined = told.filter(pl.col("name") == "person.joined").select("person", "known_at").unique()
    begun = pl.col("name").is_in(STANDS) & pl.col("props").str.contains(BEGINS)
    first = told.filter(begun).join(joined, on=["person", "known_at"], how="semi")
    return told.join(first.select("id"), on="id", how="anti")


def _wanted(asked: Asked) -> pl.Expr:
    wanted = pl.lit(True)
    if asked.names:
        wanted &= pl.col("name").is_in(list(asked.names))
    if asked.learned_since is not None:
        wanted &= pl.col("known_at") > asked.learned_since
    if asked.person:
        wanted &= pl.col("person") == asked.person
    if asked.source:
        wanted &= pl.col("source") == asked.source
    if asked.before is not None:
        at, place = pl.lit(asked.before[0]), pl.concat_str("name", "id", separator=" ")
        wanted &= (pl.col("at") < at) | ((pl.col("at") == at) & (place < asked.before[1]))
    return wanted


def _with_text(items: Iterable[TimelineItem], text: str, account_id: int) -> Iterator[TimelineItem]:
    """Those that say a text, in their words or in what was written down of a conversation. One query if asked."""
    if not text:
        yield from items
        return
    asked = text.casefold()
    spoken = Q(notes__icontains=text) | Q(transcript__icontains=text) | Q(next_step__icontains=text)
    talks = models.Touchpoint.objects.filter(spoken, account=account_id)
    held = set(talks.values_list("held_at", flat=True))
    for item in items:
        said = f"{item.title} {item.detail} {item.person} {json.dumps(item.props, ensure_ascii=False)}"
        if asked in said.casefold() or (item.name == "touchpoint.held" and item.at in held):
            yield item


def _names(keys: set[str]) -> dict[str, str]:
    return dict(models.Person.objects.filter(key__in=keys).exclude(name="").values_list("key", "name"))


def _item(row: dict[str, Any], names: dict[str, str]) -> TimelineItem:
    props = json.loads(row["props"])
    return TimelineItem(
        id=row["id"],
        at=row["at"],
        known_at=row["known_at"],
        name=row["name"],
        title=TITLES[row["name"]],
        detail=_boss(props, names)
        if row["name"] == "line.changed"
        else _detail(row["name"], row["feature"], row["value"], props),
        person=names.get(row["person"], row["person"]),
        source=row["source"],
        value=row["value"],
        props=props,
    )


def _detail(name: str, feature: str, value: float | None, props: dict[str, Any]) -> str:
    """The one line that says what there is to say."""
    if name.startswith("contract."):
        arr = (
            ""
            if value is None
            else speech.told(
                "%(currency)s %(figure)s a year", currency=props.get("currency", ""), figure=whole(value)
            )
        )
        seats = f"{props['seats']} {'seat' if props['seats'] == 1 else 'seats'}" if props.get("seats") else ""
        return " · ".join(str(part) for part in (props.get("product"), arr, seats) if part)
    if name == "survey.answered":
        return f"{feature.upper()} {figure(value)}" if value is not None else feature.upper()
    if name == "touchpoint.held":
        return f"{feature}, {measured(value, 'minutes')}" if value else feature
    if name == "review.held":
        return speech.told("an executive attended") if value else speech.told("no executive attended")
    if name == "health.band_changed":
        return speech.told("from %(before)s to %(after)s", before=props.get("from"), after=props.get("to"))
    of_work = _of_work(name, feature, value, props)
    return of_work or str(props.get("title") or (feature if feature != name else ""))


def _of_work(name: str, feature: str, value: float | None, props: dict[str, Any]) -> str:
    title = str(props.get("title", ""))
    if name == "note.written":
        text = str(props.get("text", ""))
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    if name in ("influence.changed", "title.changed"):
        return _moved(props.get("from"), props.get("to"))
    if name == "milestone.moved":
        return speech.told(
            "%(title)s: from %(before)s to %(after)s",
            title=title,
            before=props.get("from"),
            after=props.get("to"),
        )
    if name == "milestone.done" and value is not None:
        return f"{title}, {_lateness(value)}"
    if name.startswith("invoice.") and value is not None:
        return f"{title} {props.get('currency', '')} {value:,.2f}".strip()
    return f"{title}: {feature}" if name in FEATURED else ""


def _boss(props: dict[str, Any], names: dict[str, str]) -> str:
    key = props["to"]["person"]
    return names.get(key, key) or "nobody"


def _moved(before: object, after: object) -> str:
    return (
        speech.told("from %(before)s to %(after)s", before=before, after=after or speech.told("not known"))
        if before
        else str(after or "")
    )


def _lateness(days: float) -> str:
    if not days:
        return speech.told("on the day")
    return f"{measured(abs(days), 'days')} {'late' if days > 0 else 'early'}"
