"""The command line: one query or action each, JSON on every read, a refusal in one line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from keepwell.faces.cli import app
from keepwell.packs import actions as packs
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db(transaction=True)  # the progress bar watches from a thread of its own


def run(*words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert (result.exit_code == 0) == ok, result.output
    return result.output


def ask(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


@pytest.fixture
def cast() -> world.World:
    made = world.build()
    packs.apply(pack="saas", by=TESTS, at=NOW)
    return made


def test_a_file_is_imported_scored_and_asked_as_known_then(cast: world.World, tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    file.write_text("id,account,user_id,event,at\n1,elm,u1,login,2026-03-01\n2,elm,u2,login,2026-03-02\n")
    said = run("import", "events", str(file))
    assert "2 rows of usage.csv: 2 were created" in said
    row = ask("metric", "active_people", "--account", "elm", "--as-of", "2026-03-10")[0]
    assert (row["value"], row["unknown"]) == (2.0, None)
    then = ask(
        "metric", "active_people", "--account", "elm", "--as-of", "2026-03-10", "--known-at", "2026-03-10"
    )
    assert [(r["value"], bool(r["unknown"])) for r in then] == [(None, True)]
    assert ask("score", "elm", "--as-of", "2026-03-10")[0]["account"] == "elm"
    assert "elm" in run("score", "--lowest", "4")


def test_a_file_that_is_vouched_for_was_known_then(cast: world.World, tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    file.write_text("id,account,user_id,event,at\n1,elm,u1,login,2026-03-01\n")
    run("import", "events", str(file), "--vouch")
    then = ask(
        "metric", "active_people", "--account", "elm", "--as-of", "2026-03-10", "--known-at", "2026-03-10"
    )
    assert then[0]["value"] == 1.0


def test_a_dry_run_says_what_would_happen_and_writes_nothing(cast: world.World, tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text("key,name,since\noak,Oak,2026-01-01\nyew,Yew,soon\n")
    said = run("import", "accounts", str(file), "--dry-run")
    assert "1 would be created" in said
    assert 'since "soon" is no date' in said
    assert "oak" not in json.dumps(ask("score"))
    assert "1 were created" in run("import", "accounts", str(file))


def test_columns_are_mapped_and_constants_set_by_hand(cast: world.World, tmp_path: Path) -> None:
    file = tmp_path / "churn.csv"
    file.write_text("nr,who,when\n7,elm,2026-02-01\n")
    run(
        "import",
        "events",
        str(file),
        "--map",
        "id=nr",
        "--map",
        "account=who",
        "--map",
        "at=when",
        "--set",
        "name=account.churned",
    )
    refused = run("import", "events", str(file), "--map", "id", ok=False)
    assert "--map FIELD=COLUMN" in refused


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("metric", "no_such"), "no_such"),
        (("score", "oak"), 'no account "oak"'),
        (("score", "--as-of", "yesterday"), "Use YYYY-MM-DD"),
        (("user", "create", "nobody", "--password", "x"), "no e-mail address"),
        (("token", "create", "t", "--user", "no@one.test"), "keepwell user list"),
        (("source", "create", "Bad Name"), "no slug"),
        (("pack", "apply", "hospital"), "hospital"),
        (("setting", "core_feature_adoption", "nonsense"), "NAME=VALUE"),
    ],
)
def test_a_refusal_is_one_line(cast: world.World, words: tuple[str, ...], said: str) -> None:
    answer = run(*words, ok=False)
    assert said in answer
    assert "Traceback" not in answer


def test_a_pack_is_compared_written_and_put_in_force_from_a_folder(cast: world.World, tmp_path: Path) -> None:
    assert "saas" in run("pack", "list")
    assert "Nothing would change" in run("pack", "diff", "saas")
    changed = {(one["kind"], one["slug"], one["state"]) for one in ask("pack", "diff", "agency")}
    assert ("scorecard", "agency-health", "new") in changed
    told = ("--slug", "ours", "--title", "Ours", "--sentence", "As we work.", "--version", "2")
    exported = run("pack", "export", str(tmp_path / "ours"), *told)
    assert f"{len(list((tmp_path / 'ours').rglob('*.toml')))} files" in exported
    assert list((tmp_path / "ours" / "rules").glob("*.toml"))
    assert "pack: saas → ours" in run("pack", "diff", f"{tmp_path}/ours")
    assert "The ours pack, version 2, is in force." in run("pack", "apply", f"{tmp_path}/ours")
    assert "pack.toml is missing" in run("pack", "apply", f"{tmp_path}/theirs", ok=False)


def test_an_event_is_taken_back_by_its_id(cast: world.World, tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    file.write_text("id,account,user_id,event,at\n1,elm,u1,login,2026-03-01\n2,elm,u2,login,2026-03-02\n")
    run("import", "events", str(file), "--source", "app", "--vouch")
    assert "no longer counts" in run("retract", "app:2")
    asked = ("metric", "active_people", "--account", "elm", "--as-of", "2026-03-10")
    assert ask(*asked)[0]["value"] == 1.0
    assert ask(*asked, "--known-at", "2026-03-10")[0]["value"] == 2.0
    assert "holds no event" in run("retract", "app:9", ok=False)


def test_sources_tokens_and_settings(cast: world.World) -> None:
    assert run("source", "create", "app", "--vouch").startswith("kwk_")
    assert [s["slug"] for s in ask("source", "list")] == ["app"]
    assert run("token", "create", "bot").startswith("kw_")
    assert "export" in run("setting", "core_feature_adoption", "features=login,export")


def test_everything_is_handed_out(cast: world.World, tmp_path: Path) -> None:
    run("rebuild")
    said = run("export", str(tmp_path / "out"))
    assert "account.csv: 4 rows" in said
    assert "events.parquet: 4 events" in said
    assert "not empty" in run("export", str(tmp_path / "out"), ok=False)


def test_the_doctor_says_what_is_wrong(cast: world.World) -> None:
    assert "never computed" in run("doctor", ok=False)
    run("rebuild")
    assert all(check["ok"] for check in ask("doctor"))


def test_what_was_rejected_is_listed_mended_and_replayed(cast: world.World, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("key,account,opened_at\nt1,oak,2026-06-01\nt2,elm,soon\n")
    run("import", "tickets", str(file))
    assert "account-unknown" in run("rejections", "list")
    assert [
        row["about"] for row in ask("rejections", "list", "--reason", "account-unknown")["rejections"]
    ] == ["oak"]
    done = run("rejections", "replay", "--reason", "account-unknown", "--set", "account=birch")
    assert "1 of 1 sent in again: 1 taken, 0 refused again." in done
    assert "Say which" in run("rejections", "dismiss", ok=False)
    assert "1 put aside" in run("rejections", "dismiss", "--reason", "date-unreadable", "--note", "a test")


def test_an_import_is_undone_and_a_source_vouched_for(cast: world.World, tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    file.write_text("id;account;event;at\n1;elm;login;01/03/2026\n2;elm;login;13/03/2026\n")
    answer = ask("import", "events", str(file))
    assert (answer["state"], answer["created"], answer["formats"]["days"]) == ("done", 2, "day_first")
    number = str(answer["batch_id"])
    assert "2 would go" in run("undo", number, "--preview")
    assert "2 removed, 0 given back, 0 left." in run("undo", number)
    assert "undone already" in run("undo", number, ok=False)
    run("source", "create", "app")
    assert "app vouches." in run("source", "vouch", "app", "--note", "complete")
    assert ask("source", "vouched")["said"][0]["note"] == "complete"
