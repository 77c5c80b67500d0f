"""What the pages of a book's cadence say: the share that is kept, the accounts that are not, outputs, what is declared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Option
from keepwell.faces.web.pages import cadence_forms
from keepwell.faces.web.pages.account_cadence import HOW, STATES, TONES, output
from keepwell.faces.web.pages.cadence_forms import CadenceForm, Typed
from keepwell.faces.web.pages.roles import role_title
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.plays.cadence import Cadence, Phase, Touch
from keepwell.plays.queries import cadences
from keepwell.plays.queries.cadence_book import BookRow, Counts
from keepwell.plays.queries.cadences import DeclarationView
from keepwell.plays.queries.outputs import OutputView

ORDER = ("late", "kept", "unknown", "unasked")


@dataclass(frozen=True)
class AccountRow:
    """An account of the book."""

    name: str
    href: str
    band: str
    arr: str
    rule: str
    last: DayMark | None
    due: DayMark | None
    state: str
    tone: str
    overdue: str


@dataclass(frozen=True)
class BookPage:
    """A book's cadence."""

    state: str
    stats: tuple[tuple[str, str, str], ...]
    whose: tuple[Option, ...]
    of: str
    states: tuple[Option, ...]
    asked: str
    rows: tuple[AccountRow, ...]
    csv: str
    outputs: str
    next: str
    first: str


@dataclass(frozen=True)
class BookOutput:
    """An output of an account of the book."""

    account: str
    account_href: str
    phase: str
    title: str
    owner: str
    due: DayMark | None
    how: str
    tone: str
    done: str
    link: str


@dataclass(frozen=True)
class OutputsPage:
    """The outputs of a book."""

    state: str
    whose: tuple[Option, ...]
    of: str
    hows: tuple[Option, ...]
    asked: str
    rows: tuple[BookOutput, ...]
    said: str
    before: str
    after: str
    csv: str
    back: str


@dataclass(frozen=True)
class PhaseRow:
    """A declared phase in words."""

    title: str
    when: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DeclaredPage:
    """What is declared, what was before, and the form."""

    since: str
    lines: tuple[tuple[str, str], ...]
    phases: tuple[PhaseRow, ...]
    before: tuple[str, ...]
    typed: str
    is_declared: bool
    may_change: bool
    refused: str
    form: CadenceForm | None
    is_typing: bool


def address(name: str, of: Whose, **more: object) -> str:
    """A page of the same book."""
    told = {"of": of.slug, **{key: str(value) for key, value in more.items() if value not in ("", None)}}
    return f"{reverse(name)}?{urlencode(told)}"


def book(
    of: Whose, found: Sequence[BookRow], count: int, counts: Counts, *, asked: str, after: int, limit: int,
    whose: tuple[tuple[str, str], ...], today: date,
) -> BookPage:  # fmt: skip
    """The page of a book."""
    told = {state: getattr(counts, state) for state in ORDER}
    said = (
        speech.told("%(who)s: no touchpoint is recorded yet, so that nothing can be told.", who=of.title)
        if counts.share is None
        else speech.told(
            "%(who)s: kept with %(share)s of the accounts of which it can be told.",
            who=of.title, share=words.percent(100 * counts.share),
        )
    )  # fmt: skip
    return BookPage(
        state=said,
        stats=(
            (
                speech.told("Cadence kept"),
                "–" if counts.share is None else words.percent(100 * counts.share),
                speech.told("of %(n)s", n=words.count(counts.kept + counts.late, "account")),
            ),
            (speech.told("Broken"), words.whole(counts.late), ""),
            (speech.told("Cannot be told"), words.whole(counts.unknown), ""),
            (speech.told("Nothing is asked"), words.whole(counts.unasked), ""),
        ),
        whose=tuple(Option(slug, title, slug == of.slug) for slug, title in whose),
        of=of.slug,
        states=tuple(
            Option(
                address("cadence", of, state=state),
                f"{speech.said(STATES[state])} {words.whole(told[state])}",
                state == asked,
            )
            for state in ORDER
        ),
        asked=asked,
        rows=tuple(_row(one, today) for one in found),
        csv=address("cadence-csv", of, state=asked),
        outputs=address("cadence-outputs", of),
        next=address("cadence", of, state=asked, after=after + limit) if count > after + limit else "",
        first=address("cadence", of, state=asked) if after else "",
    )


def _row(one: BookRow, today: date) -> AccountRow:
    standing = one.standing
    shown = standing.broken[0] if standing.broken else standing.next
    return AccountRow(
        name=one.name,
        href=reverse("account-cadence", args=(one.key,)),
        band=one.band,
        arr=words.short_money(one.arr) if one.arr else "–",
        rule="" if shown is None else cadences.rule_said(shown.duty),
        last=None if shown is None else DayMark.of(shown.last, today=today),
        due=None if shown is None else DayMark.of(shown.due, today=today),
        state=speech.said(STATES[standing.state]),
        tone=TONES.get(standing.state, ""),
        overdue=words.count(one.overdue, "output") if one.overdue else "",
    )


