"""What each rule says of one account now: it fires, it is quiet, or that cannot be told, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.ledger.queries import accounts
from keepwell.metrics.conditions import judging as conditions
from keepwell.metrics.conditions import tree
from keepwell.metrics.queries import values
from keepwell.segments.queries import vocabulary
from keepwell.signals import declared, models
from keepwell.signals.queries import judging

State = Literal["fires", "quiet", "unknown", "waits"]
ORDER: dict[str, str] = {
    "fires": speech.later("Fires"),
    "unknown": speech.later("Cannot be told"),
    "waits": speech.later("Not watching yet"),
    "quiet": speech.later("Quiet"),
}


@dataclass(frozen=True)
class RuleAnswer:
    """What a rule says; `because` decides it, and `missing` is what would have to be known for an answer.

    `since` is when it fired, if that stands. A rule that waits for its first look, or for what it asks to be measured, says
    nothing yet.
    """

    rule: str
    title: str
    severity: str
    sentence: str
    state: State
    because: tuple[str, ...]
    missing: tuple[str, ...]
    signal: int | None
    since: datetime | None


def of_account(*, key: str, seen_by: Scope) -> tuple[RuleAnswer, ...]:
    """Every rule that watches, what fires first, then what cannot be told.

    One account's share of a sweep: a few scans of the facts whatever the number of rules.
    """
    account = accounts.find(key=key, seen_by=seen_by).id
    rules = list(
        models.Rule.objects.filter(active=True, published__isnull=False)
        .select_related("published")
        .order_by("title", "slug")
    )
    words, covered = vocabulary.accounts(), values.extent()
    said = {rule.pk: declared.read(rule.published.definition, words) for rule in rules if rule.published}
    if covered is None:
        return _sorted([_waits(rule) for rule in rules])
    measured = covered.definition.keys()
    asked = {pk: one.condition for pk, one in said.items() if one.metrics <= measured}
    blocks = list(judging.judged(asked, accounts=[account], day=covered.as_of, whole=False))
    row = blocks[0].table.row(0, named=True) if blocks else {}
    fired = {firing.rule_id: firing for firing in _standing(account)}
    told = []
    for rule in rules:
        if rule.pk not in asked:
            told.append(_waits(rule))
            continue
        holds = blocks[0].answers(rule.pk)["holds"].item()
        verdict = conditions.judge(asked[rule.pk], row, as_of=covered.as_of)
        missing = tuple(
            dict.fromkeys(
                leaf.subject.title
                for leaf in tree.leaves(asked[rule.pk])
                if leaf.operator is not None and row.get(leaf.column) is None
            )
        )
        told.append(_answer(rule, holds, verdict.because, missing, fired.get(rule.pk)))
    return _sorted(told)


def _standing(account: int) -> Sequence[models.Firing]:
    return list(models.Firing.objects.filter(account=account, ended_at=None))


def _answer(
    rule: models.Rule,
    holds: bool | None,
    because: tuple[str, ...],
    missing: tuple[str, ...],
    firing: models.Firing | None,
) -> RuleAnswer:
    """`because` says why the condition answers so; of who left, every rule is quiet."""
    state: State = "unknown" if holds is None else "fires" if holds else "quiet"
    return RuleAnswer(
        rule.slug,
        rule.title,
        rule.published.definition["severity"] if rule.published else "",
        rule.published.sentence if rule.published else "",
        state,
        because,
        missing if holds is None else (),
        None if firing is None else firing.pk,
        None if firing is None else firing.at,
    )


def _waits(rule: models.Rule) -> RuleAnswer:
    said = _answer(rule, None, (), (), None)
    return RuleAnswer(said.rule, said.title, said.severity, said.sentence, "waits", (), (), None, None)


def _sorted(found: list[RuleAnswer]) -> tuple[RuleAnswer, ...]:
    order = list(ORDER)
    return tuple(sorted(found, key=lambda one: (order.index(one.state), one.title)))
