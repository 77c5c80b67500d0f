"""One account as it stood at the end of a past day, as known now or as known then, from one read of its facts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import narwhals as nw
import polars as pl
from django.db.models import Q

from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.moments import end_of
from keepwell.kernel.money import Money
from keepwell.ledger import frames, models
from keepwell.ledger.engines import EMBEDDED
from keepwell.ledger.formulas import movements, presence
from keepwell.ledger.knowledge import Knowledge
from keepwell.ledger.queries import accounts, attributes, people, rates, stakeholder_history
from keepwell.ledger.queries.accounts import AccountView, Owner
from keepwell.ledger.queries.contracts import ContractView
from keepwell.ledger.queries.people import StakeholderView

LEFT, SPOKE = "account.churned", "touchpoint.held"
NAMES = (*frames.CONTRACTS, LEFT, SPOKE, *presence.NAMES)
PLAIN = ("name", "industry", "country", "tier", "phase")
COLUMNS = ("account_id", "at", "known_at", "name", "feature", "person", "value", "props")


@dataclass(frozen=True)
class Past:
    """An account, its people and its contracts, as they stood at the end of a day."""

    account: AccountView
    people: tuple[StakeholderView, ...]
    contracts: tuple[ContractView, ...]


def find(*, key: str, day: date, known_by: datetime | None, seen_by: Scope) -> Past:
    """An account that may be seen now, turned back to the end of a day. Reads the account's share of the lake twice.

    Who may see it is decided by today's owners.
    """
    now = accounts.find(key=key, seen_by=seen_by)
    by = min((moment for moment in (known_by, now.merged_at) if moment is not None), default=None)
    told = frames.events(
        until=end_of(day), known_by=by, accounts=[now.id], kind="fact", names=NAMES
    ).to_native()
    rows: pl.DataFrame = told.select(*COLUMNS).sort("at", "known_at").collect()
    return Past(
        _account(now, rows, day, known_by),
        _people(now.id, rows, seen_by)
        if known_by
        else stakeholder_history.then(account_id=now.id, seen_by=seen_by, as_of=day),
        _contracts(rows.filter(pl.col("name").is_in(frames.CONTRACTS))),
    )


def _account(now: AccountView, rows: pl.DataFrame, day: date, known_by: datetime | None) -> AccountView:
    said = _attributes(now, day, known_by)
    begun, running = _terms(rows, day)
    parts = _sums(running)
    known = rates.on(day, into=rates.reporting())
    spoke = rows.filter(pl.col("name") == SPOKE)["at"].max()
    plain: dict[str, Any] = {name: said[name] or "" for name in PLAIN}
    return replace(
        now,
        **plain,
        fields=now.fields | {name: said[attributes.FIELD + name] for name in now.fields},
        arr=parts[0] if len(parts) == 1 else None,
        arr_parts=parts,
        arr_reporting=known.total(parts) if parts else None,
        arr_unknown=_unknown(parts, known),
        renewal_date=min((row["end_date"] for row in running if row["end_date"]), default=None),
        former=bool(begun) and not running,
        last_touch_at=spoke if isinstance(spoke, datetime) else None,
        owners=owners(account_id=now.id, day=day),
        merged_into=now.merged_into if now.merged_at is not None and now.merged_at < end_of(day) else "",
    )


def _attributes(now: AccountView, day: date, known_by: datetime | None) -> Mapping[str, Any]:
    """What was said of it on the day; custom fields as the values they had."""
    names = [*PLAIN, *(attributes.FIELD + name for name in now.fields)]
    known = Knowledge(by=known_by)
    changes = attributes.changes(names=names, known=known, accounts=[now.id])
    asked = pl.DataFrame(
        {"account_id": [now.id], "as_of": [day]}, schema={"account_id": pl.Int64, "as_of": pl.Date}
    )
    row = attributes.on_days(asked, names=names, changes=changes).row(0, named=True)
    return {
        name: json.loads(value) if name.startswith(attributes.FIELD) and value is not None else value
        for name, value in row.items()
    }


def _terms(rows: pl.DataFrame, day: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What had begun by the end of the day, and what of it ran on."""
    said = frames.stated(nw.from_native(rows.lazy()).filter(nw.col("name").is_in(frames.CONTRACTS)), EMBEDDED)
    gone = rows.lazy().filter(pl.col("name") == LEFT).select("account_id", "at", "known_at")
    spans = movements.spans(said, nw.from_native(gone)).collect().to_native()
    begun = [row for row in spans.iter_rows(named=True) if row["begins"] <= day]
    return begun, [row for row in begun if row["ends"] is None or row["ends"] > day]


