"""Figures as people read them, the same on every page, in every chart and in every reason; signs are the reader's."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from keepwell.kernel import speech

MINUS = "\u2212"
HARD = "\u00a0"
SINGLE = {
    "days": "day", "people": "person", "events": "event", "hours": "hour", "minutes": "minute", "rows": "row",
    "files": "file", "tickets": "ticket", "weeks": "week", "accounts": "account",
}  # fmt: skip
BARE = ("", "NPS")
NARROW = (
    (Decimal(10) ** 9, "bn"),
    (Decimal(10) ** 6, "M"),
    (Decimal(10) ** 3, "k"),
)  # of the house's English


@dataclass(frozen=True)
class Signs:
    """How a language writes numbers: its signs, where its currency stands, what follows thousands and millions."""

    table: dict[int, str]
    percent: str
    money: str
    steps: tuple[tuple[Decimal, str], ...]


@lru_cache(maxsize=64)
def signs(language: str) -> Signs:
    """From Unicode's CLDR, with Latin digits everywhere; English has the house's own percent and short forms."""
    locale = speech.locale(language)
    latin = locale.number_symbols["latn"]
    minus = "\u200e" + MINUS if locale.text_direction == "rtl" else MINUS
    table = {ord(","): latin["group"], ord("."): latin["decimal"], ord("-"): minus, ord(MINUS): minus}
    around = locale.currency_formats["standard"].pattern.partition(";")[0].replace("#,##0.00", "%(amount)s")
    house = language.partition("-")[0] == speech.ENGLISH
    percent = locale.percent_formats[None].pattern.partition(";")[0].replace("%", "%%")
    return Signs(
        table,
        "%(figure)s %%" if language == speech.ENGLISH else percent.replace("#,##0", "%(figure)s"),
        around.replace("¤", "%(sign)s").replace(" ", HARD),
        NARROW if house else _steps(language),
    )


def _steps(language: str) -> tuple[tuple[Decimal, str], ...]:
    """What a language writes after billions, millions and thousands; what it does not shorten is left out."""
    short = speech.locale(language).compact_decimal_formats["short"]["other"]
    steps = ((Decimal(10) ** n, short[str(10**n)].suffix[0].replace("'", "")) for n in (9, 6, 3))
    return tuple((size, said) for size, said in steps if said)


def here() -> Signs:
    """The reader's."""
    return signs(speech.language())


class Whole(int):
    """A whole number in a hole of a text that is handed on: grouped as the reader's language does where it is shown."""

    __slots__ = ()

    @property
    def english(self) -> str:
        """As programs read it."""
        return f"{int(self):,}"

    def __str__(self) -> str:
        return whole(self)


def whole(value: float | Decimal) -> str:
    """A whole number: "1,204", "1.204"."""
    return f"{value:,.0f}".translate(here().table)


def exact(value: float | Decimal, decimals: int = 2) -> str:
    """A number with just so many decimals: "1,204.50"."""
    return f"{value:,.{decimals}f}".translate(here().table)


def figure(value: float, *, decimals: int = 1) -> str:
    """One decimal at most: 0.3, 22.2, 18, 1,204; a true minus sign."""
    rounded = round(value, decimals)
    text = f"{abs(rounded):,.{0 if float(rounded).is_integer() else decimals}f}"
    return (f"-{text}" if rounded < 0 else text).translate(here().table)


def percent(text: str) -> str:
    """A figure that is a share of a hundred: "12 %"."""
    return here().percent % {"figure": text}


def shared(value: float, *, decimals: int = 0) -> str:
    """A share of a hundred with its sign: "12 %"."""
    return percent(exact(value, decimals))


def measured(value: float, unit: str, *, gap: str = " ") -> str:
    """A figure with its unit: "12 %", "1 day", "2.3 a month"; NPS stands bare."""
    text = figure(value)
    if unit in BARE:
        return text
    return percent(text).replace(" ", gap) if unit == "%" else f"{text}{gap}{one_or_many(value, unit)}"


def one_or_many(value: float, unit: str) -> str:
    """The unit as it stands beside a figure: "day" beside 1."""
    if unit not in SINGLE:
        return speech.told(unit) if unit else ""
    return speech.noun(round(value, 1), SINGLE[unit], unit)


def priced(text: str, sign: str) -> str:
    """A figure with its currency, where the language puts it; a code keeps its distance."""
    pattern = here().money
    gap = HARD if pattern.startswith("%(sign)s%") and len(sign) > 1 else ""
    return pattern % {"amount": text, "sign": sign + gap}


def short(value: Decimal) -> str:
    """To three figures: "14.2M", "340k"; a language that does not shorten thousands has them in full."""
    for step, letter in here().steps:
        if abs(value) >= step * Decimal("0.9995"):
            scaled = value / step
            digits = 0 if abs(scaled) >= 100 else 1
            text = f"{scaled:,.{digits}f}".removesuffix(".0")
            return text.translate(here().table) + letter
    return whole(value)
