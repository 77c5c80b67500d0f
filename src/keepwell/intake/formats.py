"""How a file writes days and decimals, and cells written so as the parsers read them: days ISO, decimals with a point."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from keepwell.kernel import errors

DAYS = {
    "iso": "2026-01-31",
    "day_first": "31/01/2026, 31.1.2026",
    "month_first": "01/31/2026",
}
DECIMALS = {"point": "1,234.50", "comma": "1.234,50"}
_HINTS = {"day_first": "DD/MM/YYYY", "month_first": "MM/DD/YYYY"}
DAY_FORMS = ("day", "moment")
FIGURE_FORMS = ("amount", "number")
_SLASHED = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})(?:[ T,]+(.+))?")
_COMMA = re.compile(r"[^\d-]*-?(\d+|\d{1,3}([. \u00a0]\d{3})+)(,\d+)?[^\d]*")
_SURELY_COMMA = re.compile(r"\D*\d{1,3}(\.\d{3})+,\d+\D*|\D*\d+,(\d{1,2}|\d{4,})\D*")
_ISO_TIME = re.compile(r"\d{1,2}:\d{2}")


@dataclass(frozen=True)
class Formats:
    """How a file writes days and decimals."""

    days: str = "iso"
    decimals: str = "point"

    @classmethod
    def of(cls, plain: Mapping[str, str]) -> "Formats":
        """From what JSON or a form holds; `Invalid` when a format is not known."""
        days, decimals = plain.get("days") or "iso", plain.get("decimals") or "point"
        if days not in DAYS:
            raise errors.Invalid(
                '"%(days)s" is no format of days. Use one of: %(listed)s.', days=days, listed=", ".join(DAYS)
            )
        if decimals not in DECIMALS:
            raise errors.Invalid(
                '"%(decimals)s" is no decimal sign. Use one of: %(listed)s.',
                decimals=decimals,
                listed=", ".join(DECIMALS),
            )
        return cls(days, decimals)

    def plain(self) -> dict[str, str]:
        """What JSON can hold."""
        return {"days": self.days, "decimals": self.decimals}

    def normal(self, cell: str, form: str) -> str:
        """A cell as the parsers read it; one that is already so, or means something else, stays as it is."""
        if self.days != "iso" and form in DAY_FORMS:
            return self._day(cell)
        if self.decimals == "comma" and form in FIGURE_FORMS:
            return self._figure(cell)
        return cell

    def _day(self, cell: str) -> str:
        found = _SLASHED.fullmatch(cell)
        if found is None:
            return cell
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        day, month = (first, second) if self.days == "day_first" else (second, first)
        try:
            iso = date(year, month, day).isoformat()
        except ValueError:
            raise errors.Invalid(
                '"%(cell)s" is no date. Use %(hints)s.', cell=cell, hints=_HINTS[self.days]
            ) from None
        if not found[5]:
            return iso
        time = found[5].strip()
        return f"{iso}T{time.zfill(5) if len(time) == 4 else time}" if _ISO_TIME.match(time) else cell

    def _figure(self, cell: str) -> str:
        if not _COMMA.fullmatch(cell):
            raise errors.Invalid(
                '"%(cell)s" is no amount. Use digits and a decimal comma, as in 1.234,50.', cell=cell[:60]
            )
        return re.sub(r"(?<=\d)[. \u00a0](?=\d)", "", cell).replace(",", ".")


@dataclass(frozen=True)
class Guess:
    """How the cells of a file seem to be written; `ambiguous` is a day that can be read two ways."""

    formats: Formats
    ambiguous: str = ""


def guess(*, days: Iterable[str], figures: Iterable[str]) -> Guess:
    """From cells of columns that hold days and figures; nothing seen means the usual."""
    seen = [found for cell in days if (found := _SLASHED.fullmatch(cell.strip()))]
    is_comma = any(_SURELY_COMMA.fullmatch(cell.strip()) for cell in figures)
    decimals = "comma" if is_comma else "point"
    if not seen:
        return Guess(Formats("iso", decimals))
    if any(int(found[3]) > 12 for found in seen):
        return Guess(Formats("month_first", decimals))
    if any(int(found[1]) > 12 for found in seen) or all(found[2] == "." for found in seen):
        return Guess(Formats("day_first", decimals))
    return Guess(Formats("day_first", decimals), seen[0][0])
