"""Keep what an import changes, row by row: what a dry run shows, and what an undo needs."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from keepwell.intake import images, kinds
from keepwell.intake.actions.repeats import Fresh
from keepwell.intake.actions.writing import Result
from keepwell.intake.images import Image
from keepwell.intake.kinds import ImportKind

STORED = ("created", "updated")
_KEEP = """
INSERT INTO intake_rowchange (batch_id, noun, key, before, after, seal, undone, reason)
SELECT %s, t.noun, t.key, t.before, t.after, t.seal, '', ''
FROM unnest(%s::text[], %s::text[], %s::jsonb[], %s::jsonb[], %s::text[]) AS t (noun, key, before, after, seal)
ON CONFLICT (batch_id, noun, key) DO UPDATE SET
    before = excluded.before || intake_rowchange.before,
    after = coalesce(intake_rowchange.after, '{}'::jsonb) || excluded.after,
    seal = excluded.seal
"""


@dataclass(frozen=True)
class Changed:
    """One row that was created (`before` is None) or changed, with the fields that changed."""

    noun: str
    key: str
    before: Image | None
    after: Image | None
    seal: str = ""


class Watch:
    """What rows were before they are written; afterwards it tells what changed. Two to six queries a chunk."""

    def __init__(self, kind: str, rows: Sequence[Fresh]) -> None:
        self._kind = kinds.find(kind)
        self._rows = rows if self._kind.store is not None else ()
        self._before = images.of(self._kind, {fresh.row.key for fresh in self._rows})
        self._terms = _terms(self._kind, self._rows)
        self._terms_before = images.seals(kinds.KINDS["contracts"], self._terms)

    def told(self, results: Sequence[Result]) -> list[Changed]:
        """The rows that are new or different by now."""
        stored = {
            fresh.row.key
            for fresh, (outcome, _) in zip(self._rows, results, strict=False)
            if outcome in STORED
        }
        known = {
            place.partition(" @ ")[0] if self._kind.slug == "people" else place for place in self._before
        }
        changed = [self._created(key, seal) for key, seal in _seals(self._kind, stored - known).items()]
        for place, after in images.of(self._kind, stored & known).items():
            before = self._before.get(place)
            was, now = images.difference(before or {}, after)
            if now:
                changed.append(Changed(self._kind.slug, place, was, now))
        return changed + self._new_terms()

    def _created(self, key: str, seal: str) -> Changed:
        return Changed(self._kind.slug, key, None, None, seal)

    def _new_terms(self) -> list[Changed]:
        """The contracts "account:KEY" that rows of accounts made."""
        contracts = kinds.KINDS["contracts"]
        made = images.seals(contracts, self._terms - self._terms_before.keys())
        return [Changed("contracts", key, None, None, seal) for key, seal in made.items()]


def _terms(kind: ImportKind, rows: Sequence[Fresh]) -> set[str]:
    return {f"account:{fresh.row.key}" for fresh in rows} if kind.slug == "accounts" else set()


def _seals(kind: ImportKind, keys: Collection[str]) -> dict[str, str]:
    return images.seals(kind, keys)


def keep(*, batch_id: int, changed: Sequence[Changed]) -> None:
    """Note changes with their import; of a row that it changed twice the first former values stand. One query."""
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                batch_id,
                [one.noun for one in changed],
                [one.key for one in changed],
                [_json(one.before) for one in changed],
                [_json(one.after) for one in changed],
                [one.seal for one in changed],
            ],
        )


def _json(image: Image | None) -> str | None:
    return None if image is None else json.dumps(image)
