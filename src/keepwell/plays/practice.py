"""How a company answers when an account is on fire: clocks, who is called, whom it escalates to, known causes. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from keepwell.access.roles import ROLES
from keepwell.kernel import slugs, speech, tables
from keepwell.kernel.calendars import WorkCalendar
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import DAY
from keepwell.plays.cadence_words import whole

KEYS = ("clocks", "called", "path", "stand_ins", "causes", "reopen_days")
CLOCKS = {"call": "Call", "cause": "Root cause", "plan": "Corrective plan"}
CLOCK_KEYS = ("length", "unit", "counts")
STEP_KEYS = ("after_hours", "tells")
UNITS = {"hours": "hours", "days": "days", "weeks": "weeks"}
COUNTS = {"calendar": "calendar time", "working": "working time"}
PM, STRAIGHT_TO = "pm", "executive"
ANSWERING = tuple(role for role in ROLES if role not in ("customer", "read_only", PM))
LONGEST = {"hours": 24 * 60, "days": 120, "weeks": 26}
MOST_STEPS, MOST_CAUSES, MOST_REOPEN_DAYS, MOST_AFTER_HOURS = 10, 40, 90, 24 * 60

# The agency playbook's figures: a call in 24 hours, the root cause inside one week, the corrective plan inside two; and
# straight to the executive when a clock has run out.
USUAL: dict[str, Any] = {
    "clocks": {
        "call": {"length": 24, "unit": "hours", "counts": "calendar"},
        "cause": {"length": 1, "unit": "weeks", "counts": "working"},
        "plan": {"length": 2, "unit": "weeks", "counts": "working"},
    },
    "called": ["csm", "delivery_head", "tech_lead"],
    "path": [
        {"after_hours": 0, "tells": ["executive"]},
        {"after_hours": 24, "tells": ["executive", "leader"]},
    ],
    "stand_ins": {
        "csm": ["leader", "admin"],
        "delivery_head": ["leader", "executive", "admin"],
        "tech_lead": ["delivery_head", "leader", "admin"],
        "executive": ["leader", "admin"],
        "leader": ["executive", "admin"],
    },
    "causes": {
        "adoption": speech.later("The product is not used as it was meant to be"),
        "champion": speech.later("The champion or the sponsor left"),
        "reorganisation": speech.later("The customer reorganised"),
        "defects": speech.later("Defects or outages"),
        "delivery": speech.later("Delivery was late or not what was agreed"),
        "expectations": speech.later("Expectations and scope went apart"),
        "outcome": speech.later("The outcome that was promised is missing"),
        "relationship": speech.later("The relationship suffered"),
        "price": speech.later("Price or budget"),
        "data": speech.later("The data was wrong: nothing is on fire"),
        "other": speech.later("Something else"),
    },
    "reopen_days": 14,
}


@dataclass(frozen=True)
class Clock:
    """How long something may take, in the company's working time or in calendar time."""

    length: int
    unit: str
    counts: str

    def due(self, start: datetime, calendar: WorkCalendar) -> datetime:
        """The moment when it has run out. A week of working time has as many days as the company works."""
        if self.counts == "calendar":
            return start + timedelta(**{self.unit: self.length})
        return calendar.after(start, self._working(calendar))

    def _working(self, calendar: WorkCalendar) -> timedelta:
        if self.unit == "hours":
            return timedelta(hours=self.length)
        return DAY * self.length * (len(calendar.working_days) if self.unit == "weeks" else 1)


@dataclass(frozen=True)
class Step:
    """Who is told so many hours after a clock has run out."""

    after_hours: float
    tells: tuple[str, ...]


