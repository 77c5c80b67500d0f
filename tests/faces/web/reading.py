"""Reading a page as a person does."""

import re
from html import unescape
from typing import Any


def html(response: Any) -> str:
    """The page as it was sent."""
    return str(response.content.decode())


def text(response: Any) -> str:
    """What a person reads: no markup, spaces as spaces."""
    said = unescape(re.sub(r"<[^>]+>", " ", html(response)))
    return re.sub(r"\s+", " ", said)
