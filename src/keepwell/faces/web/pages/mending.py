"""Where a thing that is wrong with an account's data is mended."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse


class Place(NamedTuple):
    """A page where something can be mended."""

    title: str
    href: str


_TABS = {"account-contracts": "Open contracts", "account-people": "Open people"}
_NEW = {
    "new-contract": ("Enter a contract", "contracts"),
    "new-person": ("Name a person", "people"),
    "new-touchpoint": ("Record a conversation", "touchpoints"),
}
_FILES = {"import-surveys": ("Import answers", "surveys"), "import-tickets": ("Import tickets", "tickets")}


def place(slug: str, account: str) -> Place:
    """The page for a check's place; whoever mends something there comes back to the account's quality."""
    back = reverse("account-quality", args=(account,))
    if slug in _TABS:
        return Place(_TABS[slug], reverse(slug, args=(account,)))
    if slug in _NEW:
        title, kind = _NEW[slug]
        asked = urlencode({"account": account, "back": back})
        return Place(title, f"{reverse('record-new', args=(kind,))}?{asked}")
    if slug in _FILES:
        title, kind = _FILES[slug]
        return Place(title, f"{reverse('import-new')}?kind={kind}")
    if slug == "edit-account":
        edit = reverse("record", args=("accounts", account))
        return Place("Edit the account", f"{edit}?{urlencode({'back': back})}")
    assert slug == "sources", slug
    return Place("See sources", reverse("quality") + "#sources")