@dataclass(frozen=True)
class Practice:
    """A declared practice; `stand_ins` says who answers where nobody holds a role, `causes` are titles by slug."""

    clocks: Mapping[str, Clock]
    called: tuple[str, ...]
    path: tuple[Step, ...]
    stand_ins: Mapping[str, tuple[str, ...]]
    causes: Mapping[str, str]
    reopen_days: int

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes."""
        return {
            "clocks": {
                kind: {"length": one.length, "unit": one.unit, "counts": one.counts}
                for kind, one in self.clocks.items()
            },
            "called": list(self.called),
            "path": [{"after_hours": step.after_hours, "tells": list(step.tells)} for step in self.path],
            "stand_ins": {role: list(others) for role, others in self.stand_ins.items()},
            "causes": dict(self.causes),
            "reopen_days": self.reopen_days,
        }

    def cause(self, slug: str) -> str:
        """The title of a cause, told to who reads; one that is no longer declared says its slug."""
        return speech.recalled(self.causes.get(slug, slug))


def read(given: Any) -> Practice:
    """The practice that is stated, what is left out as usual; refuses with the place and what is allowed there."""
    if not isinstance(given, Mapping):
        raise Invalid("A practice is a table with %(listed)s.", listed=", ".join(KEYS))
    tables.only(given, KEYS, "incidents")
    said = {**USUAL, **given}
    return Practice(
        clocks=_clocks(said["clocks"]),
        called=_roles(said["called"], "called"),
        path=_path(said["path"]),
        stand_ins=_stand_ins(said["stand_ins"]),
        causes=_causes(said["causes"]),
        reopen_days=whole(said, "reopen_days", 0, MOST_REOPEN_DAYS, "incidents"),
    )


def problems(given: Mapping[str, Any]) -> dict[str, Invalid]:
    """What is wrong with a practice that states everything, by its place: "clocks-call", "path-1", "called" and so on."""
    found: dict[str, Invalid] = {}
    for kind in CLOCKS:
        _tried(found, f"clocks-{kind}", lambda: _clocks({kind: given["clocks"][kind]}))  # noqa: B023 called at once
    _tried(found, "called", lambda: _roles(given["called"], "called"))
    _tried(found, "path", lambda: _path(given["path"]))
    for role, others in given["stand_ins"].items():
        _tried(found, f"stand-{role}", lambda: _stand_ins({role: others}))  # noqa: B023 called at once
    _tried(found, "causes", lambda: _causes(given["causes"]))
    _tried(found, "reopen_days", lambda: whole(given, "reopen_days", 0, MOST_REOPEN_DAYS, "incidents"))
    return found


def _tried(found: dict[str, Invalid], place: str, deed: Callable[[], Any]) -> None:
    try:
        deed()
    except Invalid as refusal:
        _, _, step = str(refusal.parts.get("where", "")).partition("path, step ")
        found[f"path-{int(step) - 1}" if step else place] = refusal


def usual() -> Practice:
    """What holds where nothing was declared."""
    return read({})


def _clocks(given: Any) -> dict[str, Clock]:
    if not isinstance(given, Mapping):
        raise Invalid("clocks: state %(listed)s.", listed=", ".join(CLOCKS))
    tables.only(given, tuple(CLOCKS), "clocks")
    said = {**USUAL["clocks"], **given}
    found = {}
    for kind in CLOCKS:
        one, where = said[kind], f"clocks.{kind}"
        if not isinstance(one, Mapping):
            raise Invalid(
                '%(where)s: state it as in {"length": 24, "unit": "hours", "counts": "calendar"}.',
                where=where,
            )
        tables.only(one, CLOCK_KEYS, where)
        for key, allowed in (("unit", UNITS), ("counts", COUNTS)):
            if one.get(key) not in allowed:
                raise Invalid(
                    '%(where)s: %(key)s "%(value)s" is not known. Use one of %(listed)s.',
                    where=where,
                    key=key,
                    value=one.get(key),
                    listed=", ".join(allowed),
                )
        found[kind] = Clock(whole(one, "length", 1, LONGEST[one["unit"]], where), one["unit"], one["counts"])
    return found


def _path(given: Any) -> tuple[Step, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_STEPS:
        raise Invalid(
            "path: state 1 to %(most_steps)s steps, the first of which tells the executive.",
            most_steps=MOST_STEPS,
        )
    steps, last = [], -1.0
    for number, one in enumerate(given, 1):
        where = f"path, step {number}"
        if not isinstance(one, Mapping):
            raise Invalid(
                '%(where)s: state it as in {"after_hours": 24, "tells": ["executive"]}.', where=where
            )
        tables.only(one, STEP_KEYS, where)
        after = one.get("after_hours")
        if (
            isinstance(after, bool)
            or not isinstance(after, int | float)
            or not last < after <= MOST_AFTER_HOURS
        ):
            raise Invalid(
                '%(where)s: "after_hours" must be more than in the step before, at most '
                "%(most_after_hours)s, not %(after)s.",
                where=where,
                most_after_hours=MOST_AFTER_HOURS,
                after=repr(after),
            )
        steps.append(Step(after, _roles(one.get("tells"), where)))
        last = after
    if STRAIGHT_TO not in steps[0].tells:
        raise Invalid(
            "path: its first step must tell the executive. An escalation goes from the CSM straight to the executive."
        )
    return tuple(steps)


def _roles(given: Any, where: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        raise Invalid(
            "%(where)s: name one role or more: %(listed)s.", where=where, listed=", ".join(ANSWERING)
        )
    for role in given:
        if role == PM:
            raise Invalid(
                "%(where)s: an escalation never goes through the PM, who could not be overruled "
                "then. Take the PM out.",
                where=where,
            )
        if role not in ANSWERING:
            raise Invalid(
                '%(where)s: role "%(role)s" is not known. Use one of %(listed)s.',
                where=where,
                role=role,
                listed=", ".join(ANSWERING),
            )
    return tuple(dict.fromkeys(given))


def _stand_ins(given: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(given, Mapping):
        raise Invalid("stand_ins: name for a role who answers where nobody holds it.")
    found = {}
    for role, others in given.items():
        where = f"stand_ins.{role}"
        _roles([role], where)
        if others:
            found[str(role)] = _roles(others, where)
    return found


def _causes(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping) or not 1 <= len(given) <= MOST_CAUSES:
        raise Invalid(
            "causes: state 1 to %(most_causes)s causes, each a slug with its title.", most_causes=MOST_CAUSES
        )
    found = {}
    for slug, title in given.items():
        if not isinstance(title, str) or not title.strip() or len(title) > 200:
            raise Invalid('causes: "%(slug)s" needs a title of 1 to 200 letters.', slug=slug)
        found[slugs.checked(str(slug))] = title.strip()
    return found
