"""The addresses of triage, office hours, product gaps, the effect of it all, and the library."""

from django.urls import path

from keepwell.faces.web import keys
from keepwell.faces.web.views import effects, gaps, library, office_hours, triage

keys.register()

PATTERNS = (
    path("triage/", triage.listing, name="triage"),
    path("triage.csv", triage.download, name="triage-csv"),
    path("triage/several/", triage.several, name="triage-several"),
    path("triage/undo/", triage.undo, name="triage-undo"),
    path("triage/office-hours/", office_hours.listing, name="office-hours"),
    path("triage/office-hours/slots/", office_hours.make, name="office-hour-new"),
    path("triage/office-hours/slots/<int:slot_id>/end/", office_hours.end, name="office-hour-end"),
    path("triage/office-hours/<int:session_id>/", office_hours.detail, name="office-hour"),
    path("triage/office-hours/<int:session_id>/questions.csv", office_hours.download, name="office-hour-csv"),
    path("triage/office-hours/<int:session_id>/held/", office_hours.hold, name="office-hour-held"),
    path("triage/office-hours/<int:session_id>/move/", office_hours.move_on, name="office-hour-move"),
    path("triage/gaps/", gaps.listing, name="gaps"),
    path("triage/gaps.csv", gaps.download, name="gaps-csv"),
    path("triage/gaps/<account_key:gap>/", gaps.detail, name="gap"),
    path("triage/gaps/<account_key:gap>/status/", gaps.status, name="gap-status"),
    path("triage/gaps/<account_key:gap>/merger/", gaps.merger, name="gap-merger"),
    path("triage/gaps/<account_key:gap>/telling/", gaps.telling, name="gap-telling"),
    path("triage/gaps/<account_key:gap>/told/", gaps.told, name="gap-told"),
    path("triage/gaps/<account_key:gap>/wording/", gaps.wording, name="gap-wording"),
    path("triage/effect/", effects.overview, name="triage-effect"),
    path("triage/effect.csv", effects.download, name="triage-effect-csv"),
    path("triage/effect/start/", effects.begin, name="triage-start"),
    path("library/", library.listing, name="library"),
    path("library.csv", library.download, name="library-csv"),
    path("library/new/", library.new, name="article-new"),
    path("library/<int:article_id>/", library.detail, name="article"),
    path("library/<int:article_id>/edit/", library.edit, name="article-edit"),
    path("library/<int:article_id>/retirement/", library.retirement, name="article-retirement"),
)
