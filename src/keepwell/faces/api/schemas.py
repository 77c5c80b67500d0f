"""The shapes of the REST API's answers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from ninja import Schema

Band = Literal["green", "yellow", "red", "unknown"]


class Problem(Schema):
    """Why a request was refused and what to do."""

    error: str


class MoneyOut(Schema):
    """An amount and its ISO 4217 currency."""

    amount: Decimal
    currency: str


class OwnerOut(Schema):
    """Who looks after an account, in which role."""

    name: str
    role: str


class AccountOut(Schema):
    """An account; `arr` is null when no active contract states one, or when they are in several currencies: then
    `arr_parts` has one amount each. `arr_reporting` is their sum in the reporting currency, at the last rates before
    today; when it is null `arr_unknown` says why."""

    key: str
    name: str
    industry: str
    country: str
    tier: str
    phase: str
    since: date | None
    tags: list[str]
    arr: MoneyOut | None
    arr_parts: list[MoneyOut]
    arr_reporting: MoneyOut | None
    arr_unknown: str | None
    renewal_date: date | None
    former: bool
    last_touch_at: datetime | None
    owners: list[OwnerOut]
    fields: dict[str, Any]


class AccountPage(Schema):
    """Some accounts, by key; ask again with `after` = `next` until `next` is null."""

    items: list[AccountOut]
    next: str | None


class PartOut(Schema):
    """One part of a score: its measure, value and points; `reason` says why it is unknown."""

    metric: str
    label: str
    weight: float
    unit: str
    value: float | None
    band: Band
    points: float | None
    reason: str | None


class ScoreOut(Schema):
    """A score with its parts. `known_weight` is the share (%) of the card's weight that is known; `low` and `high` are
    what the score could be if the unknown parts were red or green. `points` is null when too little is known."""

    account: str
    name: str
    as_of: date
    known_by: datetime | None
    points: float | None
    band: Band
    low: float
    high: float
    known_weight: float
    scorecard: str
    version: int
    parts: list[PartOut]


class ScoreList(Schema):
    """Scores as of one day, the lowest first, unknown ones last."""

    as_of: date
    items: list[ScoreOut]


class MetricOut(Schema):
    """One metric of one account; exactly one of `value` and `unknown` is null."""

    account: str
    name: str
    metric: str
    as_of: date
    value: float | None
    unknown: str | None


class MetricDefinition(Schema):
    """What a metric means; `base` is the metric that it is a part of."""

    slug: str
    base: str
    title: str
    unit: str
    window_days: int | None
    better: str
    sentence: str
    unknown_when: str


class ImportOut(Schema):
    """An import: how far, with what outcome."""

    id: int
    kind: str
    file_name: str
    source: str
    state: str
    dry_run: bool
    columns: list[str]
    mapping: dict[str, str]
    constants: dict[str, str]
    formats: dict[str, str]
    rows_total: int | None
    rows_done: int
    created: int
    updated: int
    unchanged: int
    duplicates: int
    conflicts: int
    rejected: int
    error: str


class StartIn(Schema):
    """How to read an uploaded file: `mapping` from field to column, `constants` from field to one value for all rows.

    `formats`: `days` (iso, day_first, month_first), `decimals` (point, comma). What is left out is as proposed.
    """

    mapping: dict[str, str] | None = None
    constants: dict[str, str] | None = None
    formats: dict[str, str] | None = None
    dry_run: bool = False
    vouched: bool = False


class FieldOut(Schema):
    """A field before and after, as cells of a file."""

    field: str
    before: str
    after: str


class ChangeOut(Schema):
    """A row that an import created or changed."""

    kind: str
    key: str
    created: bool
    fields: list[FieldOut]
    undone: str
    reason: str


class UndoOut(Schema):
    """The undoing of an import: how far, with what outcome."""

    state: str
    total: int
    done: int
    removed: int
    restored: int
    left: int
    error: str


class RejectionOut(Schema):
    """A row that was not taken, why, and what it said."""

    row: int | None
    verdict: str
    reason: str
    content: dict[str, Any]


class IncidentOut(Schema):
    """An incident: `matter` is the rule or the cause that it is about, `due_at` when its next clock runs out."""

    id: int
    account: str
    matter: str
    title: str
    reason: str
    opened_at: datetime
    due_at: datetime
    open: bool
    cause_kind: str
    cause: str
    plan: str
    closed_at: datetime | None


class OverdueOut(Schema):
    """An invoice that was due before the asked day and not paid by then."""

    key: str
    account: str
    number: str
    due_date: date
    days: int
    amount: Decimal | None
    currency: str


class DemandOut(Schema):
    """Who asked for a gap or for one merged into it. `unstated` of the accounts state no ARR and are in no sum; `untold` of
    the requests wait to hear that the gap was shipped."""

    gap: str
    title: str
    status: str
    accounts: int
    requests: int
    arr: list[MoneyOut]
    unstated: int
    untold: int
