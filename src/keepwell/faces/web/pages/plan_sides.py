"""What the customer sees of a plan, and two states of one beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from keepwell.drafting.plan_sheet import Sheet
from keepwell.faces.components.marks import DiffLine, Option, Tab
from keepwell.faces.web.pages.account_plan import SHAPES
from keepwell.kernel import speech
from keepwell.outcomes.queries.comparing import Line
from keepwell.outcomes.queries.plans import PlanView


@dataclass(frozen=True)
class PreviewPage:
    """A sheet, with the way to the other copy and to paper. It holds nothing that the sheet does not."""

    key: str
    sheet: Sheet
    tabs: tuple[Tab, ...]
    paper: str
    is_redacted: bool
    shapes: dict[str, str]


@dataclass(frozen=True)
class ComparisonPage:
    """What differs, field by field, under what it is of."""

    key: str
    name: str
    befores: tuple[Option, ...]
    afters: tuple[Option, ...]
    groups: tuple[tuple[str, tuple[DiffLine, ...]], ...]


def preview(key: str, sheet: Sheet, *, copy: str) -> PreviewPage:
    """The customer's own page, or the redacted one."""
    here = reverse("account-plan-preview", args=(key,))
    tabs = (
        Tab(speech.told("As the customer"), here, not copy),
        Tab(speech.told("Redacted"), f"{here}?copy=redacted", bool(copy)),
    )
    paper = reverse("account-plan-pdf", args=(key,)) + ("?copy=redacted" if copy else "")
    return PreviewPage(key, sheet, tabs, paper, bool(copy), SHAPES)


def comparison(plan: PlanView, lines: Sequence[Line], *, before: int, after: int) -> ComparisonPage:
    """The lines by what they are of, in order."""
    numbers = [one.number for one in plan.versions]
    was = before or max(numbers, default=0)
    groups: dict[str, list[DiffLine]] = {}
    for line in lines:
        title = speech.said(line.field)
        groups.setdefault(line.of or speech.told("The plan"), []).append(
            DiffLine(title, line.before, line.after)
        )
    named = [(number, speech.told("Version %(n)s", n=number)) for number in numbers]
    return ComparisonPage(
        plan.account_key,
        plan.account_name,
        tuple(Option(str(number), title, number == was) for number, title in named),
        (
            Option("0", speech.told("As it is written now"), after == 0),
            *(Option(str(number), title, number == after) for number, title in named),
        ),
        tuple((title, tuple(found)) for title, found in groups.items()),
    )
