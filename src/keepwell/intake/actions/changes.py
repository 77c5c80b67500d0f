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
        self._rows = rows if self._kind.store is not None or self._kind.trace is not None else ()
        self._keys = _keys(self._kind, self._rows)
        self._before = images.of(self._kind, set(self._keys))
        self._terms = _terms(self._kind, self._rows)
        self._terms_before = images.seals(kinds.KINDS["contracts"], self._terms)

    def told(self, results: Sequence[Result]) -> list[Changed]:
        """The rows that are new or different by now."""
        stored = {key for key, (outcome, _) in zip(self._keys, results, strict=False) if outcome in STORED}
        known = {
            place.partition(" @ ")[0] if self._kind.slug == "people" else place for place in self._before
        }
        changed = [self._created(key, seal) for key, seal in _seals(self._kind, stored - known).items()]
        for place, after in images.of(self._kind, stored & known).items():
            was, now = images.difference(self._before.get(place) or self._elsewhere(place), after)
            if now:
                changed.append(Changed(self._kind.slug, place, was, now))
        return changed + self._new_terms()

    def _elsewhere(self, place: str) -> Image:
        """What was known of a person who had no place in an account: who it is, but for what they are to others."""
        key = place.partition(" @ ")[0]
        known = next((image for at, image in self._before.items() if at.partition(" @ ")[0] == key), {})
        return {name: value for name, value in known.items() if images.is_of_person(name)}

    def _created(self, key: str, seal: str) -> Changed:
        return Changed(self._kind.slug, key, None, None, seal)

    def _new_terms(self) -> list[Changed]:
        """The contracts "account:KEY" that rows of accounts made."""
        contracts = kinds.KINDS["contracts"]
        made = images.seals(contracts, self._terms - self._terms_before.keys())
        return [Changed("contracts", key, None, None, seal) for key, seal in made.items()]


def _terms(kind: ImportKind, rows: Sequence[Fresh]) -> set[str]:
    return {f"account:{fresh.row.key}" for fresh in rows} if kind.slug == "accounts" else set()


def _keys(kind: ImportKind, rows: Sequence[Fresh]) -> list[str]:
    if kind.trace is not None:
        return kind.trace.keys([fresh.row.values for fresh in rows])
    return [fresh.row.key for fresh in rows]


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
