"""When a customer counts as gone: what the company declared, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid, Refused
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.vocabulary import EVENTS
from keepwell.metrics.conditions.words import words

KEY = "departure"
GRACE_DAYS = 30
LEAST_SILENT_DAYS, MOST_SILENT_DAYS = 7, 730
KEYS = {"contract_end": ("kind", "grace_days"), "silence": ("kind", "days", "events"), "told": ("kind",)}
WORDS = {
    "contract_end": speech.later(
        "its last contract ended and no other was active or began within %(grace_days)s days"
    ),
    "silence": speech.later("nobody of it used the product for %(days)s days"),
    "told": speech.later("a source said so, with the event account.churned"),
}
OF_SOME = speech.later("it had no event of this kind for %(days)s days: %(events)s")


@dataclass(frozen=True)
class Departure:
    """How a customer leaves. `days` is the silence that counts, `grace_days` how late a next contract may begin.

    `events` says which events break the silence; None: any use of the product.
    """

    kind: str
    days: int = 0
    grace_days: int = 0
    events: tree.Condition | None = None

    @property
    def definition(self) -> dict[str, Any]:
        """As it is stored."""
        said = {key: getattr(self, key) for key in KEYS[self.kind] if key != "events"}
        return said if self.events is None else said | {"events": tree.written(self.events)}

    @property
    def sentence(self) -> str:
        """ "A customer has left when …"."""
        text = WORDS[self.kind] if self.events is None else OF_SOME
        said = speech.told(text, days=self.days, grace_days=self.grace_days, events=_asked(self.events))
        return speech.told("A customer has left when %(said)s.", said=said)

    @property
    def usual_horizon_days(self) -> int:
        """How far ahead a proof looks unless told: a silence is foreseen no sooner than it lasts."""
        return max(self.days, 90)

    @property
    def settled_after_days(self) -> int:
        """How long after the day itself it takes until it is certain that a customer left."""
        return self.grace_days

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of events that are looked at: use of the product, unless the condition asks about the kind."""
        asks = self.events is not None and "kind" in tree.subjects(self.events)
        return ("usage", "fact") if asks else ("usage",)


def _asked(events: tree.Condition | None) -> str:
    said = "" if events is None else words(events)
    return said[:1].lower() + said[1:]


def read(given: Any) -> Departure:
    """The departure that a company declares; refuses with what is allowed."""
    if not isinstance(given, Mapping) or given.get("kind") not in KEYS:
        raise Invalid(
            'departure: "kind" must be one of %(listed)s, as in {"kind": "silence", "days": 90}.',
            listed=", ".join(KEYS),
        )
    kind = str(given["kind"])
    if extra := sorted(set(given) - set(KEYS[kind])):
        raise Invalid(
            'departure: "%(extra)s" is not known. Allowed: %(listed)s.',
            extra=extra[0],
            listed=", ".join(KEYS[kind]),
        )
    if kind == "silence":
        days = _whole(given, "days", LEAST_SILENT_DAYS, MOST_SILENT_DAYS)
        return Departure(kind, days=days, events=_events(given.get("events")))
    if kind == "contract_end":
        given = {"grace_days": GRACE_DAYS, **given}
        return Departure(kind, grace_days=_whole(given, "grace_days", 0, 365))
    return Departure(kind)


def _events(given: Any) -> tree.Condition | None:
    if given is None:
        return None
    try:
        return tree.read(given, EVENTS)
    except Refused as refused:
        raise Invalid("departure: events: %(refused)s", refused=str(refused)) from None


def _whole(given: Mapping[str, Any], name: str, least: int, most: int) -> int:
    found = given.get(name)
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise Invalid(
            'departure: "%(name)s" must be a whole number of days from %(least)s to %(most)s, not %(found)s.',
            name=name,
            least=least,
            most=most,
            found=repr(found),
        )
    return found
