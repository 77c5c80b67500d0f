"""The ledger's answer to the hooks: the person and what belongs to them, the lake, and texts anywhere in its tables."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl

from keepwell.access.actions.scrubbing import Tables
from keepwell.hooks import specs
from keepwell.hooks.erasers import Counts, Eraser, Known
from keepwell.hooks.subjects import Subject, scrub
from keepwell.ledger import lake
from keepwell.ledger.actions.file_erasing import AccountFiles
from keepwell.ledger.actions.forgetting import People

WRITTEN = ("person", "name", "feature", "props")
SEARCHED = ("name", "feature", "props")


@specs.impl
def erasers() -> Sequence[Eraser]:
    """Five places."""
    return (
        People(),
        Events(),
        AccountFiles(),
        Tables(
            "ledger",
            holds="Subjects, notes, comments and other texts and fields of all facts.",
            # Events that wait are carried to the lake first; an order to erase says whom it concerns until it is done.
            without=("Erasure", "Clash"),
            # An account's key is what its events name; it is the account's, not a person's.
            kept=("Account.key", "IdentityLink.key"),
        ),
        Tables(
            "ledger",
            name="clashes",
            only=("Clash",),
            holds="Calls that reused an id, as they were sent, on their way to the dead letter.",
            whole=True,
        ),
    )


class Events:
    """The events of a person, and mentions in what other events say; former versions of the lake as well."""

    slug = "ledger-lake"
    title = "The lake"
    holds = "Events of the person, and events whose words mention them, in the present and former versions."

    def find(self, subject: Subject) -> Counts:
        """Events by and about the person, and files of former versions that hold such events. One pass over the lake."""
        own, told = 0, 0
        for row in _events(subject):
            own, told = own + _is_own(row, subject), told + (not _is_own(row, subject))
        counts = {"events": own, "mentions": told, "former files": len(lake.former(_perhaps(subject)))}
        return {name: count for name, count in counts.items() if count}

    def erase(self, subject: Subject, pseudonyms: Mapping[str, str], at: datetime) -> Counts:
        """The person's events stay under a pseudonym, without properties; what mentions them is scrubbed. One commit."""
        del at

        def change(rows: pl.DataFrame) -> pl.DataFrame:
            said = [_without(row, subject, pseudonyms) for row in rows.iter_rows(named=True)]
            return rows.with_columns(
                pl.Series(name, [row[name] for row in said], rows.schema[name]) for name in WRITTEN
            )

        perhaps = _perhaps(subject)
        counts = {
            "events": lake.rewrite(perhaps, change, columns=WRITTEN),
            "former files": lake.forget_former(perhaps),
        }
        return {name: count for name, count in counts.items() if count}

    def export(self, subject: Subject) -> Iterable[Known]:
        """Every event of the person, by time."""
        for row in _events(subject):
            if _is_own(row, subject):
                named = {name: row[name] for name in row if name not in ("id", "batch", "origin")}
                yield Known("events", named | {"props": json.loads(str(row["props"]))})


def _perhaps(subject: Subject) -> pl.Expr:
    """Events that may be by or about the person; some of them are not."""
    wanted = pl.col("person").is_in(list(subject.keys))
    if not subject.keys:
        wanted = pl.lit(False)
    needles = [*subject.needles, *(f'"{key}"' for key in subject.short_keys)]
    needles += [f":{space}{key}" for key in subject.short_keys for space in ("", " ")]
    for name in SEARCHED if needles else ():
        wanted |= pl.col(name).str.contains_any(needles, ascii_case_insensitive=True)
    return wanted


def _events(subject: Subject) -> Iterator[dict[str, object]]:
    found = lake.scan().filter(_perhaps(subject)).sort("at").collect(engine="streaming")
    nobody = dict.fromkeys(subject.keys, "")
    for row in found.iter_rows(named=True):
        if _is_own(row, subject) or _without(row, subject, nobody) != row:
            yield row


def _is_own(row: Mapping[str, object], subject: Subject) -> bool:
    return row["person"] in subject.keys


def _without(row: Mapping[str, object], subject: Subject, pseudonyms: Mapping[str, str]) -> dict[str, object]:
    said = dict(row) | {name: scrub(row[name], subject, pseudonyms) for name in ("name", "feature")}
    if _is_own(row, subject):
        return said | {"person": pseudonyms[str(row["person"])], "props": "{}"}
    props = json.loads(str(row["props"]))
    kept = scrub(props, subject, pseudonyms)
    return said if kept == props else said | {"props": json.dumps(kept, ensure_ascii=False)}
