"""What the pages of segments say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.urls import reverse

from keepwell.charts.chart import Picture
from keepwell.charts.member_history import MemberHistory
from keepwell.charts.render import picture
from keepwell.charts.sparkline import sparkline
from keepwell.faces.components import words
from keepwell.faces.web.pages.conditions import Draft, Node
from keepwell.faces.web.pages.phases import OrderPart
from keepwell.faces.web.pages.uses import UseRow
from keepwell.kernel import speech
from keepwell.segments.queries.segments import Headcount, MemberView, Move, Preview, SegmentView

SPARK_WEEKS = 13


@dataclass(frozen=True)
class SegmentRow:
    """A segment in the list."""

    slug: str
    title: str
    href: str
    words: str
    members: str
    unknown: str
    arr: str
    spark: str
    is_waiting: bool


@dataclass(frozen=True)
class SegmentsPage:
    """All segments."""

    state: str
    rows: tuple[SegmentRow, ...]
    phases: OrderPart
    may_change: bool


@dataclass(frozen=True)
class MemberRow:
    """An account of a segment, since when and why."""

    name: str
    href: str
    since: str
    why: str
    arr: str


@dataclass(frozen=True)
class MoveRow:
    """An account that came or went."""

    name: str
    href: str
    day: str
    verb: str
    entered: bool
    why: str


@dataclass(frozen=True)
class SegmentPage:
    """One segment: what it says, who is in, who came and went."""

    slug: str
    title: str
    sentence: str
    words: str
    state: str
    pictures: tuple[Picture, ...]
    members: tuple[MemberRow, ...]
    more: str
    unknown: tuple[MemberRow, ...]
    moves: tuple[MoveRow, ...]
    is_waiting: bool
    progress: str
    may_change: bool
    csv: str
    uses: tuple[UseRow, ...] = ()
    on: str = ""


@dataclass(frozen=True)
class Live:
    """Whom the condition would hold for, beside the form; `awaits`: the page asks for it by itself."""

    members: str = ""
    of: str = ""
    arr: str = ""
    unknown: str = ""
    words: str = ""
    some: tuple[MemberRow, ...] = ()
    more: str = ""
    refused: str = ""
    awaits: bool = False
    moved: str = ""
    coming: tuple[MemberRow, ...] = ()
    going: tuple[MemberRow, ...] = ()


@dataclass(frozen=True)
class EditPage:
    """The form of a segment; `slug` is empty while it has none."""

    slug: str
    title: str
    sentence: str
    draft: Draft
    node: Node
    names: tuple[str, ...]
    live: Live
    refused: str = ""
    uses: tuple[UseRow, ...] = ()

    @property
    def action(self) -> str:
        """Where the form goes."""
        return reverse("segment-edit", args=(self.slug,)) if self.slug else reverse("segment-new")


def listing(
    found: Sequence[SegmentView],
    history: Mapping[str, Sequence[Headcount]],
    order: OrderPart,
    *,
    may_change: bool,
) -> SegmentsPage:
    """The list, by title."""
    return SegmentsPage(
        speech.told(
            "%(segments)s; an account may be in several.", segments=words.count(len(found), "segment")
        )
        if found
        else "",
        tuple(_row(view, history.get(view.slug, ())) for view in found),
        order,
        may_change,
    )


def _row(view: SegmentView, history: Sequence[Headcount]) -> SegmentRow:
    weeks = [float(count.members) for count in history[-SPARK_WEEKS:]]
    return SegmentRow(
        view.slug,
        view.title,
        reverse("segment", args=(view.slug,)),
        view.words,
        words.whole(view.members),
        words.whole(view.unknown) if view.unknown else "",
        words.short_money(view.arr) if view.arr else "–",
        sparkline(weeks, band="unknown", label=speech.told("Accounts"), is_score=False) if weeks else "",
        view.computed_as_of is None,
    )


def detail(
    view: SegmentView,
    members: Sequence[MemberView],
    unknown: Sequence[MemberView],
    moves: Sequence[Move],
    history: Sequence[Headcount],
    *,
    today: date,
    may_change: bool,
    day: date | None = None,
    uses: tuple[UseRow, ...] = (),
) -> SegmentPage:
    """One segment, with those who are in it or were on a past day."""
    then = next((count for count in history if count.day == day), None)
    there, untold = (then.members, then.unknown) if then else (view.members, view.unknown)
    worth = (
        speech.told(" with %(arr)s ARR", arr=words.short_money(view.arr)) if view.arr and day is None else ""
    )
    blind = (
        speech.told("; of %(accounts)s it cannot be told", accounts=words.count(untold, "account"))
        if untold
        else ""
    )
    frame = pl.DataFrame(
        [(c.day, c.members, c.unknown) for c in history], ["day", "members", "unknown"], orient="row"
    )
    left = view.members - len(members) if day is None else 0
    asked = f"?day={day}" if day else ""
    return SegmentPage(
        view.slug,
        view.title,
        view.sentence,
        view.words,
        "" if view.computed_as_of is None else f"{words.count(there, 'account')}{worth}{blind}.",
        (_history(view.slug, frame),) if history else (),
        tuple(_member(member, today) for member in members),
        speech.told("%(left)s more are in the CSV.", left=words.whole(left)) if left > 0 else "",
        tuple(_member(member, today) for member in unknown),
        tuple(
            MoveRow(
                move.name or move.key,
                reverse("account", args=(move.key,)),
                words.day(move.day, today=today),
                speech.told("entered" if move.entered else "left"),
                move.entered,
                "; ".join(move.because),
            )
            for move in moves
        ),
        view.computed_as_of is None or view.progress is not None,
        _progress(view),
        may_change,
        f"{reverse('segment-csv', args=(view.slug,))}{asked}",
        uses,
        words.day(day, today=today) if day else "",
    )


def _history(slug: str, frame: pl.DataFrame) -> Picture:
    """How many there were; each day opens who they were."""
    days = frame["day"].sort(descending=True).to_list()
    here = reverse("segment", args=(slug,))
    return picture(MemberHistory(), frame).opening(
        lambda row, column: "" if column else f"{here}?day={days[row]}" if row else here
    )


def _progress(view: SegmentView) -> str:
    found = view.progress
    if found is None or not found.total:
        return speech.told("This segment waits to be counted over all stored days.")
    return speech.told(
        "This segment is being counted over all stored days: %(done)s of %(total)s accounts.",
        done=words.whole(found.done),
        total=words.whole(found.total),
    )


def _member(member: MemberView, today: date) -> MemberRow:
    return MemberRow(
        member.name or member.key,
        reverse("account", args=(member.key,)),
        words.day(member.since, today=today),
        "; ".join(member.because),
        words.short_money(member.arr) if member.arr else "–",
    )


def live(found: Preview, *, today: date, is_saved: bool = False) -> Live:
    """What the form says of its condition."""
    left = found.members - len(found.some)
    return Live(
        members=words.count(found.members, "account"),
        of=speech.told("of %(customers)s that you see", customers=words.whole(found.customers)),
        arr=words.short_money(found.arr) if found.arr else "",
        unknown=speech.told(
            "Of %(accounts)s it cannot be told.", accounts=words.count(found.unknown, "account")
        )
        if found.unknown
        else "",
        words=found.words,
        some=tuple(_member(member, today) for member in found.some),
        more=speech.told("and %(left)s more", left=words.whole(left)) if left > 0 else "",
        moved=_moved(found) if is_saved else "",
        coming=tuple(_member(member, today) for member in found.coming),
        going=tuple(_member(member, today) for member in found.going),
    )


def _moved(found: Preview) -> str:
    """What saving would change of who is in it."""
    if not found.comes and not found.goes:
        return speech.told("As saved: nobody would enter or leave.")
    return speech.told(
        "%(comes)s would enter and %(goes)s leave if this is saved.",
        comes=words.whole(found.comes),
        goes=words.whole(found.goes),
    )
