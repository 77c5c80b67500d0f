"""The unmodified Segment library for Node, pointed at us."""

import json
import subprocess
from pathlib import Path

import polars as pl

from tests.stories.conftest import Instance, until

FOLDER = Path(__file__).with_name("node")


def sent(served: Instance, key: str, *options: str) -> list[str]:
    """Run the library; gives what it reports as failed."""
    assert (FOLDER / "node_modules").is_dir(), "the library is not installed; run: make node"
    done = subprocess.run(
        ["node", "send.mjs", served.url, key, *options],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    failures: list[str] = json.loads(done.stdout)["failures"]
    return failures


def active_people(served: Instance) -> float | None:
    rows = served.json("metric", "active_people", "--account", "oak")
    return rows[0]["value"] if rows else None


def test_every_call_of_the_node_library_is_taken_and_numbers_follow(served: Instance) -> None:
    key = served.run("source", "create", "node").stdout.strip()
    assert sent(served, key) == []
    assert until(lambda: active_people(served) == 3.0), "u1, u2 and a visitor"
    assert sent(served, key, "--alias") == []
    assert until(lambda: active_people(served) == 2.0), "the visitor was u1"
    folder = served.folder / "node-export"
    served.run("export", str(folder))
    events = pl.read_parquet(folder / "events.parquet").filter(
        pl.col("source") == "node", pl.col("kind") == "usage"
    )
    said = {(row["name"], row["feature"]) for row in events.iter_rows(named=True)}
    assert said == {
        ("report.exported", "reports"),
        ("page.viewed", "Home"),
        ("screen.viewed", "Settings"),
        ("report.printed", "report.printed"),
    }
    assert events.height == 8, "the library made new ids for its second run, so each event counts"
    people = pl.read_csv(folder / "person.csv").filter(pl.col("key") == "u1")
    assert people["email"].to_list() == ["uma@oak.test"]
    assert pl.read_csv(folder / "account.csv").filter(pl.col("key") == "oak")["name"].to_list() == [
        "Oak & Söhne 🌳"
    ]
    assert served.json("rejections", "list")["rejections"] == []
