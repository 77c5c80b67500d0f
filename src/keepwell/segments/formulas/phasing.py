"""In which phase an account is, as a condition: what somebody said, else the first phase whose rule holds, else as imported.

Rules are asked in order and in three answers: where an earlier phase cannot be told, a later one cannot either.
"""

from collections.abc import Mapping
from datetime import date

from keepwell.metrics.conditions.tree import Condition, Either, Every, Leaf, Not
from keepwell.metrics.conditions.vocabulary import Subject

BY_HAND = Subject("phase.by_hand", "Phase by hand", "text")
_ANY_DAY = date.min  # phases are texts: no day is compared


def asked(leaf: Leaf, rules: Mapping[str, Condition]) -> Condition:
    """A question about the phase in terms of `rules`, each phase's condition, in order."""
    said = Leaf(BY_HAND, None, value=True)
    if leaf.operator is None:
        known = Either((said, *rules.values(), leaf if leaf.value else Not(leaf)))
        return known if leaf.value else Not(known)
    operator, value = leaf.operator, leaf.value
    by_hand = Every((said, Leaf(BY_HAND, operator, value)))
    slugs = list(rules)
    ruled = [_first(rules, slug) for slug in slugs if operator.holds(slug, value, _ANY_DAY)]
    imported = Every((*(Not(rule) for rule in rules.values()), leaf))
    return Either((by_hand, Every((Not(said), Either((*ruled, imported))))))


def _first(rules: Mapping[str, Condition], phase: str) -> Condition:
    """That a phase's rule holds and none before it."""
    before = list(rules)[: list(rules).index(phase)]
    return Every((*(Not(rules[slug]) for slug in before), rules[phase]))
