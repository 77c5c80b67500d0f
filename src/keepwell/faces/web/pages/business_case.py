"""What the business case for a renewal says on a page. It holds nothing that the sheet does not."""

from dataclasses import dataclass

from django.urls import reverse

from keepwell.drafting.case_sheet import CaseSheet, CaseUse
from keepwell.faces.web.asking import READ


@dataclass(frozen=True)
class BusinessCasePage:
    """The sheet; `awaits` is where its use is read, once the page is there."""

    key: str
    sheet: CaseSheet
    use: CaseUse | None
    awaits: str
    paper: str


def page(key: str, sheet: CaseSheet, use: CaseUse | None) -> BusinessCasePage:
    """With the use, or before it was read."""
    here = reverse("account-value-case", args=(key,))
    return BusinessCasePage(
        key, sheet, use, f"{here}?{READ}=1" if use is None else "", reverse("account-value-case-pdf", args=(key,))
    )  # fmt: skip
