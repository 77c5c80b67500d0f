"""Where a thing that is wrong with an account's data is mended."""

from typing import NamedTuple

from django.urls import reverse


class Place(NamedTuple):
    """A page where something can be mended."""

    title: str
    href: str


_TABS = {
    "account-contracts": "Open contracts",
    "account-people": "Open people",
    "account-timeline": "Open timeline",
}
_FILES = ("accounts", "contracts", "people", "surveys", "tickets", "touchpoints")


def place(slug: str, account: str) -> Place:
    """The page for a check's place."""
    if slug in _TABS:
        return Place(_TABS[slug], reverse(slug, args=(account,)))
    if slug == "sources":
        return Place("See sources", reverse("quality") + "#sources")
    if slug == "assign-owner":
        return Place("Import owners", f"{reverse('import-new')}?kind=accounts")
    kind = slug.removeprefix("import-")
    assert kind in _FILES, slug
    return Place(f"Import {kind}", f"{reverse('import-new')}?kind={kind}")