def outputs(
    of: Whose, found: Sequence[OutputView], *, asked: str, is_cut: bool, whose: tuple[tuple[str, str], ...],
    today: date, after: int, limit: int,
) -> OutputsPage:  # fmt: skip
    """The page of a book's outputs: those after a place, the soonest due first."""
    shown, last = found[after : after + limit], after + limit
    said = words.count(len(found), "output")
    if is_cut:
        said = speech.told("%(outputs)s of the largest accounts", outputs=said)
    return OutputsPage(
        state=f"{of.title}: {said}.",
        whose=tuple(Option(slug, title, slug == of.slug) for slug, title in whose),
        of=of.slug,
        hows=tuple(
            Option(address("cadence-outputs", of, how=how), speech.said(HOW[how]), how == asked)
            for how in HOW
        ),
        asked=asked,
        rows=tuple(_output(one, today) for one in shown),
        said=speech.told("%(first)s to %(last)s", first=after + 1, last=after + len(shown))
        if len(shown) < len(found)
        else "",
        before=address("cadence-outputs", of, how=asked, after=max(0, after - limit)) if after else "",
        after=address("cadence-outputs", of, how=asked, after=last) if last < len(found) else "",
        csv=address("cadence-outputs-csv", of, how=asked),
        back=address("cadence", of),
    )


def _output(one: OutputView, today: date) -> BookOutput:
    row = output(one, day=today)
    return BookOutput(
        one.account_name, reverse("account-cadence", args=(one.account_key,)), one.phase_title, row.title,
        row.owner, row.due, row.how, row.tone, row.done, row.link,
    )  # fmt: skip


def declared(
    found: Sequence[DeclarationView],
    *,
    may_change: bool,
    today: date,
    typed: str = "",
    refused: str = "",
    form: Typed | None = None,
    problems: Mapping[str, Invalid] | None = None,
) -> DeclaredPage:
    """What is declared; `form` is what somebody is typing into it."""
    now = found[0]
    shown = form or cadence_forms.of(now.cadence)
    since = speech.told("As usual: nobody declared it")
    if now.declared_at is not None:
        since = speech.told(
            "Declared %(day)s", day=words.day(words.local_day(now.declared_at), today=today, dated=True)
        )
    return DeclaredPage(
        since=since,
        lines=_lines(now.cadence),
        phases=tuple(_phase(one) for one in now.cadence.phases),
        before=tuple(_before(one, today) for one in found[1:]),
        typed=typed or json.dumps(now.cadence.written, indent=2, ensure_ascii=False),
        is_declared=now.declared_at is not None,
        may_change=may_change,
        refused=refused,
        form=cadence_forms.form(shown, problems or {}) if may_change else None,
        is_typing=form is not None,
    )


def _before(one: DeclarationView, today: date) -> str:
    assert one.declared_at is not None
    assert one.ended_at is not None
    days = [words.day(words.local_day(at), today=today, dated=True) for at in (one.declared_at, one.ended_at)]
    return speech.told(
        "From %(since)s until %(until)s, by %(who)s",
        since=days[0], until=days[1], who=one.declared_by or "Keepwell",
    )  # fmt: skip


def _lines(said: Cadence) -> tuple[tuple[str, str], ...]:
    bands = [
        (speech.said(cadences.BANDS[band]), cadences.rhythm_said(one)) for band, one in said.bands.items()
    ]
    tiers = [
        (
            one.title,
            speech.told("by programmes alone") if one.rhythm is None else cadences.rhythm_said(one.rhythm),
        )
        for one in said.tiers.values()
    ]
    return (*bands, *tiers)


def _phase(one: Phase) -> PhaseRow:
    touches = [(touch.title, _touch(touch)) for touch in one.touchpoints]
    made = [
        (output.title, speech.told("due %(days)s after it began", days=words.count(output.due_days, "day")))
        for output in one.outputs
    ]
    led = (speech.told("Led by"), words.listed([role_title(role) for role in one.owner]))
    return PhaseRow(one.title, _when(one), (led, *touches, *made))


def _touch(one: Touch) -> str:
    said = cadences.rhythm_said(one.rhythm)
    if one.until_day is not None:
        said = speech.told("%(often)s, until day %(day)s", often=said, day=one.until_day)
    elif one.from_day:
        said = speech.told("%(often)s, from day %(day)s on", often=said, day=one.from_day)
    return f"{said} ({', '.join(one.tiers)})" if one.tiers else said


def _when(one: Phase) -> str:
    named = speech.told("when its phase is called %(names)s", names=words.listed(list(one.names)))
    if one.before_renewal_days is not None:
        return speech.told(
            "%(named)s, or %(days)s before it renews",
            named=named, days=words.count(one.before_renewal_days, "day"),
        )  # fmt: skip
    if one.from_day is None:
        return named
    if one.until_day is None:
        return speech.told("%(named)s, or from day %(first)s on", named=named, first=one.from_day)
    return speech.told(
        "%(named)s, or from day %(first)s until day %(last)s",
        named=named, first=one.from_day, last=one.until_day,
    )  # fmt: skip
