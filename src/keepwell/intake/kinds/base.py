"""What a kind of row declares: its fields, how a value is read and written, what must hold, where the ledger keeps it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from keepwell.intake import parsers
from keepwell.intake.kinds.entry import FORMS, Form
from keepwell.intake.kinds.stores import Store, Trace
from keepwell.kernel import errors, speech


class _Keep:
    """Marks a field whose empty cell leaves the stored value as it is."""


KEEP: Final = _Keep()

PROSE_LENGTH = 100_000
Check = Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True)
class Field:
    """One fact that a row may hold.

    `aliases` are column names that mean it, best first; `suffixes` are endings that mean it when nothing
    better is there. `empty` is what an empty cell means; `cleared` what an emptied form or JSON's null means where
    an empty cell keeps what is stored. `longest` is how many characters the ledger holds. `as_form` is how a
    person enters it, where the parser alone does not say. `former` is the slug that mappings of an earlier version use.
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
    cleared: Any = KEEP
    as_form: Form | None = None
    former: str = ""

    def __post_init__(self) -> None:
        speech.declare(self, "title", "help")

    @property
    def form(self) -> Form:
        """How a person enters it."""
        if self.as_form is not None:
            return self.as_form
        if isinstance(self.parser, parsers.Within):
            return "whole"
        return "choice" if self.choices else FORMS[self.parser]

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that are allowed, when only a few are."""
        return getattr(self.parser, "allowed", ())

    def parse(self, cell: str) -> Any:
        """The value of a cell that is not empty; `Invalid` names the value and what is allowed."""
        if self.longest is not None and len(cell) > self.longest:
            raise errors.Invalid(
                '"%(cell)s…" has %(n)s characters; at most %(longest)s are taken.',
                cell=cell[:40],
                n=len(cell),
                longest=self.longest,
            )
        return self.parser(cell)


def _holds(_: Mapping[str, Any]) -> str | None:
    return None


@dataclass(frozen=True)
class ImportKind:
    """A kind of row. A row needs at least one field of `one_of`; `check` tells what is wrong with it.

    `store` is where its rows stand; events have none, they stand in the lake. Rows without a key of their own have a
    `trace`, so that an import of them can be undone. `tab` is the tab of an account's page
    that shows them. `events` are the names of what its rows say in the ledger. `creating` is what one must be allowed to
    do to make a single row. Fields of `together` are handed on together when one of them changes. `identify` makes the
    key of a row that tells none, where what it says tells it from others. `derived` fields follow from the others: they
    are given out, and ignored on the way in.
    """

    slug: str
    title: str
    help: str
    fields: tuple[Field, ...]
    one_of: tuple[str, ...] = ()
    check: Check = _holds
    store: Store | None = None
    trace: Trace | None = None
    one: str = ""
    tab: str = ""
    events: tuple[str, ...] = ()
    creating: str = "work.do"
    together: tuple[str, ...] = ()
    identify: Callable[[Mapping[str, Any]], str] | None = None
    derived: tuple[Field, ...] = ()

    def __post_init__(self) -> None:
        speech.declare(self, "title", "help")

    @property
    def singular(self) -> str:
        """One of them, in words."""
        return speech.later(self.one or self.title.lower().removesuffix("s"))

    def keyed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a row, with its key made where it tells none."""
        if self.identify is None or values.get("key"):
            return dict(values)
        return {**values, "key": self.identify(values)}

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields that are given out."""
        return self.fields + self.derived

    @property
    def of_accounts(self) -> bool:
        """Whether its rows may belong to an account."""
        return any(field.slug == "account" for field in self.fields)

    def field(self, slug: str) -> Field:
        """The field with this slug, or that had it in an earlier version."""
        for field in self.fields:
            if slug and slug in (field.slug, field.former):
                return field
        allowed = ", ".join(field.slug for field in self.fields)
        raise errors.Invalid(
            '%(title)s have no field "%(slug)s". Use one of: %(allowed)s.',
            title=self.title,
            slug=slug,
            allowed=allowed,
        )


def in_order(*slugs: str) -> Check:
    """A check that days or moments, where given, do not come before those named earlier."""

    def check(row: Mapping[str, Any]) -> str | None:
        given = [(slug, row[slug]) for slug in slugs if row.get(slug)]
        for (first, early), (second, late) in pairwise(given):
            if late < early:
                return speech.english(
                    "%(second)s %(short)s is before %(first)s %(short2)s.",
                    second=second,
                    short=_short(late),
                    first=first,
                    short2=_short(early),
                )
        return None

    return check


def _short(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if hasattr(moment, "hour") else str(moment)


def key_field(*aliases: str, help: str, longest: int = parsers.KEY_LENGTH, required: bool = True) -> Field:
    """The source's own id of a row."""
    return Field(
        "key", "Key", help, parsers.key, required=required, aliases=("key", "id", *aliases), longest=longest
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
        as_form="account",
    )


def person_field(
    help: str, *, slug: str = "person", title: str = "Person", aliases: tuple[str, ...] = ()
) -> Field:
    """A person of the customer's that a row names."""
    usual = ("user_id", "person_id", "contact_id", "requester_id", "respondent_id", "user")
    return Field(
        slug,
        title,
        help,
        parsers.key,
        aliases=aliases or usual,
        longest=200,
        cleared=None,
        as_form="person",
    )


def words(
    slug: str,
    title: str,
    help: str,
    *,
    required: bool = False,
    longest: int = 300,
    aliases: tuple[str, ...] = (),
) -> Field:
    """A line of text; an empty cell empties it."""
    empty = KEEP if required else ""
    return Field(slug, title, help, required=required, aliases=aliases, empty=empty, longest=longest)


def prose(
    slug: str, title: str, help: str, *, required: bool = False, aliases: tuple[str, ...] = ()
) -> Field:
    """A text of any number of lines; an empty cell empties it."""
    empty = KEEP if required else ""
    return Field(
        slug,
        title,
        help,
        required=required,
        aliases=aliases,
        empty=empty,
        longest=PROSE_LENGTH,
        as_form="long_text",
    )


def colleague_field(slug: str, title: str, help: str, *, aliases: tuple[str, ...] = ()) -> Field:
    """Somebody of ours, by e-mail address."""
    return Field(
        slug,
        title,
        help,
        parsers.email,
        aliases=aliases,
        empty="",
        longest=254,
        as_form="colleague",
    )
