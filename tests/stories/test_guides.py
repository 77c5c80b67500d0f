"""The guides are true: every block that can run is run, in order, as a reader would."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.stories.conftest import Instance

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs/guides").glob("*.md"))
BLOCK = re.compile(r"^```(sh|python|js)\n(.*?)^```$", re.M | re.S)
NODE = Path(__file__).with_name("node") / "node_modules"


def script(guide: Path) -> str:
    """All blocks of a guide as one shell script."""
    parts = ["set -euo pipefail", "export URL"]
    for number, (kind, text) in enumerate(BLOCK.findall(guide.read_text())):
        if kind == "sh":
            parts.append(text)
        elif kind == "python":
            parts.append(f"export KEY\npython - <<'END_{number}'\n{text}END_{number}\n")
        else:
            parts.append(
                f"export KEY\ncat > block{number}.mjs <<'END_{number}'\n{text}END_{number}\nnode block{number}.mjs\n"
            )
    return "\n".join(parts)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_every_block_of_a_guide_runs(guide: Path, served: Instance, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(NODE)
    environment = served.environment | {
        "URL": served.url,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-c", script(guide)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def test_every_address_and_file_that_a_guide_names_exists(served: Instance) -> None:
    contract = httpx.get(f"{served.url}/api/v1/openapi.json", timeout=60).json()["paths"]
    for guide in [*GUIDES, ROOT / "README.md"]:
        text = guide.read_text()
        for link in re.findall(r"\]\((?!http)([^)#]+)\)", text):
            assert (guide.parent / link).exists(), f"{guide.name} links {link}"
        for address in re.findall(r"/api/v1/[a-z/.]+[a-z]", text):
            assert any(path.startswith(address) for path in contract) or address.endswith("openapi.json"), (
                address
            )


def test_the_readme_names_every_guide() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [guide.name for guide in GUIDES if f"docs/guides/{guide.name}" not in readme] == []
