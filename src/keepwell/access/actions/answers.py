"""Answer a repeated write as it was answered the first time, without a second effect."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from keepwell.access import models
from keepwell.access.scopes import Scope
from keepwell.kernel import errors

KEPT = timedelta(hours=24)
KEY_LENGTH = 200


class Answer(NamedTuple):
    """A status and the text of the answer."""

    status: int
    body: str


def once(*, key: str, question: str, by: Scope, at: datetime, deed: Callable[[], Answer]) -> Answer:
    """Do a deed, or give the answer that the same token got to the same key within a day.

    `question` is a digest of what is asked. Two requests with one key wait for each other. The deed and its answer are
    kept in one transaction; a deed that raises leaves nothing behind.
    """
    if not key or by.token_id is None:
        return deed()
    if len(key) > KEY_LENGTH or "\x00" in key:
        raise errors.Invalid(
            "The Idempotency-Key is not 1 to %(key_length)s characters long.", key_length=KEY_LENGTH
        )
    with transaction.atomic():
        kept = models.KeptAnswer.objects.filter(token=by.token_id)
        kept.filter(at__lte=at - KEPT).delete()
        mine = models.KeptAnswer(token_id=by.token_id, key=key, question=question, status=0, body="", at=at)
        models.KeptAnswer.objects.bulk_create([mine], ignore_conflicts=True)
        held = kept.select_for_update().get(key=key)
        if held.question != question:
            raise errors.Conflict(
                'The Idempotency-Key "%(key)s" was used for another request. Use a new key for each request.',
                key=key,
            )
        if held.status:
            return Answer(held.status, held.body)
        answer = deed()
        kept.filter(key=key).update(status=answer.status, body=answer.body)
    return answer
