"""Text with simple marks (Markdown's headings, lists and bold) as blocks for paper. Pure."""

import re
from typing import Any

HEADING = re.compile(r"(#{1,3})\s+(.+)")
ITEM = re.compile(r"[-*]\s+(.+)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
Run = tuple[str, bool]


def blocks(text: str) -> list[dict[str, Any]]:
    """Blocks between empty lines: a heading with its level, a list, else a paragraph; texts as runs, bold or not."""
    found: list[dict[str, Any]] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        head = HEADING.fullmatch(lines[0]) if lines else None
        if head is not None:
            found.append({"kind": "heading", "level": len(head[1]), "lines": [runs(head[2])]})
            lines = lines[1:]
        items = [ITEM.fullmatch(line) for line in lines]
        if lines and all(items):
            found.append({"kind": "list", "level": 0, "lines": [runs(item[1]) for item in items if item]})
        elif lines:
            found.append({"kind": "text", "level": 0, "lines": [runs(line) for line in lines]})
    return found


def runs(line: str) -> list[Run]:
    """A line in pieces, each with whether it is bold."""
    return [(piece, place % 2 == 1) for place, piece in enumerate(BOLD.split(line)) if piece]
