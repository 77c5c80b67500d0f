"""What is called how that rows name by its key: people, colleagues, courses, gaps, milestones."""

from collections.abc import Iterable, Mapping, Sequence

from keepwell.access.queries import users
from keepwell.access.scopes import Scope
from keepwell.intake.kinds.base import Field, ImportKind
from keepwell.ledger import models
from keepwell.ledger.models.base import KeyedFact
from keepwell.ledger.queries import people, records
from keepwell.ledger.queries.records import Record

Names = Mapping[tuple[str, str], str]
COLLEAGUES = "colleagues"
FORMS = {"person": "people", "people": "people", "account": "accounts", "colleague": COLLEAGUES}
# Fields that name a row of another kind by its key.
FIELDS = {"course": "courses", "gap": "gaps", "milestone": "milestones", "merged_into": "gaps"}
MOST = 200
TITLED: dict[str, type[KeyedFact]] = {
    "courses": models.Course,
    "gaps": models.ProductGap,
    "milestones": models.Milestone,
}


def noun(field: Field) -> str:
    """What a field names by key: a kind of record, colleagues, or nothing ("")."""
    return FIELDS.get(field.slug) or FORMS.get(field.form, "")


def keys(value: object) -> list[str]:
    """The keys that a value of such a field holds."""
    return [str(each) for each in (value if isinstance(value, list | tuple) else [value]) if each]


def called(
    found: Iterable[Record], *, fields: Iterable[Field], seen_by: Scope, known: Names
) -> dict[tuple[str, str], str]:
    """What these fields of the rows name is called, by noun and key. One query a noun, none for what is `known`.

    What one may not see has no name.
    """
    asked: dict[str, set[str]] = {}
    rows = list(found)
    for field in fields:
        if (of := noun(field)) and of != "accounts":
            told = {key for row in rows for key in keys(row.values.get(field.slug))}
            asked.setdefault(of, set()).update(key for key in told if (of, key) not in known)
    names = dict(known)
    for of, wanted in asked.items():
        if wanted:
            names |= {(of, key): name for key, name in _names(of, wanted, seen_by).items()}
    return names


def offered(
    kind: ImportKind, *, account: str, people: Sequence[tuple[str, str]], seen_by: Scope
) -> dict[str, tuple[tuple[str, str], ...]]:
    """What a form may offer for the fields of a kind that name something by key, by noun; too many are not offered.

    `people` are those of the account. One query a noun.
    """
    nouns = {of for field in kind.fields if (of := noun(field)) and of not in ("accounts", "people")}
    found = {"people": tuple(people)}
    for of in nouns:
        if of == COLLEAGUES:
            found[of] = users.colleagues(limit=MOST + 1)
            continue
        asked = records.Asked(account=account if of == "milestones" else "")
        rows = records.chosen(TITLED[of], asked=asked, seen_by=seen_by).order_by("title", "key")
        found[of] = tuple(rows.values_list("key", "title")[: MOST + 1])
    return {of: choices for of, choices in found.items() if 0 < len(choices) <= MOST}


def _names(of: str, wanted: set[str], seen_by: Scope) -> dict[str, str]:
    if of == "people":
        return people.names(wanted, seen_by=seen_by)
    if of == COLLEAGUES:
        return users.names(wanted)
    seen = records.visible(TITLED[of], seen_by=seen_by).filter(key__in=wanted)
    return dict(seen.values_list("key", "title"))
