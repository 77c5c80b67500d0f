"""When a customer counts as gone: what the company declared, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.kernel.errors import Invalid

KEY = "departure"
GRACE_DAYS = 30
LEAST_SILENT_DAYS, MOST_SILENT_DAYS = 7, 730
KEYS = {"contract_end": ("kind", "grace_days"), "silence": ("kind", "days"), "told": ("kind",)}
WORDS = {
    "contract_end": "its last contract ended and no other was active or began within {grace_days} days",
    "silence": "nobody of it used the product for {days} days",
    "told": "a source said so, with the event account.churned",
}


@dataclass(frozen=True)
class Departure:
    """How a customer leaves. `days` is the silence that counts, `grace_days` how late a next contract may begin."""

    kind: str
    days: int = 0
    grace_days: int = 0

    @property
    def definition(self) -> dict[str, Any]:
        """As it is stored."""
        return {key: getattr(self, key) for key in KEYS[self.kind]}

    @property
    def sentence(self) -> str:
        """ "A customer has left when …"."""
        said = WORDS[self.kind].format(days=self.days, grace_days=self.grace_days)
        return f"A customer has left when {said}."

    @property
    def usual_horizon_days(self) -> int:
        """How far ahead a proof looks unless told: a silence is foreseen no sooner than it lasts."""
        return max(self.days, 90)

    @property
    def settled_after_days(self) -> int:
        """How long after the day itself it takes until it is certain that a customer left."""
        return self.grace_days


def read(given: Any) -> Departure:
    """The departure that a company declares; refuses with what is allowed."""
    if not isinstance(given, Mapping) or given.get("kind") not in KEYS:
        raise Invalid(
            f'departure: "kind" must be one of {", ".join(KEYS)}, as in {{"kind": "silence", "days": 90}}.'
        )
    kind = str(given["kind"])
    if extra := sorted(set(given) - set(KEYS[kind])):
        raise Invalid(f'departure: "{extra[0]}" is not known. Allowed: {", ".join(KEYS[kind])}.')
    if kind == "silence":
        return Departure(kind, days=_whole(given, "days", LEAST_SILENT_DAYS, MOST_SILENT_DAYS))
    if kind == "contract_end":
        given = {"grace_days": GRACE_DAYS, **given}
        return Departure(kind, grace_days=_whole(given, "grace_days", 0, 365))
    return Departure(kind)


def _whole(given: Mapping[str, Any], name: str, least: int, most: int) -> int:
    found = given.get(name)
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise Invalid(
            f'departure: "{name}" must be a whole number of days from {least} to {most}, not {found!r}.'
        )
    return found
