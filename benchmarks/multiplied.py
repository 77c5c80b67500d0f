"""An instance of many accounts, made of that of `one_fact`: what is stored of each of its accounts stands for several.

To compute 100,000 accounts' two years of scores takes an hour and 45 GB. A page pays for rows, whosever they are: so stored
rows are copied under further accounts' keys, and of history the last eight Sundays and three weeks daily are kept. The lake is
drawn for that many accounts, as everywhere. What the pages say agrees with itself, not with that lake.
"""

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from benchmarks import ground, one_fact

SUNDAYS = 8
TABLES = (
    "ledger_account", "ledger_identitylink", "ledger_contract", "ledger_ticket", "ledger_surveyanswer",
    "ledger_touchpoint", "health_score", "health_bandchange", "health_standing", "health_path", "health_line",
    "metrics_metricvalue", "segments_membership", "search_entry", "signals_firing", "plays_incident",
    "outcomes_stay", "outcomes_walk",
)  # fmt: skip
HISTORIES = ("health_score", "metrics_metricvalue")
COLUMNS = """
    SELECT a.attname, CASE a.attname WHEN 'account_id' THEN 'ledger_account' ELSE f.confrelid::regclass::text END
    FROM pg_attribute a LEFT JOIN pg_constraint f ON f.conrelid = a.attrelid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum
"""
KEY = "CASE WHEN r.{0} ~ '^acct-[0-9]+$' THEN 'acct-' || lpad((substr(r.{0}, 6)::int + %(n)s * %(accounts)s)::text, 6, '0')"
KEY += " ELSE r.{0} || '-' || %(n)s END"


def copied(made: Path, folder: Path) -> None:
    """The tables of an instance that nobody serves, as they lie."""
    if (made / "home" / "postgres" / "postmaster.pid").exists():
        raise SystemExit(f"The instance in {made} is in use. Measure again when nobody uses it.")
    if not (folder / "copied").exists():
        shutil.rmtree(folder / "home", ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", str(made / "home"), str(folder / "home")], check=True)
        (folder / "home" / "postgres").chmod(0o700)
        (folder / "copied").touch()


def grow() -> ground.Figures:
    """Multiply what is stored until there are as many accounts as asked for; once."""
    from django.db import connection, transaction

    from keepwell.config import schema
    from keepwell.ledger.models import Account

    schema.bring_up_to_date()
    begun, there = time.monotonic(), Account.objects.count()
    if there >= one_fact.ACCOUNTS:
        return {"seconds": 0}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for table in HISTORIES:
            _cut(cursor, table)
        steps = {table: _step(cursor, table) for table in TABLES}
        with transaction.atomic():
            for n in range(1, -(-one_fact.ACCOUNTS // there)):
                for table in TABLES:
                    _again(cursor, table, steps, n, there)
        cursor.execute("SELECT segments_turnover_anew(), health_total_anew()")
        cursor.execute("VACUUM ANALYZE")
    return {"seconds": time.monotonic() - begun}


def _cut(cursor: Any, table: str) -> None:
    """Keep of a history what the last weeks hold."""
    cursor.execute(
        f"DELETE FROM {table} WHERE as_of <= %s::date - 7 * %s AND as_of <= %s::date - 21",
        [one_fact.DAY, SUNDAYS, one_fact.DAY],
    )
    cursor.execute(f"VACUUM FULL {table}")


def _columns(cursor: Any, table: str) -> list[tuple[str, str | None]]:
    cursor.execute(COLUMNS, [table])
    found: list[tuple[str, str | None]] = cursor.fetchall()
    return found


def _step(cursor: Any, table: str) -> int:
    """How far apart the numbers of a row and of its copy lie."""
    if not any(name == "id" for name, _ in _columns(cursor, table)):
        return 0
    cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
    return int(cursor.fetchone()[0])


def _again(cursor: Any, table: str, steps: dict[str, int], n: int, there: int) -> None:
    """What a table holds of the first accounts, once more, as far as accounts are wanting."""
    columns = _columns(cursor, table)
    account = "id" if table == "ledger_account" else "account_id"
    said = ", ".join(_copied(name, of, table, steps, n) for name, of in columns)
    names = ", ".join(name for name, _ in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {said} FROM {table} r "
        "WHERE r.{0} IN (SELECT id FROM ledger_account ORDER BY id LIMIT %(many)s)".format(account),
        {"n": n, "accounts": there, "many": min(there, one_fact.ACCOUNTS - n * there)},
    )


def _copied(name: str, of: str | None, table: str, steps: dict[str, int], n: int) -> str:
    if name == "id":
        return f"r.id + {n * steps[table]}"
    if (table, name) == ("search_entry", "number"):
        return f"r.{name} + {n * steps['ledger_account']}"
    if of in steps:
        return f"r.{name} + {n * steps[of]}"
    if name == "key" or (table == "ledger_account" and name == "name"):
        return KEY.format(name)
    return f"r.{name}"


if __name__ == "__main__":
    ground.answer({"grow": grow})
