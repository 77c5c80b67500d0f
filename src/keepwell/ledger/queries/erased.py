"""The gate at which people who were erased are noticed when they come back: by keyed hashes, for nothing else is kept."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac

from keepwell.ledger import models

SALT = "keepwell.ledger.erased"
FRESH_SECONDS = 5.0


def digest_of(word: str) -> str:
    """The keyed hash of a key or an address, whatever its capitals; the instance's secret is the key."""
    return salted_hmac(SALT, word.strip().lower(), algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Gate:
    """Who may not come back, by hash, with the number of the certificate."""

    marks: Mapping[str, str]

    def certificate_of(self, *words: object) -> str:
        """The certificate of the first word that names somebody who was erased; "" when none does."""
        if not self.marks:
            return ""
        for word in words:
            if isinstance(word, str) and word and (number := self.marks.get(digest_of(word))):
                return number
        return ""

    def refusal(self, *words: object) -> str:
        """Why what names these words is not taken; "" when it may be."""
        number = self.certificate_of(*words)
        return (
            f"{REFUSED} {number}; an administrator can re-admit them under Settings, Privacy."
            if number
            else ""
        )


REFUSED = "the person it names was erased at their own request, certificate"
REMAINS: dict[str, Any] = {"erased": "What stood here named somebody who was erased."}
LONGEST_WORD = 254
SLUG = "person-erased"

_kept: list[tuple[float, Gate]] = []


def is_refusal(reason: str) -> bool:
    """Whether a reason is that of the gate: what was refused must not be kept either."""
    return REFUSED in reason


def reason(given: str) -> str:
    """A reason to keep with what was refused: one that is not the gate's may quote what it refuses."""
    return given if is_refusal(given) else f"{REFUSED}; it could not be read either."


def names(value: Any) -> bool:
    """Whether any part of a row or call as it was sent is a key or an address of somebody who was erased."""
    keeper = gate()
    return bool(keeper.marks) and _names(value, keeper)


def _names(value: Any, keeper: Gate) -> bool:
    if isinstance(value, dict):
        return any(_names(part, keeper) for part in value.values())
    if isinstance(value, list | tuple):
        return any(_names(part, keeper) for part in value)
    is_word = isinstance(value, str | int) and not isinstance(value, bool)
    return is_word and len(str(value)) <= LONGEST_WORD and bool(keeper.certificate_of(str(value)))


def gate() -> Gate:
    """The gate as it was at most five seconds ago. No query in between, one after that."""
    now = time.monotonic()
    if _kept and now - _kept[0][0] < FRESH_SECONDS:
        return _kept[0][1]
    marks = models.ErasedMark.objects.filter(readmitted_at=None).values_list("digest", "certificate")
    fresh = Gate({digest: models.ErasureCertificate(pk=pk).number for digest, pk in marks})
    _kept[:] = [(now, fresh)]
    return fresh


def forget() -> None:
    """Let the next question ask the database."""
    _kept.clear()


def refusals(rows: Iterable[Mapping[str, Any]], *fields: str) -> dict[int, str]:
    """Reasons by place for rows that name somebody who was erased in one of the named fields."""
    keeper = gate()
    if not keeper.marks:
        return {}
    said = ((place, keeper.refusal(*_words(row, fields))) for place, row in enumerate(rows))
    return {place: reason for place, reason in said if reason}


def _words(row: Mapping[str, Any], fields: Iterable[str]) -> list[object]:
    said: list[object] = []
    for name in fields:
        value = row.get(name)
        said += value if isinstance(value, list | tuple) else [value]
    return said