def _sums(running: Sequence[Mapping[str, Any]]) -> tuple[Money, ...]:
    sums: dict[str, Decimal] = {}
    for row in running:
        if row["arr"]:
            sums[row["currency"]] = sums.get(row["currency"], Decimal(0)) + Decimal(str(row["arr"]))
    return tuple(Money(round(sums[currency], 2), currency) for currency in sorted(sums))


def _unknown(parts: Sequence[Money], known: rates.Rates) -> str | None:
    if not parts:
        return speech.told("no contract that ran states an ARR")
    missing = known.missing(money.currency for money in parts)
    return (
        speech.told(
            "no exchange rate from %(listed)s to %(into)s is known",
            listed=", ".join(missing),
            into=known.into,
        )
        if missing
        else None
    )


def owners(*, account_id: int, day: date) -> tuple[Owner, ...]:
    """Who of ours looked after an account on a day. One query."""
    held = models.Ownership.objects.filter(
        Q(until=None) | Q(until__gt=day), account=account_id, since__lte=day
    )
    return tuple(Owner(str(row.user), row.role) for row in held.select_related("user").order_by("role", "pk"))


def _people(account_id: int, rows: pl.DataFrame, seen_by: Scope) -> tuple[StakeholderView, ...]:
    """Those whom the account had on the day, by what was said of them until then."""
    told = rows.filter(pl.col("name").is_in(presence.NAMES) & (pl.col("person") != ""))
    said = told.select("person", "name", "feature", "at", "props").iter_rows()
    found = presence.at_end((*row, json.loads(props)) for *row, props in said)
    now = {view.key: view for view in people.of_account(account_id=account_id, seen_by=seen_by)}
    gone = people.names([key for key in found if key not in now], seen_by=seen_by)

    def called(key: str) -> str:
        return now[key].name if key in now else gone.get(key, key)

    views = [
        replace(
            now.get(key) or StakeholderView(key, gone.get(key, key), "", "", "", "", ""),
            role=stood.roles[0] if stood.roles else "",
            roles=stood.roles,
            stance=stood.stance,
            status=stood.status,
            status_since=stood.since,
            influence=stood.influence,
            title=stood.title,
            reports_to_key=stood.boss if stood.boss in found else "",
            reports_to=called(stood.boss) if stood.boss in found else "",
        )
        for key, stood in found.items()
    ]
    return people.ranked(sorted(views, key=lambda view: (view.name, view.key)))


def _contracts(rows: pl.DataFrame) -> tuple[ContractView, ...]:
    """The last terms that each contract had stated by then, the latest begun first."""
    last: dict[str, ContractView] = {}
    for row in rows.iter_rows(named=True):
        view = _contract(row)
        last[view.key] = view
    return tuple(sorted(last.values(), key=lambda view: (-view.start_date.toordinal(), view.key)))


def _contract(row: Mapping[str, Any]) -> ContractView:
    said = json.loads(row["props"])
    arr, currency = row["value"], str(said.get("currency") or "")
    starts, ends = said.get("start_date"), said.get("end_date")
    return ContractView(
        key=str(said.get("contract")),
        product=str(said.get("product") or ""),
        products=tuple(said.get("products") or ()),
        arr=None if arr is None else Money(round(Decimal(str(arr)), 2), currency),
        seats=None if said.get("seats") in (None, "") else int(said["seats"]),
        limits=said.get("limits") or {},
        start_date=date.fromisoformat(starts) if starts else row["at"].date(),
        end_date=date.fromisoformat(ends) if ends else None,
        auto_renew=said.get("auto_renew"),
        notice_days=said.get("notice_days"),
        term_months=said.get("term_months"),
        fields={},
    )
