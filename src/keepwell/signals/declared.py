"""What a rule declares: for whom it watches, for what, how grave it is, whose it is, and what it opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.access.roles import ROLES
from keepwell.kernel import speech, tables
from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions import tree, words
from keepwell.metrics.conditions.tree import Condition, Every
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.segments.queries import vocabulary

KEYS = ("severity", "foretells", "owner", "applies", "when", "again_after_days", "opens")
OPENS_KEYS = ("title", "clock_hours", "tasks")
TASK_KEYS = ("title", "role", "hours", "clock")
CLOCKS = ("call", "cause", "plan")  # those of an incident
SEVERITIES = {
    "critical": speech.later("Critical"),
    "high": speech.later("High"),
    "medium": speech.later("Medium"),
    "low": speech.later("Low"),
}
OUTCOMES = {
    "churn": speech.later("Churn"),
    "expansion": speech.later("Expansion"),
    "nothing": speech.later("Nothing to be measured"),
}
USUAL = {"severity": "medium", "foretells": "churn", "owner": "csm", "again_after_days": 0}
MOST_DAYS = 365


@dataclass(frozen=True)
class Declared:
    """A rule's definition, read; `condition` is all of it without segments, `written` what is stored."""

    severity: str
    foretells: str
    owner: str
    applies: Condition | None
    when: Condition
    condition: Condition
    again_after_days: int
    opens: Mapping[str, Any] | None

    @property
    def sentence(self) -> str:
        """The whole rule in words."""
        said = words.words(self.when)
        return said if self.applies is None else f"{words.words(self.applies)}: {said[:1].lower()}{said[1:]}"

    @property
    def metrics(self) -> frozenset[str]:
        """Every metric that is asked for, those of segments included."""
        return vocabulary.metrics_of(self.condition)

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes, with nothing left to what is usual."""
        said: dict[str, Any] = {
            "severity": self.severity,
            "foretells": self.foretells,
            "owner": self.owner,
            "again_after_days": self.again_after_days,
        }
        if self.applies is not None:
            said["applies"] = tree.written(self.applies)
        said["when"] = tree.written(self.when)
        if self.opens is not None:
            said["opens"] = dict(self.opens)
        return said


def read(given: Mapping[str, Any], said: Vocabulary | None = None, *, plain: bool = True) -> Declared:
    """The rule that a definition states; refuses with the place and what is allowed there.

    A few queries unless the words are given. `plain` False leaves segments as they are asked, for those that are not
    there yet.
    """
    tables.only(given, KEYS, "the rule")
    known = said or vocabulary.accounts()
    told = {**USUAL, **given}
    if "when" not in given:
        raise Invalid('the rule: "when" is missing. State the condition under which it fires.')
    applies = vocabulary.read(given["applies"], known) if given.get("applies") else None
    when = vocabulary.read(given["when"], known)
    whole = when if applies is None else Every((applies, when))
    return Declared(
        severity=_one_of(told, "severity", SEVERITIES),
        foretells=_one_of(told, "foretells", OUTCOMES),
        owner=_one_of(told, "owner", ROLES),
        applies=applies,
        when=when,
        condition=vocabulary.plain(whole, known) if plain else whole,
        again_after_days=_days(told["again_after_days"]),
        opens=_opens(given["opens"]) if given.get("opens") else None,
    )


def _one_of(told: Mapping[str, Any], key: str, allowed: Mapping[str, Any]) -> str:
    found = told[key]
    if found not in allowed:
        raise Invalid(
            'the rule: %(key)s "%(found)s" is not known. Use one of %(listed)s.',
            key=key,
            found=found,
            listed=", ".join(allowed),
        )
    return str(found)


def _days(found: Any) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= MOST_DAYS:
        raise Invalid(
            'the rule: "again_after_days" must be 0 to %(most_days)s whole days, not %(found)s.',
            most_days=MOST_DAYS,
            found=repr(found),
        )
    return found


def _opens(given: Any) -> dict[str, Any]:
    tables.only(given, OPENS_KEYS, "opens")
    tables.text(given, "title", "opens")
    if "clock_hours" in given:
        _hours(given, "clock_hours", "opens")
    for number, task in enumerate(given.get("tasks", ())):
        where = f"opens.tasks[{number}]"
        tables.only(task, TASK_KEYS, where)
        tables.text(task, "title", where)
        if "clock" not in task:
            _hours(task, "hours", where)
        elif task["clock"] not in CLOCKS:
            raise Invalid(
                '%(where)s: clock "%(task)s" is not known. Use one of %(listed)s.',
                where=where,
                task=task["clock"],
                listed=", ".join(CLOCKS),
            )
        elif "hours" in task:
            raise Invalid(
                "%(where)s: a task of a clock is due when that runs out. State either hours or clock.",
                where=where,
            )
        if task.get("role") not in ROLES:
            raise Invalid(
                '%(where)s: role "%(value)s" is not known. Use one of %(listed)s.',
                where=where,
                value=task.get("role"),
                listed=", ".join(ROLES),
            )
    return dict(given)


def _hours(given: Mapping[str, Any], key: str, where: str) -> None:
    found = given.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float) or found <= 0:
        raise Invalid(
            '%(where)s: "%(key)s" must be a number of hours above 0, not %(found)s.',
            where=where,
            key=key,
            found=repr(found),
        )
