"""The addresses of the pages; their names are stable."""

from django.urls import path
from django.views.generic import RedirectView

from keepwell.faces.web import keys
from keepwell.faces.web.views import (
    account,
    accounts,
    charts,
    currencies,
    data,
    gallery,
    imports,
    incidents,
    measures,
    rejected,
    settings,
    styles,
    theme,
)

keys.register()

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="accounts"), name="home"),
    path("styles-<slug:name>.css", styles.styles, name="styles"),
    path("theme/", theme.theme, name="theme"),
    path("accounts/", accounts.listing, name="accounts"),
    path("accounts.csv", accounts.download, name="accounts-csv"),
    path("accounts/<account_key:key>/", account.health, name="account"),
    path("accounts/<account_key:key>/usage/", account.use, name="account-usage"),
    path("accounts/<account_key:key>/people/", account.persons, name="account-people"),
    path("accounts/<account_key:key>/timeline/", account.happened, name="account-timeline"),
    path("accounts/<account_key:key>/contracts/", account.signed, name="account-contracts"),
    path("accounts/<account_key:key>/incidents/", account.burning, name="account-incidents"),
    path("accounts/<account_key:key>/charts/<slug:name>/", charts.account, name="account-chart"),
    path("incidents/", incidents.listing, name="incidents"),
    path("incidents/<int:incident_id>/", incidents.detail, name="incident"),
    path("incidents/<int:incident_id>/closure/", incidents.closure, name="incident-closure"),
    path("tasks/<int:task_id>/completion/", incidents.completion, name="task-completion"),
    path("data/", data.overview, name="data"),
    path("data/imports/", data.imports, name="imports"),
    path("data/imports/new/", imports.new, name="import-new"),
    path("data/imports/<int:batch_id>/", imports.detail, name="import"),
    path("data/imports/<int:batch_id>/progress/", imports.progress, name="import-progress"),
    path("data/imports/<int:batch_id>/start/", imports.start, name="import-start"),
    path("data/imports/<int:batch_id>/resume/", imports.resume, name="import-resume"),
    path("data/imports/<int:batch_id>/not-taken.csv", imports.rejections, name="import-rejections"),
    path("data/rejected/", rejected.listing, name="rejected"),
    path("data/rejected.csv", rejected.download, name="rejected-csv"),
    path("data/rejected/replays/", rejected.replay_all, name="rejected-replays"),
    path("data/rejected/dismissals/", rejected.dismiss_all, name="rejected-dismissals"),
    path("data/rejected/file/", rejected.take_file, name="rejected-file"),
    path("data/rejected/<int:rejection_id>/", rejected.detail, name="rejection"),
    path("data/rejected/<int:rejection_id>/dismissal/", rejected.dismissal, name="rejection-dismissal"),
    path("data/replays/<int:replay_id>/", rejected.replay, name="replay"),
    path("data/replays/<int:replay_id>/progress/", rejected.progress, name="replay-progress"),
    path("data/replays/<int:replay_id>/resume/", rejected.resume, name="replay-resume"),
    path("data/sources/new/", data.new_source, name="source-new"),
    path("data/sources/<str:slug>/key/", data.new_key, name="source-key"),
    path("measures/", measures.listing, name="measures"),
    path("measures/core-features/", measures.core_features, name="measures-core"),
    path("settings/", settings.overview, name="settings"),
    path("settings/currencies/", currencies.overview, name="settings-currencies"),
    path("settings/currencies/reporting/", currencies.reporting, name="settings-reporting"),
    path("settings/currencies/rates/", currencies.state, name="settings-rate"),
    path(
        "settings/currencies/rates/<slug:currency>/<slug:base>/<slug:day>/removal/",
        currencies.removal,
        name="settings-rate-removal",
    ),
    path("gallery/", gallery.gallery, name="gallery"),
]
