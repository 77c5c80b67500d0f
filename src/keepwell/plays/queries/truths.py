"""What a playbook's conditions say of accounts now, and the facts that stand in its texts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from keepwell.kernel.figures import measured
from keepwell.ledger.models import Account, Ownership, Stakeholder
from keepwell.metrics.conditions.tree import Every, Leaf
from keepwell.metrics.queries import values
from keepwell.plays.formulas import texts
from keepwell.plays.formulas.running import Truth
from keepwell.plays.playbook import Declared
from keepwell.segments.queries import vocabulary
from keepwell.signals.queries import judging


def current(at: datetime) -> date:
    """The day of which numbers are stored, else today."""
    covered = values.extent()
    return at.date() if covered is None else covered.as_of


def told(
    playbook: Declared, *, accounts: Sequence[int], day: date, names: Collection[str] | None = None
) -> dict[int, dict[str, Truth]]:
    """What each condition of a playbook says of each account, by its name; a few scans of their facts."""
    asked = [name for name in playbook.conditions if names is None or name in names]
    found: dict[int, dict[str, Truth]] = {account: {} for account in accounts}
    conditions = {number: playbook.conditions[name] for number, name in enumerate(asked)}
    for judged in judging.judged(conditions, accounts=accounts, day=day, whole=False):
        for number, name in enumerate(asked):
            answers = dict(judged.answers(number).iter_rows())
            because = judged.because(number, list(answers))
            for account, holds in answers.items():
                found[account][name] = Truth(holds, because[account])
    return found


def facts(
    names: Collection[str], *, account: Account, playbook: str, day: date
) -> dict[str, tuple[str, Any, str]]:
    """What is known of an account for the fields of texts: by field in words, as it is stored, and where it stands.

    The same columns that conditions ask about; who owns the account and who champions us are asked besides.
    """
    own = {"playbook": (playbook, playbook, "playbook"), "today": (_day(day), day.isoformat(), "clock")}
    found = {name: own[name] for name in names if name in own}
    found |= _people([name for name in names if name.startswith(texts.PERSON)], account)
    if "champion" in names:
        people = Stakeholder.objects.filter(account=account, stance="champion", status="active")
        name = people.exclude(person__name="").order_by("pk").values_list("person__name", flat=True).first()
        found |= {} if name is None else {"champion": (name, name, "people")}
    return found | _asked([name for name in names if name not in found], account, day)


def _people(names: Collection[str], account: Account) -> dict[str, tuple[str, Any, str]]:
    if not names:
        return {}
    roles = {name.removeprefix(texts.PERSON): name for name in names}
    rows = Ownership.objects.filter(account=account, until=None, role__in=roles).select_related("user")
    return {roles[row.role]: (str(row.user), str(row.user), "owners") for row in rows}


def _asked(names: Collection[str], account: Account, day: date) -> dict[str, tuple[str, Any, str]]:
    words = vocabulary.accounts() if names else None
    subjects = (
        {name: words.find(name) for name in names if name not in texts.OWN and "person." not in name}
        if words
        else {}
    )
    if not subjects:
        return {}
    leaves = tuple(Leaf(subject, None, True) for subject in subjects.values())
    seen: Mapping[str, Any] = {}
    for judged in judging.judged({0: Every(leaves)}, accounts=[account.pk], day=day, whole=False):
        seen = judged.seen(0, [account.pk]).get(account.pk, {})
    return {
        name: (_words(subject.kind, subject.unit, seen[name]), seen[name], day.isoformat())
        for name, subject in subjects.items()
        if seen.get(name) is not None
    }


def _words(kind: str, unit: str, value: Any) -> str:
    if kind == "day":
        return _day(date.fromisoformat(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return measured(value, unit)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
