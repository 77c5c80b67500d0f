"""What the page of custom fields says."""

from collections.abc import Iterable
from dataclasses import dataclass

from keepwell.faces.components import words
from keepwell.intake.kinds import KINDS
from keepwell.intake.queries.customs import Fit
from keepwell.kernel import speech
from keepwell.ledger.queries.definitions import DefinitionView

TYPES = (
    ("text", speech.later("Text")),
    ("number", speech.later("Number")),
    ("money", speech.later("Money")),
    ("day", speech.later("Day")),
    ("truth", speech.later("Yes or no")),
    ("choice", speech.later("Choice")),
)


@dataclass(frozen=True)
class FieldRow:
    """A declared field."""

    kind: str
    kind_title: str
    slug: str
    title: str
    type: str
    needed: str
    help: str
    is_retired: bool


@dataclass(frozen=True)
class Typed:
    """What was typed into the form, and how stored values would fit it."""

    kind: str = "accounts"
    slug: str = ""
    title: str = ""
    type: str = "text"
    choices: str = ""
    required: bool = False
    help: str = ""
    fit: str = ""

    @property
    def words(self) -> list[str]:
        """The words of a choice."""
        return [word.strip() for word in self.choices.split(",") if word.strip()]


@dataclass(frozen=True)
class FieldsPage:
    """The whole page."""

    fields: tuple[FieldRow, ...]
    kinds: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]
    typed: Typed
    may_change: bool
    refused: str


def page(
    declared: Iterable[tuple[str, DefinitionView]], *, typed: Typed, may_change: bool, refused: str
) -> FieldsPage:
    """Those that hold first."""
    rows = sorted((_row(kind, one) for kind, one in declared), key=lambda row: row.is_retired)
    kinds = tuple((kind.slug, kind.title) for kind in KINDS.values() if kind.store is not None)
    return FieldsPage(tuple(rows), kinds, TYPES, typed, may_change, refused)


def said(fit: Fit) -> str:
    """How stored values fit, in words."""
    if not fit.rows:
        return speech.told("No stored row says anything in this field yet.")
    told = speech.told(
        "%(fit)s of %(stored_values)s fit.",
        fit=words.whole(fit.fit),
        stored_values=words.count(fit.rows, "stored value"),
    )
    if not fit.misfits:
        return told
    return speech.told(
        "%(told)s These do not: %(listed)s. They stay until they are changed.",
        told=told,
        listed=", ".join(f"“{value}”" for value in fit.misfits),
    )


def _row(kind: str, one: DefinitionView) -> FieldRow:
    title = dict(TYPES)[one.kind]
    return FieldRow(
        kind=kind,
        kind_title=KINDS[kind].title,
        slug=one.slug,
        title=one.title,
        type=f"{title}: {', '.join(one.choices)}" if one.choices else title,
        needed="needed" if one.required else "",
        help=one.help,
        is_retired=one.retired_at is not None,
    )
