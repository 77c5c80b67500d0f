"""What the value report says on a page. It holds nothing that the sheet does not."""

from dataclasses import dataclass

from django.urls import reverse

from keepwell.drafting.value_sheet import ValueSheet
from keepwell.faces.components.marks import Tab
from keepwell.kernel import speech


@dataclass(frozen=True)
class ValueReportPage:
    """A sheet, with the way to the other copy and to paper."""

    key: str
    sheet: ValueSheet
    tabs: tuple[Tab, ...]
    paper: str
    is_redacted: bool


def page(key: str, sheet: ValueSheet, *, copy: str) -> ValueReportPage:
    """The customer's own page, or the redacted one."""
    here = reverse("account-value-report", args=(key,))
    tabs = (
        Tab(speech.told("As the customer"), here, not copy),
        Tab(speech.told("Redacted"), f"{here}?copy=redacted", bool(copy)),
    )
    paper = reverse("account-value-pdf", args=(key,)) + ("?copy=redacted" if copy else "")
    return ValueReportPage(key, sheet, tabs, paper, bool(copy))
