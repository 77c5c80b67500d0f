"""The journey of customers as a company declares it: criteria and length of phases, and what first value is. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.kernel import slugs, tables
from keepwell.kernel.errors import Invalid

KEYS = ("phases", "first_value")
PHASE_KEYS = ("slug", "expected_days", "entry", "exit", "entry_when", "exit_when")
VALUE_KEYS = ("metric", "milestone", "weeks")
MOST_PHASES, MOST_DAYS, MOST_WEEKS, LONGEST = 20, 4000, 104, 500

# "Time to value: aim for less than eight weeks" (glossary); the first use of a core feature is what Keepwell measures.
USUAL: dict[str, Any] = {"metric": "days_to_activation", "weeks": 8}
Check = Callable[[Any], Any]


@dataclass(frozen=True)
class Criteria:
    """By what a phase begins and ends, in words and as conditions (None: words alone), and how long it is expected to take."""

    slug: str
    expected_days: int | None = None
    entry: str = ""
    exit: str = ""
    entry_when: Any = None
    exit_when: Any = None

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes."""
        return {key: value for key in PHASE_KEYS if (value := getattr(self, key)) not in ("", None)}


@dataclass(frozen=True)
class FirstValue:
    """When a customer has its first value: a metric tells the days until then, or a milestone of this name is done."""

    metric: str = ""
    milestone: str = ""
    weeks: int = 8

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes."""
        return {key: value for key in VALUE_KEYS if (value := getattr(self, key)) != ""}


@dataclass(frozen=True)
class Journey:
    """All of it, phases in their order."""

    phases: tuple[Criteria, ...]
    first_value: FirstValue

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes."""
        return {"first_value": self.first_value.written, "phases": [one.written for one in self.phases]}

    def phase(self, slug: str) -> Criteria:
        """What is declared of a phase; of one that is not, nothing."""
        return next((one for one in self.phases if one.slug == slug), Criteria(slug))


def read(given: Any, *, condition: Check, metrics: Mapping[str, Any]) -> Journey:
    """The journey that is stated; `condition` reads a condition and gives it as it is stored. Refuses with the place."""
    tables.only(given, KEYS, "journey")
    rows = given.get("phases", [])
    if not isinstance(rows, list) or len(rows) > MOST_PHASES:
        raise Invalid('journey: "phases" is a list of at most %(most)s.', most=MOST_PHASES)
    phases = tuple(_phase(one, number, condition) for number, one in enumerate(rows, 1))
    said = [one.slug for one in phases]
    if twice := sorted({slug for slug in said if said.count(slug) > 1}):
        raise Invalid('phases: "%(slug)s" is there twice.', slug=twice[0])
    return Journey(phases, _first_value(given.get("first_value", USUAL), metrics))


def stored(given: Any) -> Journey:
    """As `read`, of what was checked before it was stored."""
    rows = given.get("phases", [])
    return Journey(tuple(Criteria(**row) for row in rows), FirstValue(**given.get("first_value", USUAL)))


def _phase(given: Any, number: int, condition: Check) -> Criteria:
    where = f"phases, number {number}"
    tables.only(given, PHASE_KEYS, where)
    slug = slugs.checked(tables.text(given, "slug", where))
    where = f"phases.{slug}"
    days = given.get("expected_days")
    return Criteria(
        slug=slug,
        expected_days=None if days is None else _whole(days, "expected_days", MOST_DAYS, where),
        entry=_words(given, "entry", where),
        exit=_words(given, "exit", where),
        entry_when=_condition(given, "entry_when", where, condition),
        exit_when=_condition(given, "exit_when", where, condition),
    )


def _words(given: Mapping[str, Any], key: str, where: str) -> str:
    found = given.get(key, "")
    if not isinstance(found, str) or len(found) > LONGEST:
        raise Invalid(
            '%(where)s: "%(key)s" is a text of at most %(most)s letters.', where=where, key=key, most=LONGEST
        )
    return found.strip()


def _condition(given: Mapping[str, Any], key: str, where: str, condition: Check) -> Any:
    if given.get(key) is None:
        return None
    try:
        return condition(given[key])
    except Invalid as refusal:
        raise Invalid("%(where)s, %(key)s: %(refusal)s", where=where, key=key, refusal=str(refusal)) from None


def _first_value(given: Any, metrics: Mapping[str, Any]) -> FirstValue:
    tables.only(given, VALUE_KEYS, "first_value")
    metric, milestone = (_words(given, key, "first_value") for key in ("metric", "milestone"))
    if bool(metric) == bool(milestone):
        raise Invalid('first_value: name either a "metric" that counts days or a "milestone".')
    if metric and (metric not in metrics or getattr(metrics[metric], "unit", "") != "days"):
        raise Invalid(
            'first_value: "%(metric)s" is no metric that counts days. Look for its slug under Measures.',
            metric=metric,
        )
    return FirstValue(metric, milestone, _whole(given.get("weeks", 8), "weeks", MOST_WEEKS, "first_value"))


def _whole(given: Any, key: str, most: int, where: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= most:
        raise Invalid(
            '%(where)s: "%(key)s" must be a whole number from 1 to %(most)s.', where=where, key=key, most=most
        )
    return given
