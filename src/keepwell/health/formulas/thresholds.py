"""Thresholds as people write them: "> 70", ">= 50", "< 20"."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keepwell.kernel.errors import Invalid

_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_TEXT = re.compile(r"\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class Threshold:
    """One side of a figure, with or without the figure itself."""

    sign: str
    figure: float

    def holds(self, value: Any) -> Any:
        """Whether a number, or each number of a column, lies on this side."""
        return _SIGNS[self.sign](value, self.figure)

    @property
    def upward(self) -> bool:
        """Whether it holds for large numbers."""
        return self.sign.startswith(">")

    @property
    def inclusive(self) -> bool:
        """Whether it holds for the figure itself."""
        return self.sign.endswith("=")

    def __str__(self) -> str:
        return f"{self.sign} {self.figure:g}"


def parse(text: object) -> Threshold:
    """The threshold that a text states."""
    found = _TEXT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise Invalid(
            '"%(text)s" is no threshold. Write a sign and a figure: "> 70", ">= 50", "< 20", "<= 3".',
            text=text,
        )
    return Threshold(found[1], float(found[2]))


def paired(green: Threshold, red: Threshold) -> tuple[Threshold, Threshold]:
    """Green and red, which must face away from each other without overlap; what lies between is yellow."""
    apart = green.figure > red.figure if green.upward else green.figure < red.figure
    touching = green.figure == red.figure and not (green.inclusive and red.inclusive)
    if green.upward == red.upward or not (apart or touching):
        raise Invalid(
            'green "%(green)s" and red "%(red)s" overlap or face the same way. Use for example "> '
            '70", "< 50".',
            green=green,
            red=red,
        )
    return green, red
