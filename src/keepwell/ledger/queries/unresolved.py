"""Events that mean no account yet: kept, and counted as soon as an account claims their key."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Literal

import polars as pl

from keepwell.access.scopes import Scope
from keepwell.ledger import domains, frames, lake, models
from keepwell.ledger.queries import accounts, identity

LEAST_LETTERS = 3
SIGNS = re.compile(r"[\W_]+")
# What names nobody is said of the whole company: a course, a product gap.
NAMED = (pl.col("account") != "") | (pl.col("person") != "") | (pl.col("kind") != "fact")


@dataclass(frozen=True)
class UnresolvedKey:
    """A raw key that means no account, how much it said, and the account that it may mean.

    `of` tells whether it stands for an account or, where events name none, for a person.
    """

    of: Literal["account", "person"]
    key: str
    events: int
    first_day: date
    last_day: date
    suggested: str
    suggested_name: str
    why: str


def count() -> int:
    """How many events in the lake name neither a known account nor a person of exactly one.

    Reads the keys twice: only what names no account is joined with the people's places.
    """
    said = lake.scan().filter(NAMED).select("account", "person", "at")
    known = [key for key, _ in identity.links().accounts]
    unnamed = said.filter(pl.col("account") == "")
    unknown = said.filter((pl.col("account") != "") & ~pl.col("account").is_in(known))
    counts = [frame.select(pl.len()) for frame in (unknown, unnamed, frames.resolved(unnamed))]
    strangers, nameless, placed = (frame.item() for frame in pl.collect_all(counts))
    return int(strangers + nameless - placed)


def keys(*, seen_by: Scope, limit: int = 100) -> tuple[UnresolvedKey, ...]:
    """Raw keys that mean nothing, those that said most first. Reads the keys of the lake once, and five queries.

    A person who is in several accounts, or was in none on the day, is not among them: nobody has to say anything.
    """
    seen_by.require("accounts.assign")
    meant = identity.links()
    known, placed = [key for key, _ in meant.accounts], list({key for key, *_ in meant.people})
    people = models.Placement.objects.filter(identity.known(None)).values_list("person__key", flat=True)
    placed += list(people)
    of_account = pl.col("account") != ""
    open_ones = (
        pl.when(of_account)
        .then(~pl.col("account").is_in(known))
        .otherwise((pl.col("person") != "") & ~pl.col("person").is_in(placed))
    )
    rows = (
        lake.scan()
        .filter(open_ones)
        .group_by(
            pl.when(of_account).then(pl.lit("account")).otherwise(pl.lit("person")).alias("of"),
            pl.when(of_account).then("account").otherwise("person").alias("key"),
        )
        .agg(pl.len().alias("events"), pl.col("at").min().alias("first"), pl.col("at").max().alias("last"))
        .sort("events", "of", "key", descending=[True, False, False])
        .limit(limit)
        .collect()
    )
    guesses = _Guesses(seen_by, [row["key"] for row in rows.iter_rows(named=True) if row["of"] == "person"])
    return tuple(
        UnresolvedKey(
            row["of"], row["key"], row["events"], row["first"].date(), row["last"].date(),
            *guesses.of(row["of"], row["key"]),
        )
        for row in rows.iter_rows(named=True)
    )  # fmt: skip


@dataclass(frozen=True)
class Linked:
    """A key that somebody linked by hand, and when."""

    key: str
    account: str
    account_name: str
    at: datetime


def linked(*, seen_by: Scope, limit: int = 100) -> tuple[Linked, ...]:
    """The latest links made by hand that hold. One query."""
    rows = models.IdentityLink.objects.filter(
        identity.known(None), reason="manual", account__in=accounts.visible(seen_by=seen_by)
    )
    found = rows.select_related("account").order_by("-linked_at", "key")[:limit]
    return tuple(Linked(row.key, row.account.key, row.account.name, row.linked_at) for row in found)


class _Guesses:
    """Which accounts keys may mean: the same name or key but for signs and capitals, or an address's domain."""

    def __init__(self, seen_by: Scope, people: list[str]) -> None:
        named = accounts.visible(seen_by=seen_by).filter(merged_into=None)
        self.names: dict[str, str] = {}
        self.by_word: dict[str, str] = {}
        for key, name in named.order_by("-key").values_list("key", "name"):
            self.names[key] = name
            self.by_word[_word(name)] = self.by_word[_word(key)] = key
        self.words = sorted(self.by_word)
        self.by_domain: dict[str, set[str]] = {}
        owned = models.AccountDomain.objects.filter(account__in=named)
        for domain, key in owned.values_list("domain", "account__key"):
            self.by_domain.setdefault(domain, set()).add(key)
        told = models.Person.objects.filter(key__in=people).exclude(email="")
        self.mail = dict(told.values_list("key", "email"))

    def of(self, kind: str, key: str) -> tuple[str, str, str]:
        """The account's key and name, and why; empty when nothing fits."""
        domain = domains.of(self.mail.get(key, key))
        owners = self.by_domain.get(domain, set())
        if len(owners) == 1:
            (found,) = owners
            return found, self.names[found], f"{domain} is its domain"
        word = _word(key) if kind == "account" else ""
        for length in range(len(word), LEAST_LETTERS - 1, -1):
            if (found := self.by_word.get(word[:length], "")) != "":
                return found, self.names[found], "its key or name is alike"
        if len(word) >= LEAST_LETTERS and (only := self._begun_alike(word)) != "":
            return only, self.names[only], "its name begins alike"
        return "", "", ""

    def _begun_alike(self, word: str) -> str:
        """The only account whose key or name begins with a word."""
        found = ""
        for other in islice(self.words, bisect_left(self.words, word), None):
            if not other.startswith(word):
                break
            if found and self.by_word[other] != found:
                return ""
            found = self.by_word[other]
        return found


def _word(text: str) -> str:
    return SIGNS.sub("", text.casefold())
