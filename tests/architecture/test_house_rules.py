"""Rules of the house that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src/keepwell").rglob("*.py"))
WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "_raw_delete"}
BANNED_NAMES = {"views", "forms", "managers", "utils", "services", "helpers", "common"}


def stage_of(path: Path) -> str:
    return path.relative_to(ROOT / "src/keepwell").parts[0]


@pytest.mark.parametrize(
    "path",
    [p for p in SOURCES if "/migrations/" not in str(p)],
    ids=lambda p: str(p.relative_to(ROOT / "src")),
)
def test_rows_are_written_by_actions_alone(path: Path) -> None:
    if "actions" in path.parts or path.name.startswith("actions"):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            chain = ast.unparse(node.func)
            assert ".objects" not in chain, f"{path.relative_to(ROOT)}:{node.lineno} writes: {chain}"


def test_files_are_small() -> None:
    lengths = {p: len(p.read_text().splitlines()) for p in SOURCES if "/migrations/" not in str(p)}
    assert max(lengths.values()) <= 400
    assert sorted(lengths.values())[len(lengths) // 2] < 100


def test_stages_have_the_same_furniture() -> None:
    stray = [p for p in SOURCES if p.stem in BANNED_NAMES and stage_of(p) != "faces"]
    assert stray == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        p
        for p in SOURCES
        if "/migrations/" not in str(p) and p.read_text() and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert silent == []


def test_locks_are_hashed_and_name_no_index() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        text = (ROOT / lock).read_text()
        assert "://" not in text
        for pin in re.findall(r"^[a-z0-9].*$", text, re.M):
            assert "==" in pin
            assert pin.endswith("\\"), f"{lock}: {pin} has no hash"


def test_migrations_are_named_and_import_no_application_code() -> None:
    for path in (ROOT / "src/keepwell").glob("*/migrations/[0-9]*.py"):
        assert "_auto_" not in path.name
        imported = re.findall(r"^(?:from|import) (keepwell\S*)", path.read_text(), re.M)
        assert imported == [], path.name
