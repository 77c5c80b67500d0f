"""What an import kind declares: the fields of a row, how a cell is read, what must hold of a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from keepwell.intake import parsers
from keepwell.kernel import errors


class _Keep:
    """Marks a field whose empty cell leaves the stored value as it is."""


KEEP: Final = _Keep()

Check = Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True)
class Field:
    """One fact that a row may hold.

    `aliases` are column names that mean it, best first; `suffixes` are endings that mean it when nothing
    better is there. `empty` is what an empty cell means. `longest` is how many characters the ledger holds.
    """

    slug: str
    title: str
    help: str
    parser: parsers.Parser = parsers.text
    required: bool = False
    aliases: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    empty: Any = KEEP
    longest: int | None = None

    def parse(self, cell: str) -> Any:
        """The value of a cell that is not empty; `Invalid` names the value and what is allowed."""
        if self.longest is not None and len(cell) > self.longest:
            raise errors.Invalid(
                f'"{cell[:40]}…" has {len(cell)} characters; at most {self.longest} are taken.'
            )
        return self.parser(cell)


def _holds(_: Mapping[str, Any]) -> str | None:
    return None


@dataclass(frozen=True)
class ImportKind:
    """A kind of file. A row needs at least one field of `one_of`; `check` tells what is wrong with it."""

    slug: str
    title: str
    help: str
    fields: tuple[Field, ...]
    one_of: tuple[str, ...] = ()
    check: Check = _holds

    def field(self, slug: str) -> Field:
        """The field with this slug."""
        for field in self.fields:
            if field.slug == slug:
                return field
        allowed = ", ".join(field.slug for field in self.fields)
        raise errors.Invalid(f'{self.title} have no field "{slug}". Use one of: {allowed}.')


def key_field(*aliases: str, help: str, longest: int = parsers.KEY_LENGTH) -> Field:
    """The source's own id of a row."""
    return Field(
        "key", "Key", help, parsers.key, required=True, aliases=("key", "id", *aliases), longest=longest
    )


def account_field(*, required: bool = True) -> Field:
    """The account that a row belongs to."""
    return Field(
        "account",
        "Account",
        "The key of the account, as in your accounts file.",
        parsers.key,
        required=required,
        aliases=(
            "account_id",
            "account_key",
            "company_id",
            "customer_id",
            "organization_id",
            "organisation_id",
            "group_id",
        ),
        longest=200,
    )


def person_field(help: str) -> Field:
    """The customer's person that a row names."""
    return Field(
        "person",
        "Person",
        help,
        parsers.key,
        aliases=("user_id", "person_id", "contact_id", "requester_id", "respondent_id", "user"),
        longest=200,
    )
