"""Text with simple marks as HTML: headings, lists, bold, code and links. Everything is escaped first. Pure."""

import re
from html import escape

HEADING = re.compile(r"(#{1,3})\s+(.+)")
ITEM = re.compile(r"[-*]\s+(.+)")
STEP = re.compile(r"\d{1,3}[.)]\s+(.+)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])")


def marked(text: str) -> str:
    """Blocks between empty lines: `# heading`, lines of `- item` or `1. step`, else a paragraph."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "".join(_block(block.strip().splitlines()) for block in blocks if block.strip())


def _block(lines: list[str]) -> str:
    first = HEADING.fullmatch(lines[0].strip())
    if first is not None:
        level = len(first[1]) + 1
        head = f"<h{level}>{_inline(first[2])}</h{level}>"
        return head + (_block(lines[1:]) if lines[1:] else "")
    for pattern, tag in ((ITEM, "ul"), (STEP, "ol")):
        items = [pattern.fullmatch(line.strip()) for line in lines]
        if all(items):
            return (
                f"<{tag}>" + "".join(f"<li>{_inline(item[1])}</li>" for item in items if item) + f"</{tag}>"
            )
    return "<p>" + "<br>".join(_inline(line.strip()) for line in lines) + "</p>"


def _inline(text: str) -> str:
    """Code is left as it is; the rest may have links and bold words."""
    parts = CODE.split(text)
    return "".join(
        f"<code>{escape(part)}</code>" if place % 2 else _words(part) for place, part in enumerate(parts)
    )


def _words(text: str) -> str:
    pieces = LINK.split(text)
    return "".join(
        f'<a class="link" href="{escape(piece)}" rel="noreferrer">{escape(piece)}</a>'
        if place % 2
        else BOLD.sub(r"<b>\1</b>", escape(piece))
        for place, piece in enumerate(pieces)
    )
