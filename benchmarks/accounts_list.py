"""What the list of accounts costs at 8,000 and at 100,000 accounts: its first page, a scroll, orders, a nested filter, groups.

The instances are made once and kept: accounts with contracts' figures, owners, scores of thirteen weeks and eight measures of
thirteen weeks, written straight into the tables, for a list computes nothing from facts. Asked through the pages, as an
administrator's browser does; CPU is this process's and PostgreSQL's.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import ground

SIZES = (8_000, 100_000)
DAY = date(2025, 12, 31)
NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)
ROUNDS = 40
MOST_MS, MOST_CPU_MS = 100, 50
METRICS = (
    "active_people", "active_days", "usage_events", "seat_utilisation", "days_since_touchpoint", "latest_nps",
    "tickets_opened", "core_feature_adoption",
)  # fmt: skip
NESTED = "all(metric.active_days:below:12;any(arr:above:40000;industry:in:Retail,Energy);not(tier:is:Gold))"
ASKED = {
    "first page": "",
    "scroll": "rows",
    "by a measure": "?sort=metric.active_people&cols=health,metric.active_people",
    "nested filter": f"?where={quote(NESTED)}",
    "groups": "?group=owner",
}
PEERS = "BottleCRM 1.6, django-crm 0.6 CPU seconds a list at 8,000 (cited, not run here)"


def measure() -> Iterator[str]:
    """Each size in a process of its own."""
    for size in SIZES:
        folder = ground.kept(f"list-{size}")
        with ground.database(folder):
            if not (folder / "laid").exists():
                ground.part("benchmarks.accounts_list", "lay", folder, LIST_ACCOUNTS=str(size))
                (folder / "laid").touch()
            found = ground.part("benchmarks.accounts_list", "ask", folder, LIST_ACCOUNTS=str(size))
        said = "; ".join(
            f"{name} {found[f'{name} cpu']:.0f} ms of CPU, p95 {found[f'{name} p95']:.0f} ms"
            for name in ASKED
        )
        yield f"list: {size:,} accounts: {said} (limits {MOST_CPU_MS} ms of CPU, p95 {MOST_MS} ms); {PEERS}"


def _accounts() -> int:
    return int(os.environ["LIST_ACCOUNTS"])


LAY = """
    INSERT INTO access_user (password, email, name, role, is_active, created_at, preferences)
    SELECT '!', 'csm' || n || '@example.com', 'Person ' || n, CASE n WHEN 0 THEN 'admin' ELSE 'csm' END, true, %(at)s, '{}'
    FROM generate_series(0, 199) n;
    INSERT INTO health_scorecard (slug, title) VALUES ('card', 'Card');
    INSERT INTO health_scorecardversion (scorecard_id, number, definition, created_at, changed_at, published_at)
    SELECT id, 1, '{}', %(at)s, %(at)s, %(at)s FROM health_scorecard;
    INSERT INTO ledger_account (key, source, revision, event_ids, fields, name, industry, country, tier, phase, since, tags,
        arr_amount, arr_currency, arr_parts, arr_reporting, reporting_currency, arr_unrated, renewal_date, former,
        last_touch_at)
    SELECT 'a' || n, 'bench', 0, '{}', jsonb_build_object('region', 'R' || n %% 9, 'seats', n %% 300), md5(n::text) || ' Ltd',
        (ARRAY['Retail','Energy','Software','Health','Transport'])[1 + n %% 5], 'DE', (ARRAY['Gold','Silver',''])[1 + n %% 3],
        '', %(day)s::date - (n %% 900), '{}', n %% 90 * 1000, 'USD', jsonb_build_object('USD', (n %% 90 * 1000)::text),
        n %% 90 * 1000, 'USD', '{}', %(day)s::date + (n * 7919 %% 500), n %% 50 = 0, %(at)s - make_interval(hours => n %% 3000)
    FROM generate_series(1, %(accounts)s) n;
    INSERT INTO ledger_ownership (key, source, revision, event_ids, fields, account_id, user_id, role, since)
    SELECT 'o' || a.id, 'bench', 0, '{}', '{}', a.id, u.low + a.id %% 200, 'csm', %(day)s::date - 400
    FROM ledger_account a, (SELECT min(id) AS low FROM access_user) u;
    INSERT INTO health_score (account_id, version_id, as_of, points, band, parts, known_weight, low, high, batch, computed_at)
    SELECT a.id, v.id, d.day, p.points, CASE WHEN p.points < 30 THEN 'red' WHEN p.points < 60 THEN 'yellow' ELSE 'green' END,
        jsonb_build_array(jsonb_build_object('measure', 'active_people', 'label', 'Active people', 'unit', 'people',
            'value', p.points, 'points', p.points, 'band', 'green', 'weight', 1, 'reason', null,
            'green', '> 50', 'red', '< 10')),
        100, p.points, p.points, 0, %(at)s
    FROM ledger_account a, health_scorecardversion v, unnest(%(days)s::date[]) AS d (day),
        LATERAL (SELECT abs(hashint4(a.id::int + extract(doy FROM d.day)::int)) %% 1001 / 10.0 AS points) p;
    INSERT INTO health_extent (id, as_of, definition, beginnings) VALUES (1, %(day)s, '{}', '{}');
    INSERT INTO metrics_metricvalue (account_id, metric, as_of, value)
    SELECT a.id, m, d, abs(hashint4(a.id::int * 31 + length(m))) %% 60
    FROM ledger_account a, unnest(%(metrics)s::text[]) m, unnest(%(days)s::date[]) d;
"""


def lay() -> ground.Figures:
    """The tables of one size."""
    from django.db import connection

    from keepwell.config import schema
    from keepwell.health.actions import standings
    from keepwell.health.formulas import weeks
    from keepwell.ledger.queries import accounts

    schema.bring_up_to_date()
    days = [*weeks.shown(DAY), DAY - weeks.WEEK]
    given = {"at": NOON, "day": DAY, "accounts": _accounts(), "days": days, "metrics": list(METRICS)}
    with connection.cursor() as cursor:
        cursor.execute(LAY, given)
        standings.move(accounts=accounts.everybody(), as_of=DAY, at=NOON)
        cursor.execute("VACUUM ANALYZE")
    return {}


def ask() -> ground.Figures:
    """Each question so many times: CPU of one on average, and the time that one of twenty exceeds."""
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
    client.force_login(
        users.by_email("csm0@example.com"), backend="django.contrib.auth.backends.ModelBackend"
    )
    figures: ground.Figures = {}
    for name, query in ASKED.items():
        _once(client, query, 0)  # templates and modules are read once
        askings = (partial(_once, client, query, n) for n in range(1, ROUNDS + 1))
        found = ground.timed(Path(settings.KEEPWELL_DATA), askings)
        figures |= {f"{name} cpu": found.cpu, f"{name} p95": found.p95}
    return figures


def _once(client: Any, query: str, n: int) -> None:
    far = n * 997 % (_accounts() - 2_500) // 50 * 50
    page = f"/accounts-rows/?offset={far}" if query == "rows" else f"/accounts/{query}"
    response = client.get(page, HTTP_HOST="localhost")
    assert response.status_code == 200, response


if __name__ == "__main__":
    ground.answer({"lay": lay, "ask": ask})
