"""Every page, for tests that walk over all of them."""

from tests.faces.web import book, office


def everywhere() -> tuple[str, ...]:
    """The addresses of all pages of the lived book, and of what lies on its desk."""
    account = "/accounts/willow/"
    return (
        "/accounts/",
        "/accounts/?q=nothing",
        f"/accounts/?q={'x' * 300}",
        "/accounts/?as_of=2026-05-31&sort=arr&descending=1",
        account,
        "/accounts/elm/",
        f"{account}movement/?since=2026-06-01",
        f"{account}peers/",
        f"{account}usage/",
        f"{account}people/",
        f"{account}timeline/",
        f"{account}contracts/",
        f"{account}service/",
        f"{account}delivery/",
        f"{account}incidents/",
        f"{account}quality/",
        f"{account}charts/score/",
        "/incidents/",
        f"/incidents/{book.incident().pk}/",
        *office.places(),
        "/measures/",
        "/measures/?q=ticket",
        "/measures/?q=nothingatall",
        "/measures/active_people/",
        "/measures/active_people/?sort=name",
        "/measures/new/",
        "/measures/new/?like=first_contact_resolution",
        "/measures/usage_events/",
        "/measures/usage_events/?now=1",
        "/segments/",
        "/segments/shaky/",
        "/segments/shaky/edit/",
        "/segments/new/",
        "/settings/",
        "/settings/scorecards/",
        "/settings/scorecards/new/",
        "/settings/scorecards/saas-health/",
        "/settings/scorecards/saas-health/draft/",
        "/gallery/",
        "/accounts/nobody/",
        "/nowhere/",
    )
