"""How well a thing answers what was typed. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from keepwell.kernel import folding
from keepwell.search.formulas.marks import LEAST_SLIP

EXACT, BEGUN, SLIPPED = 30, 20, 8
LONG = 8
SAME, STARTS = 60, 25
OWN, RECENT = 18, 40
HEAVY = 999


@dataclass(frozen=True)
class Typed:
    """What was typed, folded and in words."""

    folded: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Typed":
        """From the text of the field; of an address what stands before its domain."""
        words = folding.words(re.sub(r"(?<=\S)@\S*", "", text))
        return cls(" ".join(words), words)


def fit(typed: Typed, title: str, also: str) -> float | None:
    """How well the words fit, whatever the thing weighs; None when one of them fits nowhere."""
    in_title, elsewhere = folding.words(title), folding.words(also)
    total = 0.0
    for word in typed.words:
        best = max(_best(word, in_title), 0.6 * _best(word, elsewhere))
        if not best:
            return None
        total += best
    folded = " ".join(in_title)
    total /= len(typed.words) or 1
    if folded == typed.folded:
        return total + SAME
    return total + (STARTS if folded.startswith(typed.folded) else 0)


def _best(word: str, others: Sequence[str]) -> float:
    best = 0.0
    for other in others:
        if other == word:
            return EXACT
        if other.startswith(word) or (word in other and not word.isascii()):
            best = max(best, BEGUN)
        elif not best and len(word) >= LEAST_SLIP and word.isalpha():
            slips = 2 if len(word) >= LONG else 1
            if len({*word[:5]} & {*other[:6]}) < 3 - slips // 2:
                continue
            if folding.is_within(word, other, slips=slips):
                best = SLIPPED
    return best


def score(fitting: float, *, weight: int, own: bool, recent: int | None) -> float:
    """What orders the answers: how well it fits, whether it is one's own or was opened lately, and what it weighs."""
    lately = RECENT / (1 + recent) if recent is not None else 0.0
    return fitting + lately + (OWN if own else 0) + 20 * weight / HEAVY
