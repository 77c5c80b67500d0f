"""The addresses of how often customers are met, and how incidents are answered."""

from django.urls import URLPattern, path

from keepwell.faces.web.views import account_cadence, cadence, calendar, hand_overs, incident_practices


def paths() -> list[URLPattern]:
    """All of them."""
    return [
        path("accounts/<account_key:key>/cadence/", account_cadence.overview, name="account-cadence"),
        path(
            "accounts/<account_key:key>/cadence/outputs/<slug:slug>/",
            account_cadence.output,
            name="account-output",
        ),
        path("settings/preferences/calendar/", calendar.address, name="settings-calendar"),
        path(
            "settings/preferences/calendar/revocation/",
            calendar.revocation,
            name="settings-calendar-revocation",
        ),
        path("calendar/<str:token>.ics", calendar.feed, name="calendar"),
        path("cadence/", cadence.book, name="cadence"),
        path("cadence.csv", cadence.book_csv, name="cadence-csv"),
        path("cadence/outputs/", cadence.outputs, name="cadence-outputs"),
        path("cadence/outputs.csv", cadence.outputs_csv, name="cadence-outputs-csv"),
        path("handovers/", hand_overs.listing, name="handovers"),
        path("handovers/continuity/", hand_overs.check, name="handovers-continuity"),
        path("handovers/continuity.csv", hand_overs.check_csv, name="handovers-continuity-csv"),
        path("handovers/<int:pack_id>/", hand_overs.detail, name="handover"),
        path("handovers/<int:pack_id>/pack.pdf", hand_overs.report, name="handover-pdf"),
        path("handovers/<int:pack_id>/change/", hand_overs.change, name="handover-change"),
        path("accounts-bulk/<int:deed_id>/hand-overs/", hand_overs.of_bulk, name="bulk-hand-overs"),
        path("settings/incidents/", incident_practices.overview, name="settings-incidents"),
        path("settings/cadence/", cadence.declared, name="settings-cadence"),
    ]
