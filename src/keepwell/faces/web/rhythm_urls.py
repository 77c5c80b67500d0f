"""The addresses of how often customers are met, and how incidents are answered."""

from django.urls import URLPattern, path

from keepwell.faces.web.views import account_cadence, cadence, incident_practices


def paths() -> list[URLPattern]:
    """All of them."""
    return [
        path("accounts/<account_key:key>/cadence/", account_cadence.overview, name="account-cadence"),
        path(
            "accounts/<account_key:key>/cadence/outputs/<slug:slug>/",
            account_cadence.output,
            name="account-output",
        ),
        path("cadence/", cadence.book, name="cadence"),
        path("cadence.csv", cadence.book_csv, name="cadence-csv"),
        path("cadence/outputs/", cadence.outputs, name="cadence-outputs"),
        path("cadence/outputs.csv", cadence.outputs_csv, name="cadence-outputs-csv"),
        path("settings/incidents/", incident_practices.overview, name="settings-incidents"),
        path("settings/cadence/", cadence.declared, name="settings-cadence"),
    ]
