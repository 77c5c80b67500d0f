"""What an account's page costs among 8,000 and among 100,000 accounts, today and turned back in time, beside 10 million events.

The instances are made once and kept. Two years of use lie in the lake; the tables of scores and measures are written straight
for every account, with the parts that the practice pack for SaaS declares; of the accounts that are asked for, contracts,
people, tickets and talks are told as facts. Asked through the pages, as a manager's browser does, each time another account;
CPU is this process's and PostgreSQL's.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from benchmarks import ground, history

SIZES = (8_000, 100_000)
EVENTS = int(os.environ.get("PAGE_EVENTS", "10000000"))
DAY = date(2025, 12, 31)
NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)
ASKED_FOR = 40
MOST_CPU_MS, MOST_READ_MS, MOST_PAST_MS = 50, 200, 1000
PAGES = {
    "overview": "",
    "health": "health/",
    "what changed": "changes/",
    "usage": "usage/",
    "timeline": "timeline/",
    "turned back": "?as_of=2025-06-12",
    "turned back as known then": "health/?as_of=2025-06-12&known=then",
    "compared with last quarter": "comparison/",
}


def measure() -> Iterator[str]:
    """Each size in processes of its own."""
    for size in SIZES:
        folder = ground.kept(f"page-{size}")
        given = {"PAGE_ACCOUNTS": str(size), "PAGE_EVENTS": str(EVENTS)}
        ground.part("benchmarks.account_page", "make", folder, **given)
        with ground.database(folder):
            if not (folder / "laid").exists():
                ground.part("benchmarks.account_page", "lay", folder, **given)
                (folder / "laid").touch()
            found = ground.part("benchmarks.account_page", "ask", folder, **given)
        said = "; ".join(
            f"{name} {found[f'{name} cpu']:.0f} ms of CPU, p95 {found[f'{name} p95']:.0f} ms"
            for name in PAGES
        )
        yield (
            f"account page: {size:,} accounts, {EVENTS:,} events: {said} (limits: overview and health {MOST_CPU_MS} ms of CPU,"
            f" what reads the lake {MOST_READ_MS}, turned back p95 {MOST_PAST_MS} ms)"
        )


def _base() -> history.Base:
    return history.Base(accounts=int(os.environ["PAGE_ACCOUNTS"]), visitors=1_600)


def make() -> ground.Figures:
    """The lake, once."""
    from django.conf import settings

    return ground.lay(Path(settings.KEEPWELL_DATA), history.chunks(events=EVENTS, base=_base()))


LAY = """
    UPDATE ledger_account SET industry = 'Retail', country = 'DE', since = %(day)s::date - 700, arr_amount = 20000,
        arr_currency = 'EUR', arr_parts = '{"EUR": "20000"}', arr_reporting = 20000, reporting_currency = 'EUR',
        renewal_date = %(day)s::date + (id * 7919 %% 500)::int;
    INSERT INTO ledger_ownership (key, source, revision, event_ids, fields, account_id, user_id, role, since)
    SELECT 'o' || a.id, 'bench', 0, '{}', '{}', a.id, u.id, 'csm', %(day)s::date - 400
    FROM ledger_account a, (SELECT min(id) AS id FROM access_user) u;
    INSERT INTO health_score (account_id, version_id, as_of, points, band, parts, known_weight, low, high, batch, computed_at)
    SELECT a.id, %(version)s, d.day, p.points,
        CASE WHEN p.points < 50 THEN 'red' WHEN p.points < 75 THEN 'yellow' ELSE 'green' END,
        (SELECT jsonb_agg(part || jsonb_build_object('value', p.points, 'points', p.points)) FROM
            jsonb_array_elements(%(parts)s::jsonb) part), 100, p.points, p.points, 0, %(at)s
    FROM ledger_account a, unnest(%(days)s::date[]) AS d (day),
        LATERAL (SELECT abs(hashint4(a.id::int + extract(doy FROM d.day)::int)) %% 1001 / 10.0 AS points) p;
    INSERT INTO health_extent (id, as_of, definition, beginnings) VALUES (1, %(day)s, '{}', '{}') ON CONFLICT DO NOTHING;
    INSERT INTO metrics_extent (id, as_of, definition, beginnings) VALUES (1, %(day)s, '{}', '{}') ON CONFLICT DO NOTHING;
    INSERT INTO metrics_metricvalue (account_id, metric, as_of, value)
    SELECT a.id, m, d, abs(hashint4(a.id::int * 31 + length(m))) %% 60
    FROM ledger_account a, unnest(%(metrics)s::text[]) m, unnest(%(days)s::date[]) d;
