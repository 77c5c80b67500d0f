"""Deeds on who of ours looks after accounts: one person a role at a time, each from a day until the next one begins."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import count, zip_longest

from django.db import transaction
from django.db.models.functions import Lower

from keepwell.access.actions import audit
from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.ledger import models
from keepwell.ledger.actions.upserts import Row, Verdict, interleave, put, split_by_account
from keepwell.ledger.event import key_of as digest_of
from keepwell.ledger.queries import identity

KEY_LENGTH = 200
Place = tuple[int, str]  # account, role


def key_of(account: str, role: str, since: date) -> str:
    """The key of an owner that no source gave one."""
    key = f"{account}:{role}:{since}"
    return key if len(key) <= KEY_LENGTH else f"{digest_of(account)}:{role}:{since}"


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update owners by `key` (account, role, user: their e-mail address, since, until).

    Whoever had the role before keeps the days until then. Ten queries for any number of rows.
    """
    del vouched  # who looked after an account is dated in its row; it says no events
    by.require("accounts.assign")
    with transaction.atomic():
        good, refused = split_by_account(rows, identity.resolve(row["account"] for row in rows))
        people = _people(good)
        book = _Book({row["account_id"] for row in good}, today=at.date())
        told = [book.take(row, people) for row in good]
        verdicts = book.write(source)
        if any(verdict.outcome != "unchanged" for verdict in verdicts.values()):
            audit.record(by=by, at=at, deed="owner.upsert", subject=f"source:{source}", rows=len(verdicts))
    seen: set[str] = set()
    known = []
    for row, reason in zip(good, told, strict=True):
        again = row["key"] in seen
        seen.add(row["key"])
        verdict = Verdict("rejected", reason) if reason else verdicts[row["key"]]
        known.append(Verdict("unchanged") if again and verdict.outcome == "created" else verdict)
    return interleave(refused, known)


def _people(rows: Sequence[Row]) -> dict[str, int]:
    """The people whom rows name, by e-mail address in lower case. One query."""
    asked = {row["user"].lower() for row in rows}
    found = User.objects.annotate(lower=Lower("email")).filter(lower__in=asked)
    return {user.email.lower(): user.pk for user in found}


