"""Where a thing that is wrong with an account's data is mended."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.kernel import speech


class Place(NamedTuple):
    """A page where something can be mended."""

    title: str
    href: str


_TABS = {"account-contracts": speech.later("Open contracts"), "account-people": speech.later("Open people")}
_NEW = {
    "new-contract": (speech.later("Enter a contract"), "contracts"),
    "new-person": (speech.later("Name a person"), "people"),
    "new-touchpoint": (speech.later("Record a conversation"), "touchpoints"),
}
_FILES = {
    "import-surveys": (speech.later("Import answers"), "surveys"),
    "import-tickets": (speech.later("Import tickets"), "tickets"),
}


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
        return Place(speech.told("Edit the account"), f"{edit}?{urlencode({'back': back})}")
    assert slug == "sources", slug
    return Place(speech.told("See sources"), reverse("quality") + "#sources")
