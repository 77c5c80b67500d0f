"""The addresses of the journey of customers, and of advocacy."""

from django.urls import URLPattern, path

from keepwell.faces.web.views import account_advocacy, account_journey, advocacy, journey_declared, journeys


def paths() -> list[URLPattern]:
    """All of them; asked once the parts of addresses are registered."""
    return [
        path("accounts/<account_key:key>/journey/", account_journey.overview, name="account-journey"),
        path("accounts/<account_key:key>/journey.csv", account_journey.download, name="account-journey-csv"),
        path("accounts/<account_key:key>/journey/deed/", account_journey.deed, name="account-journey-deed"),
        path("accounts/<account_key:key>/advocacy/", account_advocacy.overview, name="account-advocacy"),
        path(
            "accounts/<account_key:key>/advocacy.csv", account_advocacy.download, name="account-advocacy-csv"
        ),
        path("journey/", journeys.flow, name="journey"),
        path("journey.csv", journeys.flow_csv, name="journey-csv"),
        path("journey/onboarding/", journeys.first_value, name="journey-onboarding"),
        path("journey/onboarding.csv", journeys.first_value_csv, name="journey-onboarding-csv"),
        path("advocacy/", advocacy.overview, name="advocacy"),
        path("advocacy.csv", advocacy.download, name="advocacy-csv"),
        path("advocacy/people.csv", advocacy.people, name="advocacy-people-csv"),
        path("advocacy/ask/<account_key:key>/", advocacy.ask, name="advocacy-ask"),
        path("advocacy/asks/<int:ask_id>/", advocacy.deed, name="advocacy-deed"),
        path("settings/journey/", journey_declared.declared, name="settings-journey"),
    ]
