"""LibreOffice opens a deck and draws as many pages as it has slides."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from keepwell.drafting.slides import powerpoint
from tests.drafting import decks

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here: apt-get install libreoffice-impress"),
]


@pytest.mark.parametrize("name", ["Willow", "شركة نسيم الشمال للتجارة", "株式会社 柳"])
def test_libreoffice_draws_every_slide(name: str, tmp_path: Path) -> None:
    file = tmp_path / "deck.pptx"
    file.write_bytes(powerpoint.pptx(decks.full(name)))
    assert OFFICE is not None
    command = [
        OFFICE,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=180
    )
    made = (tmp_path / "deck.pdf").read_bytes()
    slides = len(decks.opened(file.read_bytes()).slides)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == slides > len(decks.full().slides) + 1, (
        "the table goes on"
    )
