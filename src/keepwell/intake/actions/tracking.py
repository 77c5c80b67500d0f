"""Take in what a tracking request says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from django.db import transaction

from keepwell.access.scopes import system
from keepwell.intake import envelopes, models, reasons, swift, translation
from keepwell.intake.actions import clashes, sources, traits
from keepwell.intake.queries.sources import SourceView
from keepwell.intake.translation import Trait
from keepwell.kernel import errors, figures, speech
from keepwell.ledger import parcels
from keepwell.ledger.actions import accounts, arrivals, events, identity, people
from keepwell.ledger.arrivals import Arrived
from keepwell.ledger.event import Event
from keepwell.ledger.queries import erased

HEARD_EVERY = timedelta(seconds=60)
MOST_KEPT = 200


class Refused(msgspec.Struct, rename="camel", frozen=True):
    """One event that was not taken."""

    index: int
    message_id: str
    reason: str


class Receipt(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """What became of the events of one request, in the words of the answer; `status` is that of HTTP.

    `not_listed` counts the refused events that are neither in `rejected` nor kept, because there are too many.
    """

    success: bool
    accepted: int
    duplicates: int
    rejected: tuple[Refused, ...]
    not_listed: int = 0

    @property
    def status(self) -> int:
        """200; a call sent alone that was refused is a bad request."""
        return 200 if self.success else 400

    def encoded(self) -> bytes:
        """The answer as JSON."""
        return msgspec.json.encode(self)


@dataclass
class _Sorting:
    """The calls of one request, sorted by what the ledger does with them; `misfits` are traits, not calls."""

    events: list[Event] = field(default_factory=list)
    event_calls: list[tuple[int, bytes]] = field(default_factory=list)
    traits: list[Trait] = field(default_factory=list)
    trait_calls: list[tuple[int, bytes]] = field(default_factory=list)
    refusals: list[tuple[str, envelopes.Refusal]] = field(default_factory=list)
    misfits: list[envelopes.Refusal] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    ahead: int = 0

    @property
    def duplicates(self) -> int:
        """How many calls said what was said before."""
        return len(self.repeats)

    def put(self, said: Event | Trait, call: tuple[int, bytes]) -> None:
        """Put a call where the ledger takes it."""
        if isinstance(said, Event):
            self.events.append(said)
            self.event_calls.append(call)
        else:
            self.traits.append(said)
            self.trait_calls.append(call)

    def refuse(self, call: tuple[int, bytes], reason: str, verdict: str = "rejected") -> None:
        """Put a call with the dead letters."""
        self.refusals.append((verdict, envelopes.refusal(*call, reason)))


def receive_body(*, source: SourceView, body: bytes, endpoint: str, at: datetime) -> Receipt:
    """Store the events of an unpacked body; one statement when nothing in it is out of the ordinary, see `receive`."""
    columns = swift.columns(body, endpoint=endpoint, slug=source.slug, vouches=source.vouches, at=at)
    if columns is None:
        return receive(source=source, calls=envelopes.decode(body, endpoint=endpoint), at=at)
    events.track(columns=columns)
    if is_to_be_noted(source, at):
        sources.heard(source_id=source.source_id, at=at)
    return Receipt(success=True, accepted=len(columns), duplicates=0, rejected=())


def is_to_be_noted(source: SourceView, at: datetime) -> bool:
    """Whether it was not noted for a while that the source was heard."""
    return source.last_event_at is None or at - source.last_event_at > HEARD_EVERY


def receive(*, source: SourceView, calls: envelopes.Envelope, at: datetime) -> Receipt:
    """Store the events of a request, each once; what cannot be taken goes to the dead letter with its reason.

    One transaction, durable when this returns. Between BEGIN and COMMIT one round trip for the events, and once a
    minute one for the source's last sign of life. Identify, group and alias calls add two and those of the ledger's
    upserts; refusals one. Events that repeat earlier requests are accepted; the relay drops and counts them.
    """
    sender = translation.Sender(source.slug, source.vouches, calls.sent_at, at)
    sorting = _sorted(calls, sender)
    with transaction.atomic():
        _track(sorting, at)
        if sorting.traits:
            _describe(sorting, source, at)
        refusals = sorted(sorting.refusals, key=lambda pair: pair[1].index)
        parts = [("rejected", misfit) for misfit in sorting.misfits]
        _bury([*refusals, *parts], source, calls, at)
        _count(refusals, sorting, source, at)
        if is_to_be_noted(source, at):
            sources.heard(source_id=source.source_id, at=at)
    return _receipt(refusals, sorting, calls)


def _sorted(calls: envelopes.Envelope, sender: translation.Sender) -> _Sorting:
    sorting = _Sorting(refusals=[("rejected", refusal) for refusal in calls.refusals])
    for index, call, raw in calls.calls:
        sorting.ahead += translation.is_ahead(call, sender)
        try:
            said = _translated(call, index, sender)
        except errors.Invalid as refusal:
            sorting.refuse((index, raw), refusal.english)
            continue
        sorting.put(said, (index, raw))
    return sorting


class Once(NamedTuple):
    """A call that was refused, as it is now, with the arrival of the request that it came in and its place there."""

    content: bytes
    place: int
    sent_at: datetime | None
    received_at: datetime


def again(*, source: SourceView, calls: Sequence[Once], at: datetime) -> list[tuple[str, str]]:
    """Take calls as if they had come as they are now; gives the outcome and the reason of each.

    Their times are read by the clocks of their own arrival; what they say counts as known from `at`. The caller's
    transaction stores them; nothing goes to the dead letter. As many queries as one request asks.
    """
    sorting = _Sorting()
    for place, once in enumerate(calls):
        found = envelopes.call_of(place, once.content)
        if isinstance(found, envelopes.Refusal):
            sorting.refusals.append(("rejected", found))
            continue
        sender = translation.Sender(source.slug, source.vouches, once.sent_at, once.received_at)
        try:
            said = _translated(found, once.place, sender)
        except errors.Invalid as refusal:
            sorting.refuse((place, once.content), refusal.english)
            continue
        sorting.put(said, (place, once.content))
    _append(sorting, at)
    if sorting.traits:
        _describe(sorting, source, at, whole=True)
    results = [("created", "")] * len(calls)
    for place in sorting.repeats:
        results[place] = ("duplicate", "")
    for verdict, refused in sorting.refusals:
        results[refused.index] = (verdict, refused.reason)
    return results


def _translated(call: envelopes.Call, index: int, sender: translation.Sender) -> Event | Trait:
    """What a call says; `Invalid` also when it names somebody who was erased."""
    said = translation.translate(call, index=index, sender=sender)
    row = (said.person or {}) if isinstance(said, Trait) else {"key": said.person}
    words = [row.get("key"), row.get("email"), said.alias if isinstance(said, Trait) else ""]
    if reason := erased.gate().refusal(*words):
        raise errors.Invalid(reason)
    return said


def _append(sorting: _Sorting, at: datetime) -> None:
    """Store the events at once, each if its id is new: whoever asks wants to know."""
    appended = events.append(events=sorting.events, received_at=at)
    sorting.repeats += [sorting.event_calls[position][0] for position in appended.duplicates]
    for position in appended.conflicts:
        sorting.refuse(
            sorting.event_calls[position], clashes.clashing(sorting.events[position].id), "conflict"
        )


def _track(sorting: _Sorting, at: datetime) -> None:
    """Store the events; what repeats another event of the same request is told at once."""
    first: dict[str, Event] = {}
    for event, call in zip(sorting.events, sorting.event_calls, strict=True):
        earlier = first.setdefault(event.id, event)
        if earlier is event:
            continue
        if earlier.content == event.content:
            sorting.repeats.append(call[0])
        else:
            sorting.refuse(call, clashes.clashing(event.id), "conflict")
    events.track(columns=parcels.of(first.values(), received_at=at))


def _describe(sorting: _Sorting, source: SourceView, at: datetime, *, whole: bool = False) -> None:
    """Upsert what identify, group and alias calls say, accounts before the people that belong to them.

    A trait that does not fit its declared field is put aside and the rest is taken; a `whole` call is taken or refused.
    """
    marks = [Event(id=trait.id, name="", at=at, source="", content=trait.content) for trait in sorting.traits]
    seen = events.unseen(events=marks)
    sorting.repeats += [sorting.trait_calls[position][0] for position in seen.duplicates]
    for position in seen.conflicts:
        sorting.refuse(
            sorting.trait_calls[position], clashes.clashing(sorting.traits[position].id), "conflict"
        )
    known = {*seen.duplicates, *seen.conflicts}
    fresh = [position for position in range(len(marks)) if position not in known]
    sound = traits.fitted([sorting.traits[position] for position in fresh])
    if whole:
        for position, part in zip(fresh, sound, strict=True):
            for reason in part.misfits.values():
                sorting.refuse(sorting.trait_calls[position], reason)
        kept = [(position, part) for position, part in zip(fresh, sound, strict=True) if not part.misfits]
        fresh, sound = [position for position, _ in kept], [part for _, part in kept]
    refused = _upsert([part.trait for part in sound], source, at)
    for number, reason in refused.items():
        sorting.refuse(sorting.trait_calls[fresh[number]], reason)
    for number, position in enumerate(fresh):
        if number not in refused:
            sorting.misfits += traits.letters(sound[number].misfits, sorting.trait_calls[position])
    taken = [marks[position] for number, position in enumerate(fresh) if number not in refused]
    events.claim(contents={mark.id: mark.content for mark in taken})


def _upsert(said: Sequence[Trait], source: SourceView, at: datetime) -> dict[int, str]:
    """Write the traits; gives the reasons for those that were refused, by their place."""
    by = system(through=f"source {source.slug}")
    rows = [trait.account for trait in said if trait.account is not None]
    if rows:
        accounts.upsert(rows=rows, source=source.slug, by=by, at=at, vouched=source.vouches)
    persons = [(number, trait.person) for number, trait in enumerate(said) if trait.person is not None]
    if not persons:
        return {}
    verdicts = people.upsert(
        rows=[row for _, row in persons], source=source.slug, by=by, at=at, vouched=source.vouches
    )
    refused = {
        number: verdict.reason
        for (number, _), verdict in zip(persons, verdicts, strict=True)
        if verdict.outcome == "rejected"
    }
    return refused | _alias([pair for pair in persons if pair[0] not in refused], said, source, at)


def _alias(
    persons: Sequence[tuple[int, dict[str, Any]]], told: Sequence[Trait], source: SourceView, at: datetime
) -> dict[int, str]:
    """Let the other keys that calls name mean their people; gives the reasons for those that were refused."""
    said = [
        (number, identity.Alias(told[number].alias, person["key"], told[number].firm))
        for number, person in persons
        if told[number].alias
    ]
    reasons = identity.alias(aliases=[alias for _, alias in said], source=source.slug, at=at)
    return {number: reason for (number, _), reason in zip(said, reasons, strict=True) if reason}


def _bury(
    refusals: Sequence[tuple[str, envelopes.Refusal]],
    source: SourceView,
    calls: envelopes.Envelope,
    at: datetime,
) -> None:
    """Keep the first refusals; of more than can be kept, say how many there were."""
    kept = list(refusals[:MOST_KEPT])
    if more := len(refusals) - len(kept):
        reason = speech.english(
            "%(more)s more calls of this request could not be taken; they were not kept.",
            more=figures.Whole(more),
        )
        kept.append(("rejected", envelopes.Refusal(refusals[MOST_KEPT][1].index, "", reason, {})))
    models.Rejection.objects.bulk_create(
        models.Rejection(
            source_id=source.source_id,
            message_id="" if gone else refusal.message_id[:200],
            verdict=verdict,
            reason=erased.reason(refusal.reason) if gone else refusal.reason,
            content=erased.REMAINS if gone else calls.whole(refusal.content),
            row=refusal.index,
            sent_at=calls.sent_at,
            received_at=at,
            **reasons.columns(refusal.reason),
        )
        for verdict, refusal in kept
        for gone in (erased.names(refusal.content),)
    )


def _count(
    refusals: Sequence[tuple[str, envelopes.Refusal]], sorting: _Sorting, source: SourceView, at: datetime
) -> None:
    """Count what goes no further, and clocks that were ahead; the relay counts the rest. No query when there is nothing."""
    conflicts = sum(verdict == "conflict" for verdict, _ in refusals)
    if refusals or sorting.duplicates or sorting.ahead:
        counted = Arrived(
            source.slug,
            at.date(),
            future=sorting.ahead,
            duplicates=sorting.duplicates,
            conflicts=conflicts,
            rejected=len(refusals) - conflicts,
        )
        arrivals.add(rows=[counted])


def _receipt(
    refusals: Sequence[tuple[str, envelopes.Refusal]], sorting: _Sorting, calls: envelopes.Envelope
) -> Receipt:
    """What is answered; a call of which only a trait was put aside is accepted, and its trait is listed."""
    told = [*(refusal for _, refusal in refusals), *sorting.misfits]
    listed = tuple(Refused(r.index, r.message_id, r.reason) for r in told[:MOST_KEPT])
    total = len(calls.calls) + len(calls.refusals)
    return Receipt(
        success=not (calls.single and refusals),
        accepted=total - len(refusals) - sorting.duplicates,
        duplicates=sorting.duplicates,
        rejected=listed,
        not_listed=len(told) - len(listed),
    )
