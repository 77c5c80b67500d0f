"""The addresses of playbooks, of their runs and of what came of them."""

from django.urls import URLPattern, path

from keepwell.faces.web.views import playbook_drafts, playbook_results, playbooks, runs


def paths() -> list[URLPattern]:
    """All of them."""
    return [
        path("playbooks/", playbooks.listing, name="playbooks"),
        path("playbooks/new/", playbook_drafts.new, name="playbook-new"),
        path("playbooks/runs/", runs.start, name="run-start"),
        path("playbooks/runs/<int:run_id>/", runs.detail, name="run"),
        path("playbooks/runs/<int:run_id>/deed/", runs.deed, name="run-deed"),
        path("playbooks/messages/<int:message_id>/replay/", runs.replay, name="message-replay"),
        path("playbooks/dry-runs/<int:dry_run_id>/", playbooks.dry_run_page, name="playbook-dry-run"),
        path("playbooks/<slug:slug>/", playbooks.detail, name="playbook"),
        path("playbooks/<slug:slug>.csv", playbooks.download, name="playbook-csv"),
        path("playbooks/<slug:slug>/edit/", playbook_drafts.edit, name="playbook-edit"),
        path("playbooks/<slug:slug>/publication/", playbooks.publication, name="playbook-publication"),
        path("playbooks/<slug:slug>/discard/", playbooks.discard, name="playbook-discard"),
        path("playbooks/<slug:slug>/rest/", playbooks.rest, name="playbook-rest"),
        path("playbooks/<slug:slug>/dry-runs/", playbooks.dry_run, name="playbook-dry-runs"),
        path("playbooks/<slug:slug>/results/", playbook_results.overview, name="playbook-results"),
        path("playbooks/<slug:slug>/results.csv", playbook_results.download, name="playbook-results-csv"),
    ]
