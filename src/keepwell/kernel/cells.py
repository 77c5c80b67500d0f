"""Free values as cells of a file."""

import json
from typing import Any


def as_cell(value: Any) -> str:
    """Any JSON value as the text of a cell; text stays as it is, null is empty."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
