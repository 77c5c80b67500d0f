"""Every component in every state, with invented values; a test renders it and axe walks over it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from keepwell.charts.chart import Picture
from keepwell.charts.registry import CHARTS
from keepwell.charts.render import picture
from keepwell.charts.sparkbars import sparkbars
from keepwell.charts.strip import strip
from keepwell.faces.components import words
from keepwell.faces.components.bands import BANDS, Band
from keepwell.faces.components.icons import ICONS
from keepwell.faces.components.marks import (
    AgeMark,
    ClockMark,
    DayMark,
    Delta,
    DiffLine,
    Option,
    PersonMark,
    ScoreMark,
    Tab,
)
from keepwell.faces.components.stances import STANCES, Stance

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
FALLING = (78.0, 79.0, 76.0, 77.0, 74.0, 71.0, None, None, 66.0, 58.0, 52.0, 41.0, 36.0)
STEADY = (81.0, 82.0, 81.0, 80.0, 82.0, 83.0, 82.0, 84.0, 83.0, 82.0, 84.0, 85.0, 84.0)
SPECIMENS = Path(__file__).parents[1] / "templates/web/gallery"
YOUNG = (*[None] * 9, 61.0, 60.0, 63.0, 64.0)

STAKEHOLDERS = (
    ("Grace Hopper", "COO", "champion"),
    ("Alan Kay", "Architect", "neutral"),
    ("Barbara Liskov", "CTO", "sceptic"),
    ("Edsger Dijkstra", "Head of IT", "blocker"),
    ("Ada Lovelace", "", ""),
)


@dataclass(frozen=True)
class Spark:
    """A sparkline's values and band."""

    points: tuple[float | None, ...]
    band: str


@dataclass(frozen=True)
class Specimen:
    """A component's place in the gallery: one template, named as its style sheet is."""

    name: str

    @property
    def title(self) -> str:
        """Its name as a word."""
        return words.spoken(self.name)

    @property
    def template(self) -> str:
        """Where it is drawn."""
        return f"web/gallery/{self.name}.html"


@dataclass(frozen=True)
class GalleryPage:
    """The values of every component."""

    specimens: tuple[Specimen, ...]
    bands: tuple[Band, ...]
    scores: tuple[ScoreMark, ...]
    sparks: tuple[Spark, ...]
    deltas: tuple[Delta | None, ...]
    days: tuple[DayMark | None, ...]
    clocks: tuple[ClockMark, ...]
    stakeholders: tuple[PersonMark, ...]
    stances: tuple[Stance, ...]
    icons: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    options: tuple[Option, ...]
    pictures: tuple[Picture, ...]
    ages: tuple[AgeMark, ...]
    lines: tuple[DiffLine, ...]
    faults: tuple[tuple[str, str], ...]
    periods: tuple[Tab, ...]
    sentences: tuple[tuple[tuple[str, bool], ...], ...]
    verdicts: tuple[tuple[str, str], ...]
    tones: tuple[str, ...]
    depths: tuple[int, ...]
    strip: str
    bars: str


def page() -> GalleryPage:
    """All of it."""
    return GalleryPage(
        specimens=tuple(Specimen(path.stem) for path in sorted(SPECIMENS.glob("*.html"))),
        bands=tuple(BANDS.values()),
        scores=(
            _score(84.2, "green", 100, 84, 84),
            _score(61.0, "yellow", 80, 49, 69),
            _score(36.4, "red", 92, 33, 41),
            _score(None, "unknown", 35, 12, 77),
        ),
        sparks=(
            Spark(STEADY, "green"),
            Spark(FALLING, "red"),
            Spark(YOUNG, "yellow"),
            Spark((None,) * 13, "unknown"),
        ),
        deltas=(
            Delta.of(-14.0, "Core-feature adoption fell from 50 % to 12 %"),
            Delta.of(6.0, "Active people rose from 11 to 18"),
            Delta.of(0.0, ""),
            None,
        ),
        days=(*(_day(days) for days in (0, 1, 12, 200, -34)), None),
        clocks=(
            _clock(hours=31),
            _clock(hours=3),
            _clock(hours=-2),
            ClockMark.of(due_at=NOW, now=NOW, stopped_at=NOW - timedelta(hours=5)),
            ClockMark.of(due_at=None, now=NOW),
        ),
        stakeholders=tuple(
            PersonMark.of(name, title=title, stance=stance) for name, title, stance in STAKEHOLDERS
        ),
        stances=tuple(STANCES.values()),
        icons=tuple(ICONS),
        facts=(("Unit", "%"), ("Window", "90 days"), ("Unknown when", "no core feature is declared")),
        options=(
            Option("accounts", "Accounts", True, "One row a customer."),
            Option("contracts", "Contracts", False, "One row a contract."),
        ),
        pictures=tuple(
            picture(declared.chart, declared.example()).opening(lambda row, column: "#g-chart")
            for declared in CHARTS.values()
        ),
        ages=tuple(_age(days) for days in (1, 20, 45, None)),
        lines=(
            DiffLine("Renewal", "3 Dec 2026", "3 Dec 2027"),
            DiffLine("Owner", "", "Ben"),
            DiffLine("Discount", "10 %", ""),
            DiffLine("ARR", "$48,000", "$48,000"),
        ),
        faults=(
            ("g-2", "Renewal date: “31/02/2026” is no date. Use YYYY-MM-DD."),
            ("g-4", "Cause: say what brought it here."),
        ),
        periods=tuple(
            Tab(title, "#g-segmented", place == 1) for place, title in enumerate(("Month", "Quarter", "Year"))
        ),
        sentences=(
            (("Health fell by more than", False), ("10", True), ("over", False), ("30 days", True)),
            (("Industry is", False), ("Retail", True)),
        ),
        verdicts=(
            ("proven", "Proven"),
            ("weak", "Weak"),
            ("chance", "No better than chance"),
            ("too_little", "Too little to tell"),
        ),
        tones=("good", "warn", "bad", "quiet"),
        depths=tuple(range(7)),
        strip=strip(
            (11.0, 14.0, 18.0, 26.0, 40.0), 12.0, told="12 people; half of the others have more than 18"
        ),
        bars=sparkbars((412, 380, 0, 402, 1730, 390), label="Events by day"),
    )


def _age(days: int | None) -> AgeMark:
    newest = None if days is None else TODAY - timedelta(days=days)
    return AgeMark.of(newest, today=TODAY, allowed_days=30)


def _score(points: float | None, band: str, known: float, low: float, high: float) -> ScoreMark:
    return ScoreMark.of(points=points, slug=band, known_weight=known, low=low, high=high)


def _day(away: int) -> DayMark | None:
    return DayMark.of(TODAY + timedelta(days=away), today=TODAY)


def _clock(*, hours: int) -> ClockMark:
    return ClockMark.of(due_at=NOW + timedelta(hours=hours), now=NOW)
