"""What the page of custom fields says."""

from collections.abc import Iterable
from dataclasses import dataclass

from keepwell.faces.components import words
from keepwell.intake.kinds import KINDS
from keepwell.intake.queries.customs import Fit
from keepwell.ledger.queries.definitions import DefinitionView

TYPES = (
    ("text", "Text"), ("number", "Number"), ("money", "Money"), ("day", "Day"), ("truth", "Yes or no"),
    ("choice", "Choice"),
)  # fmt: skip


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
        return "No stored row says anything in this field yet."
    told = f"{fit.fit:,} of {words.count(fit.rows, 'stored value')} fit."
    if not fit.misfits:
        return told
    return f"{told} These do not: {', '.join(f'“{value}”' for value in fit.misfits)}. They stay until they are changed."


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
