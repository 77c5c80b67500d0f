"""From a template and its figures to a PDF: self-contained, the same bytes for the same figures."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).parent
FONTS = "Arial, Liberation Sans, Arimo, Inter, Noto Sans, DejaVu Sans"  # charts are measured by the widths of the first
# The light theme of the pages, for paper.
COLOURS = {
    "ink": "#1d1f2a", "ink-quiet": "#575a66", "ink-faint": "#6b6e79", "line": "#e2e3e8", "accent": "#4a46b8",
    "good": "#2f8a5f", "warn": "#b8801f", "bad": "#c2362f", "unknown": "#83858d",
    "good-ground": "#f3faf6", "warn-ground": "#fdf9ee", "bad-ground": "#fdf4f3",
}  # fmt: skip
_VARIABLE = re.compile(r"var\(--([a-z-]+)\)")


def pdf(template: str, told: Mapping[str, Any], pictures: Mapping[str, str], *, at: datetime) -> bytes:
    """A PDF of a template in this folder.

    `told` reaches it as JSON under `sys.inputs.told`, the pictures (SVG by name) as files `NAME.svg`; `at` is the moment
    that the file states.
    """
    files = {
        "main.typ": _source(template),
        **{f"{name}.svg": printed(svg).encode() for name, svg in pictures.items()},
    }
    made: bytes = typst.compile(  # type: ignore[call-overload] # its stub does not know several files yet
        files, sys_inputs={"told": json.dumps(told)}, timestamp=at.astimezone(UTC).replace(microsecond=0)
    )
    return made


def printed(svg: str) -> str:
    """A chart in the colours and fonts of paper: the page's own variables mean nothing there."""
    return _VARIABLE.sub(lambda found: COLOURS[found[1]], svg).replace(
        "ui-sans-serif, system-ui, sans-serif", FONTS
    )


@lru_cache
def _source(template: str) -> bytes:
    return (HERE / template).read_bytes()
