"""The picture in ARCHITECTURE.md, the import contracts and the models tell one story."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, Model

ROOT = Path(__file__).parents[2]
PACKAGES = {p.name for p in (ROOT / "src/keepwell").iterdir() if p.is_dir() and (p / "__init__.py").exists()}


def contract() -> list[set[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c for c in settings if c["id"] == "layers")["layers"]
    return [{name.strip() for name in layer.split("|")} for layer in layers]


def test_architecture_md_lists_exactly_the_layers_of_the_contract() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    paragraph = re.search(r"## Layers.*?\n\n(`config`.*?)\n\n", text, re.S)
    assert paragraph is not None
    listed = [{name.strip() for name in layer.split("|")} for layer in re.findall(r"`([^`]+)`", paragraph[1])]
    assert listed == contract()


def test_every_package_has_its_layer() -> None:
    assert set().union(*contract()) == PACKAGES


def rank(label: str) -> int:
    return next(i for i, layer in enumerate(contract()) if label in layer)


def stage(model: type[Model]) -> str:
    return model.__module__.split(".")[1]


def test_foreign_keys_point_to_the_same_or_a_lower_stage_without_reverse_accessors() -> None:
    ours = [m for m in apps.get_models() if m.__module__.startswith("keepwell.")]
    assert len(ours) > 20
    for model in ours:
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField):
                target = field.related_model
                assert not isinstance(target, str)
                if target.__module__.startswith("keepwell."):
                    assert rank(stage(target)) >= rank(stage(model)), f"{model.__name__}.{field.name}"
                assert str(field.remote_field.related_name).endswith("+"), (
                    f"{model.__name__}.{field.name} has a reverse accessor"
                )


def lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=source.parent,
        env={"PYTHONPATH": str(source), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


BREACHES = {
    "a lower stage knows a higher one": (
        "metrics/catalogue.py",
        "from keepwell.health import models",
        "Imports point",
    ),
    "a formula touches Django": ("health/formulas/breach.py", "import django", "Formulas are pure"),
    "a face writes a model": (
        "faces/cli/common.py",
        "from keepwell.ledger import models",
        "Faces read by queries",
    ),
    "a stage opens the lake": (
        "metrics/measures.py",
        "from keepwell.ledger import lake",
        "Only the ledger opens",
    ),
    "a package has no layer": ("helpers/__init__.py", '"""Breach."""', "Imports point"),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_planted_breach_is_caught(breach: str, tmp_path: Path) -> None:
    file, line, contract_name = BREACHES[breach]
    shutil.copytree(
        ROOT / "src/keepwell",
        tmp_path / "src/keepwell",
        ignore=shutil.ignore_patterns("__pycache__", "static"),
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "src/keepwell" / file
    planted.parent.mkdir(exist_ok=True)
    planted.write_text((planted.read_text() if planted.exists() else "") + f"\n{line}\n")
    result = lint_imports(tmp_path / "src")
    assert result.returncode == 1, result.stdout + result.stderr
    assert re.search(rf"{contract_name}.*BROKEN", result.stdout), result.stdout


@pytest.mark.parametrize(
    "code",
    [
        "import datetime\nprint(datetime.datetime.now(datetime.UTC))\n",
        "from django.utils import timezone\nprint(timezone.now())\n",
        "import time\nprint(time.time())\n",
        "from deltalake import DeltaTable\nprint(DeltaTable)\n",
        "from django.db.models.signals import post_save\nprint(post_save)\n",
    ],
)
def test_ruff_bans_the_clock_the_lake_and_signals(code: str, tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(code)
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--select",
        "TID251",
        "--config",
        str(ROOT / "pyproject.toml"),
        ".",
    ]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "TID251" in result.stdout
