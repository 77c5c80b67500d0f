"""Small frozen values that components print: a score, a change, a day, a clock. Views make them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from keepwell.faces.components import words
from keepwell.faces.components.bands import Band, band
from keepwell.kernel import speech
from keepwell.kernel.moments import utc

SHORT = timedelta(hours=4)


@dataclass(frozen=True)
class ScoreMark:
    """Health in one glance: points, band, and how much of the card's weight is known."""

    points: str
    band: Band
    known: int
    reach: str

    @classmethod
    def of(
        cls,
        *,
        points: float | None,
        slug: str | None,
        known_weight: float | None,
        low: float | None,
        high: float | None,
    ) -> "ScoreMark":
        """`reach` says what the score could be once everything is known; empty when everything is."""
        known = 100 if known_weight is None else round(known_weight)
        partly = known < 100 and low is not None and high is not None
        reach = f"{words.points(low)}–{words.points(high)}" if partly else ""
        return cls(words.points(points), band(slug), known, reach)

    @property
    def is_partial(self) -> bool:
        """Whether some of the weight is unknown."""
        return self.known < 100


@dataclass(frozen=True)
class Delta:
    """A change and the main reason for it."""

    by: str
    sign: str
    why: str

    @classmethod
    def of(cls, change: float | None, why: str) -> "Delta | None":
        """No mark where there is nothing to compare with."""
        if change is None:
            return None
        moved = round(change)
        return cls(words.signed(change), "up" if moved > 0 else "down" if moved < 0 else "same", why)


@dataclass(frozen=True)
class DayMark:
    """A day in words and as a date: "in 12 days · 3 Dec"."""

    iso: str
    away: str
    day: str
    is_far: bool = False

    @classmethod
    def of(cls, when: date | datetime | None, *, today: date, dated: bool = False) -> "DayMark | None":
        """No mark for no day; `dated` says the year of all but the near days of this year."""
        if when is None:
            return None
        on = words.day_when(when) if isinstance(when, datetime) else when
        is_far = abs((on - today).days) >= words.FAR_DAYS
        said = words.day(on, today=today, dated=dated)
        return cls(on.isoformat(), words.away(on, today=today), said, is_far)


@dataclass(frozen=True)
class ClockMark:
    """How long is left, in words and as a time; `state` is running, short, over, stopped or none."""

    iso: str
    words: str
    at: str
    state: str

    @classmethod
    def of(cls, *, due_at: datetime | None, now: datetime, stopped_at: datetime | None = None) -> "ClockMark":
        """A stopped clock says whether it stopped in time."""
        today = words.local_day(now)
        if due_at is None:
            return cls("", speech.told("No deadline"), "", "none")
        at = speech.told("due %(due_at)s", due_at=words.moment(due_at, today=today))
        if stopped_at is not None:
            late = stopped_at - due_at
            told = (
                speech.told("Closed %(late)s late", late=words.span(late))
                if late > timedelta(0)
                else speech.told("Closed in time")
            )
            return cls(utc(due_at).isoformat(), told, at, "stopped")
        left = due_at - now
        if left <= timedelta(0):
            return cls(
                utc(due_at).isoformat(), speech.told("%(left)s over", left=words.span(-left)), at, "over"
            )
        return cls(
            utc(due_at).isoformat(),
            speech.told("%(left)s left", left=words.span(left)),
            at,
            "short" if left < SHORT else "running",
        )


STANCES = {
    "champion": "green",
    "supporter": "green",
    "neutral": "unknown",
    "sceptic": "yellow",
    "blocker": "red",
}


@dataclass(frozen=True)
class PersonMark:
    """One of the customer's people in brief: initials, and how they stand to us as a shape and a word."""

    name: str
    initials: str
    title: str
    stance: str
    shape: str

    @classmethod
    def of(cls, name: str, *, title: str = "", stance: str = "") -> "PersonMark":
        """No shape where the stance is not known."""
        return cls(name, words.initials(name), title, words.spoken(stance), STANCES.get(stance, ""))


@dataclass(frozen=True)
class AgeMark:
    """How old what is known is: `state` is fresh, old (past half of what is allowed), stale or never."""

    words: str
    state: str
    arc: str = ""
    iso: str = ""

    @classmethod
    def of(cls, newest: date | None, *, today: date, allowed_days: int) -> "AgeMark":
        """The ring closes as the allowed age is used up."""
        if newest is None:
            return cls("never", "never")
        days = max(0, (today - newest).days)
        share = min(1.0, days / allowed_days)
        state = "stale" if days > allowed_days else "old" if share > 0.5 else "fresh"
        return cls(words.away(newest, today=today), state, f"{share * 28.27:.2f}", newest.isoformat())


@dataclass(frozen=True)
class DiffLine:
    """A field before and after."""

    title: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """Same, added, gone or changed."""
        if self.before == self.after:
            return "same"
        return "added" if not self.before else "gone" if not self.after else "changed"


@dataclass(frozen=True)
class Crumb:
    """A step on the way to the page."""

    title: str
    href: str


@dataclass(frozen=True)
class Tab:
    """A part of a page with its own URL."""

    title: str
    href: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True)
class Option:
    """One choice of a list."""

    value: str
    title: str
    is_chosen: bool = False
    help: str = ""
