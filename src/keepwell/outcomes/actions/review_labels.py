"""Who may see what was noted of a business review, said otherwise afterwards: of a decision, an action item, a score."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models as columns
from django.db import transaction

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.outcomes import models, visibility
from keepwell.outcomes.actions.review_rows import locked
from keepwell.outcomes.actions.telling import tell_review

NOUNS: Mapping[str, type[columns.Model]] = {
    "decision": models.ReviewDecision,
    "action": models.ReviewAction,
    "score": models.ReviewScore,
}


def label(*, review_id: int, noun: str, number: int, label: str, by: Scope, at: datetime) -> bool:
    """Let the customer see a row of a review as it is declared, or nothing of it; tells whether that changed anything."""
    by.require("work.do")
    if noun not in NOUNS:
        raise Invalid('"%(said)s" is not known. Use one of %(listed)s.', said=noun, listed=", ".join(NOUNS))
    if label not in visibility.LABELS:
        raise Invalid(
            '"%(said)s" is not known. Use one of %(listed)s.', said=label, listed=", ".join(visibility.LABELS)
        )
    with transaction.atomic():
        review = locked(review_id, by)
        rows = NOUNS[noun]._default_manager.filter(review=review, pk=number)
        row = rows.first()
        if row is None:
            raise NotFound("There is no such line of this review.")
        was = row.labels  # type: ignore[attr-defined] # each of NOUNS has it
        if visibility.is_internal(noun, was) == (label == "internal"):
            return False
        rows.update(labels=visibility.as_a_whole(noun, was, is_internal=label == "internal"))
        tell_review(
            review, "review.labelled", by=by, at=at, feature=noun, apart=f":{noun}:{number}", row=number, label=label
        )  # fmt: skip
    return True
