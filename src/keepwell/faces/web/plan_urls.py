"""The addresses of success plans, reviews and journeys."""

from django.urls import URLPattern, path

from keepwell.faces.web import journey_urls
from keepwell.faces.web.views import (
    account_plan,
    account_review,
    account_value,
    business_case,
    case_study,
    decks,
    plan_pieces,
    plans,
    review_book,
    reviews,
    value_book,
    value_models,
    value_report,
)


def paths() -> list[URLPattern]:
    """All of them; asked once the parts of addresses are registered."""
    return [
        *journey_urls.paths(),
        path("accounts/<account_key:key>/plan/", account_plan.overview, name="account-plan"),
        path("accounts/<account_key:key>/plan.csv", plans.pieces, name="account-plan-csv"),
        path("accounts/<account_key:key>/plan/start/", plans.start, name="account-plan-start"),
        path("accounts/<account_key:key>/plan/deed/", account_plan.deed, name="account-plan-deed"),
        path("accounts/<account_key:key>/plan/preview/", account_plan.preview, name="account-plan-preview"),
        path("accounts/<account_key:key>/plan/plan.pdf", account_plan.paper, name="account-plan-pdf"),
        path(
            "accounts/<account_key:key>/plan/comparison/",
            account_plan.comparison,
            name="account-plan-comparison",
        ),
        path(
            "accounts/<account_key:key>/plan/pieces/<slug:noun>/<str:slug>/",
            plan_pieces.edit,
            name="account-plan-piece",
        ),
        path("accounts/<account_key:key>/review/", account_review.overview, name="account-review"),
        path(
            "accounts/<account_key:key>/review/deck.pptx", account_review.slides, name="account-review-pptx"
        ),
        path("accounts/<account_key:key>/review/deck.pdf", account_review.sheets, name="account-review-pdf"),
        path("accounts/<account_key:key>/reviews/new/", reviews.new, name="account-review-new"),
        path(
            "accounts/<account_key:key>/reviews/<int:review_id>/", reviews.detail, name="account-review-one"
        ),
        path(
            "accounts/<account_key:key>/reviews/<int:review_id>/change/",
            reviews.change,
            name="account-review-change",
        ),
        path(
            "accounts/<account_key:key>/reviews/<int:review_id>/deed/",
            reviews.deed,
            name="account-review-deed",
        ),
        path(
            "accounts/<account_key:key>/reviews/<int:review_id>/held/",
            reviews.hold,
            name="account-review-hold",
        ),
        path("accounts/<account_key:key>/value/", account_value.overview, name="account-value"),
        path("accounts/<account_key:key>/value.csv", account_value.download, name="account-value-csv"),
        path("accounts/<account_key:key>/value/report/", value_report.preview, name="account-value-report"),
        path("accounts/<account_key:key>/value/report.pdf", value_report.paper, name="account-value-pdf"),
        path("accounts/<account_key:key>/value/case/", business_case.overview, name="account-value-case"),
        path("accounts/<account_key:key>/value/case.pdf", business_case.paper, name="account-value-case-pdf"),
        path("accounts/<account_key:key>/value/case-study/", case_study.overview, name="account-case-study"),
        path(
            "accounts/<account_key:key>/value/case-study/deed/",
            case_study.deed,
            name="account-case-study-deed",
        ),
        path("accounts/<account_key:key>/value/case-study.md", case_study.text, name="account-case-study-md"),
        path(
            "accounts/<account_key:key>/value/case-study.pdf",
            case_study.paper,
            name="account-case-study-pdf",
        ),
        path("accounts/<account_key:key>/value/deed/", account_value.deed, name="account-value-deed"),
        path(
            "accounts/<account_key:key>/value/models/<str:slug>/",
            value_models.edit,
            name="account-value-model",
        ),
        path("value/", value_book.listing, name="value-book"),
        path("value.csv", value_book.download, name="value-book-csv"),
        path("reviews/", review_book.listing, name="reviews"),
        path("reviews.csv", review_book.download, name="reviews-csv"),
        path("reviews/decks/", decks.listing, name="decks"),
        path("reviews/decks/<int:run_id>/", decks.detail, name="deck-run"),
        path("reviews/decks/<int:run_id>/progress/", decks.progress, name="deck-run-progress"),
        path("reviews/decks/<int:run_id>/stop/", decks.stop, name="deck-run-stop"),
        path("reviews/decks/<int:run_id>/decks.zip", decks.download, name="deck-run-file"),
        path("settings/decks/", decks.paper, name="settings-decks"),
        path("plans/", plans.listing, name="plans"),
        path("plans/file/", plans.file, name="plans-file"),
        path("plans.csv", plans.download, name="plans-csv"),
    ]
