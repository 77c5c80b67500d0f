"""Why a score moved between two days, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.health import models, words
from keepwell.health.formulas import explaining
from keepwell.health.formulas.explaining import Step
from keepwell.health.queries import cards, overrides, seen
from keepwell.health.queries.cards import InForce, Span
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.kernel.moments import end_of
from keepwell.ledger.queries import accounts
from keepwell.metrics.queries.sights import Sight

TITLES = {
    "late_data": speech.later("Data that arrived later"),
    "behaviour": speech.later("What the customer did"),
    "missing_input": speech.later("Inputs that came or went"),
    "configuration": speech.later("The scorecard"),
    "override": speech.later("Override"),
}


@dataclass(frozen=True)
class Cause:
    """One cause of a movement in points (null: points cannot tell it) and in words."""

    kind: str
    measure: str
    change: float | None
    words: str


@dataclass(frozen=True)
class ChangeView:
    """A movement between two days: what was shown, what is shown, and the causes, which add up to the difference.

    Points are those of what is known, even where too little is known to tell a band; an override's where one held.
    """

    since: date
    until: date
    before: float | None
    after: float | None
    before_card: str
    after_card: str
    causes: tuple[Cause, ...]

    @property
    def change(self) -> float | None:
        """By how much it moved; null when one of the days has no points."""
        return None if self.before is None or self.after is None else round(self.after - self.before, 4)

    def of_kind(self, kind: str) -> float:
        """The points of one kind of causes together."""
        return round(sum(cause.change or 0.0 for cause in self.causes if cause.kind == kind), 4)


def change(
    *, account_id: int, seen_by: Scope, since: date, until: date, known_by: datetime | None = None
) -> ChangeView:
    """Why the score of a day differs from what was shown on an earlier one, as known before a moment (None: now).

    What was shown is the earlier day from what was known at its end, by the card and override of then. The account's share
    of the lake is read once.
    """
    if since >= until:
        raise Invalid(
            "%(since)s is not before %(until)s. Ask from an earlier day to a later one.",
            since=since,
            until=until,
        )
    if not accounts.visible(seen_by=seen_by).filter(pk=account_id).exists():
        raise NotFound("There is no such account.")
    spans = cards.spans()
    judges = (_judging(spans, since), _judging(spans, until))
    sights = (Sight((since,), end_of(since)), Sight((since, until), known_by))
    then, now = seen.at(account_id, versions=[*judges[0], *judges[1]], sights=sights)
    old, new = seen.judge(then, since, judges[0]), seen.judge(now, until, judges[1])
    if old is None or new is None:
        raise NotFound(
            "Nothing was known of the account by %(since)s, or no scorecard judges it.", since=since
        )
    first, first_now = (seen.sight(found, since, old) for found in (then, now))
    last_old, last = seen.sight(now, until, old), seen.sight(now, until, new)
    if old.version_id == new.version_id:
        last = last_old
    found = explaining.steps(first, first_now, last_old, last)
    causes = [_cause(step, old, new) for step in found]
    before, after = explaining.points(first), explaining.points(last)
    return _with_overrides(account_id, since, until, before, after, causes, (_named(old), _named(new)))


def _judging(spans: Sequence[Span], day: date) -> tuple[InForce, ...]:
    found = [span for span in spans if span.since <= day]
    if not found:
        raise NotFound(cards.NOTHING)
    return found[-1].versions


def _named(version: InForce) -> str:
    return speech.told("%(title)s, version %(number)s", title=version.title, number=version.number)


def _cause(step: Step, old: InForce, new: InForce) -> Cause:
    if step.kind == "configuration":
        said = speech.told("Judged by %(named)s instead of %(named2)s", named=_named(new), named2=_named(old))
        if new.title == old.title:
            said = speech.told(
                "Version %(number)s of %(title)s instead of %(number2)s",
                number=new.number,
                title=new.title,
                number2=old.number,
            )
        return Cause(step.kind, "", step.change, said)
    part = next(part for part in old.card.parts if part.measure == step.measure)
    dressed = [
        {**(row or {}), "label": part.label, "unit": part.metric.unit} for row in (step.before, step.after)
    ]
    return Cause(step.kind, step.measure, step.change, words.move(dressed[0], dressed[1]))


def _with_overrides(
    account_id: int,
    since: date,
    until: date,
    before: float | None,
    after: float | None,
    causes: list[Cause],
    titles: tuple[str, str],
) -> ChangeView:
    """With what overrides did to what was and is shown: the change of the distance between score and override."""
    was, is_ = _overrides(account_id, since, until)
    shown = [score if found is None else found.points for score, found in ((before, was), (after, is_))]
    if was is not None or is_ is not None:
        distances = [
            None if s is None or o is None else o - s for s, o in zip((before, after), shown, strict=True)
        ]
        told = None if None in distances else round((distances[1] or 0.0) - (distances[0] or 0.0), 4)
        said = [
            _said(found, verb)
            for found, verb in ((was, speech.told("held until")), (is_, speech.told("holds until")))
            if found
        ]
        causes = [*causes, Cause("override", "", told, "; ".join(dict.fromkeys(said)))]
    return ChangeView(since, until, shown[0], shown[1], *titles, tuple(causes))


def _overrides(account_id: int, *days: date) -> tuple[models.Override | None, ...]:
    """The override that held at the end of each day. One query."""
    rows = models.Override.objects.filter(
        account=account_id, made_at__lt=end_of(max(days)), expires_on__gte=min(days)
    )
    found = list(rows.select_related("by").order_by("-made_at"))
    return tuple(next((row for row in found if overrides.holds(row, day)), None) for day in days)


def _said(found: models.Override, verb: str) -> str:
    who = str(found.by) if found.by else "Keepwell"
    return speech.told(
        "%(who)s says %(band)s: %(reason)s (%(verb)s %(expires_on)s)",
        who=who,
        band=found.band,
        reason=found.reason,
        verb=verb,
        expires_on=found.expires_on,
    )


def plain(view: ChangeView) -> dict[str, Any]:
    """A movement as JSON has it."""
    kinds = {kind: view.of_kind(kind) for kind in explaining.KINDS}
    return {
        "since": view.since, "until": view.until, "before": view.before, "after": view.after, "change": view.change,
        "by_kind": kinds, "causes": [vars(cause) for cause in view.causes],
        "before_card": view.before_card, "after_card": view.after_card,
    }  # fmt: skip
