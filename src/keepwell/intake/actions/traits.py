"""Hold what tracked calls say of people and accounts to the declared custom fields, by the parsers of files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from keepwell.intake import customs, envelopes
from keepwell.intake.translation import Trait
from keepwell.kernel import errors
from keepwell.ledger.queries import definitions
from keepwell.ledger.queries.definitions import DefinitionView

NOUNS = ("account", "person")
Declared = Mapping[str, DefinitionView]


class Fitted(NamedTuple):
    """What a call says without what does not fit, and why that does not, by the trait's name."""

    trait: Trait
    misfits: dict[str, str]


def fitted(traits: Sequence[Trait]) -> list[Fitted]:
    """The traits as they are to be stored, with what does not fit taken out. At most two queries."""
    declared = {
        noun: {one.slug: one for one in definitions.of_noun(noun)}
        for noun in NOUNS
        if any((getattr(trait, noun) or {}).get("fields") for trait in traits)
    }
    return [_fitted(trait, declared) for trait in traits]


def _fitted(trait: Trait, declared: Mapping[str, Declared]) -> Fitted:
    misfits: dict[str, str] = {}
    for noun, types in declared.items():
        row: dict[str, Any] | None = getattr(trait, noun)
        if row is not None and row.get("fields"):
            told: dict[str, Any] = {noun: row | {"fields": _kept(row["fields"], types, misfits)}}
            trait = trait._replace(**told)
    return Fitted(trait, misfits)


def _kept(fields: Mapping[str, Any], types: Declared, misfits: dict[str, str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        try:
            kept[name] = customs.coerced(types[name], value) if name in types else value
        except errors.Invalid as refusal:
            misfits[name] = refusal.english
    return kept


def letters(misfits: Mapping[str, str], call: tuple[int, bytes]) -> Iterator[envelopes.Refusal]:
    """A dead letter for each trait that does not fit: the call with that trait alone, so that it can be mended and sent
    in again. It is a call of its own, and so has no messageId."""
    for name, reason in misfits.items():
        letter = envelopes.refusal(*call, reason)
        said = letter.content.get("traits")
        alone = {name: said[name]} if isinstance(said, dict) and name in said else {}
        content = {key: value for key, value in letter.content.items() if key != "messageId"}
        yield replace(letter, content=content | {"traits": alone})
