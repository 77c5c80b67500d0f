"""Every page, for tests that walk over all of them."""

from tests.faces.web import book


def everywhere() -> tuple[str, ...]:
    """The addresses of all pages of the lived book."""
    account = "/accounts/willow/"
    return (
        "/accounts/",
        "/accounts/?q=nothing",
        f"/accounts/?q={'x' * 300}",
        "/accounts/?as_of=2026-05-31&sort=arr&descending=1",
        account,
        "/accounts/elm/",
        f"{account}usage/",
        f"{account}people/",
        f"{account}timeline/",
        f"{account}contracts/",
        f"{account}incidents/",
        f"{account}quality/",
        f"{account}charts/score/",
        "/incidents/",
        f"/incidents/{book.incident().pk}/",
        "/data/",
        "/data/imports/new/",
        "/data/quality/",
        "/data/quality/no_people/",
        "/data/sources/new/",
        "/measures/",
        "/segments/",
        "/segments/shaky/",
        "/segments/shaky/edit/",
        "/segments/new/",
        "/settings/",
        "/settings/privacy/",
        "/gallery/",
        "/accounts/nobody/",
        "/nowhere/",
    )