class _Book:
    """All owners that some accounts ever had, with what is told anew."""

    def __init__(self, accounts: Collection[int], *, today: date) -> None:
        self._today = today
        # In one order, so that two transactions that share accounts cannot wait for each other.
        locked = models.Account.objects.select_for_update(of=("self",)).filter(pk__in=accounts).order_by("pk")
        self._keys = dict(locked.values_list("pk", "key"))
        self._rows: dict[str, models.Ownership] = {}
        self._told: dict[str, Row] = {}
        self._spans: dict[Place, dict[str, models.Ownership]] = defaultdict(dict)
        for row in models.Ownership.objects.filter(account__in=self._keys):
            self._note(row)

    def _note(self, row: models.Ownership) -> None:
        self._rows[row.key] = row
        self._spans[row.account_id, row.role][row.key] = row

    def take(self, row: Row, people: Mapping[str, int]) -> str:
        """Take in what a row tells; gives why not, or ""."""
        user = people.get(row["user"].lower())
        if user is None:
            return f'user "{row["user"]}" cannot sign in. Make one: keepwell user create {row["user"]}'
        return self.put(row, user=user)

    def put(self, row: Row, *, user: int) -> str:
        """Let a person have a role from a day on; gives why not, or ""."""
        key, place, since = row["key"], (row["account_id"], row["role"]), row["since"]
        old = self._rows.get(key)
        if old is not None and (old.account_id, old.role) != place:
            return f'key "{key}" is that of another account or role. Use another key.'
        ends = self._ends(row, old)
        others = [other for other in self._spans[place].values() if other.key != key]
        is_news = old is None or (old.user_id, old.since, old.ends) != (user, since, ends)
        if is_news and (reason := self._fault(since, ends, others)):
            return reason
        self._tell(place, key, user, since, ends, row.get("fields", {}))
        return ""

    def hand_over(self, place: Place, user: int | None) -> None:
        """Let a person have a role from today on; whoever has it ends today."""
        has = next((row for row in self._spans[place].values() if row.until is None), None)
        if has is not None:
            self._tell(place, has.key, has.user_id, has.since, max(self._today, has.since), {})
        if user is not None:
            self._tell(place, self._free_key(place), user, self._today, None, {})

    def _free_key(self, place: Place) -> str:
        """A key of today; whoever was named before on the same day keeps theirs."""
        key = key_of(self._keys[place[0]], place[1], self._today)
        again = (f"{key[: KEY_LENGTH - 5]}:{number}" for number in count(2))
        return key if key not in self._rows else next(each for each in again if each not in self._rows)

    def _tell(self, place: Place, key: str, user: int, since: date, ends: date | None, fields: Row) -> None:
        account, role = place
        told: Row = {"account_id": account, "role": role, "user_id": user, "since": since, "ends": ends}
        self._note(models.Ownership(key=key, **told))
        self._told[key] = {"key": key, **told, "fields": fields}

    def _ends(self, row: Row, old: models.Ownership | None) -> date | None:
        if "until" not in row:
            return old.ends if old else None
        told: date | None = row["until"]
        return old.ends if old and told == old.until else told

    def _fault(self, since: date, ends: date | None, others: Sequence[models.Ownership]) -> str:
        if late := next((day for day in (since, ends) if day and day > self._today), None):
            return speech.english(
                "%(late)s is still to come: plan the hand-over on the page of the account, or for "
                "many from the list.",
                late=late,
            )
        for other in others:
            if since in (ends, other.ends) and since == other.since:
                continue  # named for no day: somebody else was, on the same day
            if other.since == since:
                return speech.english(
                    '"%(key)s" begins on %(since)s, too. Change that one.', key=other.key, since=since
                )
            if other.since < since < (other.ends or since) or since < other.since < (ends or since):
                return speech.english(
                    'it overlaps with "%(key)s" of %(since)s to %(ends)s. End one before the other.',
                    key=other.key,
                    since=other.since,
                    ends=other.ends or "now",
                )
        return ""

    def write(self, source: str) -> dict[str, Verdict]:
        """Write what is new; gives what became of each row that was told. Rows that end go before those that last."""
        for place in {(row["account_id"], row["role"]) for row in self._told.values()}:
            self.close(place)
        verdicts: dict[str, Verdict] = {}
        for lasts in (False, True):
            rows = [row for row in self._told.values() if (row["until"] is None) == lasts]
            outcomes, _ = put(models.Ownership, rows, source=source, says=lambda _: [])
            verdicts |= dict(zip((row["key"] for row in rows), outcomes, strict=True))
        return verdicts

    def close(self, place: Place) -> None:
        """Let each of a place last until the next one begins."""
        spans = sorted(self._spans[place].values(), key=lambda row: (row.since, row.ends or date.max))
        for row, following in zip_longest(spans, spans[1:]):
            days = [day for day in (row.ends, following and following.since) if day]
            until = min(days, default=None)
            if row.key in self._told:
                self._told[row.key] = {**self._told[row.key], "until": until}
            elif row.until != until:
                self._told[row.key] = {
                    "key": row.key,
                    "account_id": place[0],
                    "role": place[1],
                    "until": until,
                }


def hand_over(*, wanted: Mapping[Place, int | None], on: date) -> list[Place]:
    """Make people, or nobody (None), the owners of accounts in roles from a day on; gives where that is news.

    Whoever it was before keeps the days until then. Nine queries for any number of accounts, one when all are owners
    already.
    """
    present = models.Ownership.objects.filter(account__in={account for account, _ in wanted}, until=None)
    owned = {(row.account_id, row.role): row.user_id for row in present}
    new = [place for place in sorted(wanted) if owned.get(place) != wanted[place]]
    if new:
        book = _Book({account for account, _ in new}, today=on)
        for place in new:
            book.hand_over(place, wanted[place])
        book.write("keepwell")
    return new


def settle(*, places: Collection[Place], on: date) -> None:
    """Let each owner last until the next one begins, after some are gone."""
    book = _Book({account for account, _ in places}, today=on)
    for place in places:
        book.close(place)
    book.write("keepwell")
