"""The rows of the accounts table, drawn by functions: a template a cell would cost most of the page."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from keepwell.faces.components import drawn
from keepwell.faces.web.pages.account_cells import AccountRow, Cell, GroupHead
from keepwell.kernel import speech

register = template.Library()


@register.simple_tag
def account_rows(rows: Sequence[AccountRow]) -> SafeString:
    """Accounts, each group under its head."""
    select = speech.told("Select %(name)s")
    return mark_safe("".join(f"{_head(row.group)}{_row(row, select)}" for row in rows))  # noqa: S308 escaped below


def _row(row: AccountRow, select: str) -> str:
    """The box that chooses an account, its name, and a cell for each column."""
    key, name = escape(row.key), escape(row.name)
    industry = f'<span class="quiet industry">{escape(row.industry)}</span>' if row.industry else ""
    return (
        f'<tr data-row><th scope="row" class="name"><input type="checkbox" class="pick-row" name="key" value="{key}" '
        f'form="bulk" aria-label="{select % {"name": name}}"><a href="{escape(row.href)}"><bdi>{name}</bdi></a>{industry}</th>'
        f"{''.join(map(_cell, row.cells))}</tr>\n"
    )


def _head(group: GroupHead | None) -> str:
    """The head of a group with its sums."""
    if group is None:
        return ""
    count = f' <span class="quiet">{escape(group.count)}</span>' if group.count else ""
    return (
        f'<tr class="group"><th scope="rowgroup" class="name">{escape(str(group.title))}{count}</th>'
        f"{''.join(map(_sum, group.cells))}</tr>\n"
    )


def _sum(cell: Cell) -> str:
    under = f' <span class="faint">{escape(cell.under)}</span>' if cell.under else ""
    return f'<td class="{cell.css}">{escape(cell.text)}{under}</td>'


def _cell(cell: Cell) -> str:
    label = f' data-label="{escape(cell.label)}"' if cell.label else ""
    return f'<td class="{cell.css}"{label}>{_DRAWN[cell.kind](cell)}</td>'


def _text(cell: Cell) -> str:
    under = f'<span class="signed">{escape(cell.under)}</span>' if cell.under else ""
    return f"{escape(cell.text)}{under}"


_DRAWN: Mapping[str, Callable[[Cell], str]] = {
    "text": _text,
    "health": lambda cell: drawn.score(cell.value),
    "spark": lambda cell: drawn.spark(cell.value, cell.under or "unknown", cell.text),
    "delta": lambda cell: drawn.delta(cell.value),
    "day": lambda cell: drawn.day(cell.value, nil=cell.text or "–", brief=cell.brief),
    "person": lambda cell: drawn.person(cell.text, brief=True),
}