"""


def lay() -> ground.Figures:
    """The tables of one size, and the facts of the accounts that are asked for."""
    from django.db import connection

    from keepwell.access.actions import users
    from keepwell.access.scopes import system
    from keepwell.health.actions import standings
    from keepwell.health.queries import cards
    from keepwell.ledger.actions import relay
    from keepwell.ledger.queries import accounts
    from keepwell.packs import actions as packs

    by = system(through="bench")
    ground.take_in(_base())
    users.create(
        email="csm@example.com", password=token_urlsafe(24), role="admin", by=by, at=NOON, name="Cas"
    )
    packs.apply(pack="saas", by=by, at=NOON - timedelta(days=800))
    card = cards.on(DAY).versions[0].card
    parts = [
        {
            "measure": part.measure, "label": part.label, "metric": part.metric.slug, "unit": part.metric.unit,
            "weight": part.weight, "band": "yellow", "reason": None, "green": "> 75", "red": "< 50",
            "group": "", "state": "judged",
        }
        for part in card.parts
    ]  # fmt: skip
    sunday = DAY - timedelta(days=DAY.weekday() + 1)
    days = [DAY, DAY - timedelta(days=7), *(sunday - timedelta(weeks=week) for week in range(30))]
    given: dict[str, Any] = {
        "at": NOON, "day": DAY, "days": sorted(set(days)), "parts": json.dumps(parts),
        "version": cards.on(DAY).versions[0].version_id,
        "metrics": sorted({part.metric.slug for part in card.parts} | {"days_since_last_use"}),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LAY, given)
    standings.move(accounts=accounts.everybody(), as_of=DAY, at=NOON)
    _tell(by)
    relay.all_waiting(at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {}


def _asked_for() -> list[str]:
    """Accounts from all over, the busiest among them."""
    step = _base().accounts // ASKED_FOR
    return [history.account_key(n * step) for n in range(ASKED_FOR)]


def _tell(by: Any) -> None:
    from keepwell.ledger.actions import contracts, people, surveys, tickets, touchpoints

    told = {"source": "bench", "by": by, "at": NOON, "vouched": True}
    begun = DAY - timedelta(days=600)
    for key in _asked_for():
        contract = {
            "key": f"c-{key}",
            "account": key,
            "product": "App",
            "arr": 20_000,
            "currency": "EUR",
            "seats": 40,
        }
        contracts.upsert(
            rows=[contract | {"start_date": begun, "end_date": DAY + timedelta(days=130)}], **told
        )
        people.upsert(
            rows=[
                {
                    "key": f"{key}-{n}",
                    "name": f"Person {n}",
                    "account": key,
                    "role": "executive",
                    "stance": "champion",
                }
                for n in range(6)
            ],
            **told,
        )
        moments = [NOON - timedelta(days=11 * n) for n in range(1, 40)]
        tickets.upsert(
            rows=[{"key": f"t-{key}-{n}", "account": key, "opened_at": at} for n, at in enumerate(moments)],
            **told,
        )
        surveys.upsert(
            rows=[
                {"key": f"s-{key}-{n}", "account": key, "kind": "nps", "score": 8.0, "answered_at": at}
                for n, at in enumerate(moments[::4])
            ],
            **told,
        )
        touchpoints.upsert(
            rows=[
                {"key": f"h-{key}-{n}", "account": key, "kind": "call", "held_at": at}
                for n, at in enumerate(moments[::2])
            ],
            **told,
        )


def ask() -> ground.Figures:
    """Each page of each account once: CPU of one on average, and the time that one of twenty exceeds."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from keepwell.access.queries import users
    from keepwell.config import schema, wsgi  # noqa: F401 - its connections are those of the web
    from keepwell.faces import clock

    schema.bring_up_to_date()
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    clock.now = lambda: NOON  # type: ignore[assignment] # the day of the tables
    client = Client()
    client.force_login(users.by_email("csm@example.com"), backend="django.contrib.auth.backends.ModelBackend")
    figures: ground.Figures = {}
    for name, page in PAGES.items():
        _once(client, f"/accounts/{_asked_for()[0]}/{page}")  # templates and modules are read once
        askings = (partial(_once, client, f"/accounts/{key}/{page}") for key in _asked_for())
        found = ground.timed(Path(settings.KEEPWELL_DATA), askings)
        figures |= {f"{name} cpu": found.cpu, f"{name} p95": found.p95}
    return figures


def _once(client: Any, page: str) -> None:
    response = client.get(page, HTTP_HOST="localhost")
    assert response.status_code == 200, (page, response)


if __name__ == "__main__":
    ground.answer({"make": make, "lay": lay, "ask": ask})
