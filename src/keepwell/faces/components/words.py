"""Numbers, money, days and durations as people read them; the clock is an argument, the zone the reader's."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from keepwell.kernel.figures import MINUS, figure, measured
from keepwell.kernel.moments import utc
from keepwell.kernel.money import SIGNS, Money

HARD = "\u00a0"
FAR_DAYS = 120
SHORT_FORMS = {"it", "csm", "pm", "cto", "ceo", "cfo", "nps", "csat", "ces", "qbr"}


def number(value: float | None, unit: str = "") -> str:
    """A value with its unit, or a dash where it is unknown; NPS stands bare with its sign."""
    if value is None:
        return "–"
    if unit == "NPS" and value > 0:
        return f"+{figure(value)}"
    return measured(value, unit, gap=HARD)


def points(value: float | None) -> str:
    """A score as a whole number, or a dash."""
    return "–" if value is None else f"{value:.0f}"


def signed(value: float) -> str:
    """A change in points with its sign; nothing moved is "0"."""
    text = f"{abs(value):.0f}"
    return text if text == "0" else f"{'+' if value > 0 else MINUS}{text}"


def count(how_many: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 incident", "1,204 accounts"."""
    return f"{how_many:,}{HARD}{one if how_many == 1 else many or one + 's'}"


def spoken(slug: str) -> str:
    """A slug as a word of a sentence begun: "product_owner" is "Product owner"."""
    text = slug.replace("_", " ").replace("-", " ").strip()
    return text.upper() if text in SHORT_FORMS else text[:1].upper() + text[1:]


def money(amount: Money | None) -> str:
    """Money in full, or a dash."""
    return "–" if amount is None else str(amount)


def short_money(amount: Money) -> str:
    """Money to three figures for totals: "$14.2M", "EUR 340k"."""
    size = float(abs(amount.amount))
    for step, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if size >= step * 0.9995:
            scaled = float(amount.amount) / step
            text = f"{scaled:,.{0 if abs(scaled) >= 100 else 1}f}".replace(".0", "") + letter
            break
    else:
        text = f"{amount.amount:,.0f}"
    sign = SIGNS.get(amount.currency)
    return f"{sign}{text}" if sign else f"{amount.currency}{HARD}{text}"


def sums(amounts: tuple[Money, ...]) -> str:
    """Totals by currency in one line, or nothing."""
    return " + ".join(short_money(amount) for amount in amounts)


def day(when: date, *, today: date, dated: bool = False) -> str:
    """A day as "3 Dec", with its year where that could be taken for another one.

    `dated` keeps the year of all but the near days of this year: for terms that begin and end in different years.
    """
    text = f"{when.day}{HARD}{when:%b}"
    is_same_year, is_near = when.year == today.year, abs((when - today).days) < FAR_DAYS
    is_clear = is_same_year and is_near if dated else is_same_year or is_near
    return text if is_clear else f"{text}{HARD}{when.year}"


def away(when: date, *, today: date) -> str:
    """How far a day is: "today", "in 12 days", "34 days ago", "in 5 months"."""
    distance = (when - today).days
    if abs(distance) < 2:
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[distance]
    size = abs(distance)
    text = count(size, "day") if size < FAR_DAYS else count(round(size / 30.44), "month")
    if size >= 730:
        text = count(size // 365, "year")
    return f"in {text}" if distance > 0 else f"{text} ago"


def clock_time(at: datetime) -> str:
    """The time of day, in the reader's zone."""
    return f"{timezone.localtime(utc(at)):%H:%M}"


def moment(at: datetime, *, today: date) -> str:
    """A day and time in the reader's zone: "3 Dec, 14:00 UTC"."""
    there = timezone.localtime(utc(at))
    return f"{day(there.date(), today=today)}, {clock_time(at)}{HARD}{there:%Z}"


def span(length: timedelta) -> str:
    """A duration by its two largest units: "2 d 4 h", "3 h 12 min", "40 s"."""
    seconds = max(0, int(length.total_seconds()))
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    sizes = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    first = next((i for i, (size, _) in enumerate(sizes) if size), 3)
    kept = [f"{size}{HARD}{unit}" for size, unit in sizes[first : first + 2] if size]
    return " ".join(kept) or f"0{HARD}s"


def initials(name: str) -> str:
    """Two letters for a person's mark."""
    name = name.partition("@")[0]
    parts = [part for part in name.replace(".", " ").split() if part[0].isalnum()]
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else parts[0][1:2])).upper()
