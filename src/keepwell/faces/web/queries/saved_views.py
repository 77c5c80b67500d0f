"""The views of the accounts list that a person may open."""

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import unquote

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.faces.web.models import DefaultView, SavedView
from keepwell.kernel.errors import NotFound


@dataclass(frozen=True)
class ViewView:
    """A view by its name; `state` is the query of an address, `opens_for` for how many others their list opens with it."""

    id: int
    name: str
    state: str
    shared: str
    owner: str
    is_mine: bool
    is_default: bool
    opens_for: int = 0


@dataclass(frozen=True)
class ViewUses:
    """The views that ask for something: those one may open, and how many others there are."""

    open: tuple[ViewView, ...]
    others: int


def open_to(*, seen_by: Scope) -> "QuerySet[SavedView]":
    """One's own, those of one's teams, and those for all."""
    if seen_by.user_id is None:
        return SavedView.objects.filter(shared="all", deleted_at=None)
    teams = get_user_model().objects.filter(pk=seen_by.user_id).values("teams")
    ours = Q(shared="all") | Q(owner=seen_by.user_id) | Q(shared="team", teams__in=teams)
    return SavedView.objects.filter(ours, deleted_at=None).distinct()


def everything(*, seen_by: Scope) -> tuple[ViewView, ...]:
    """Those one may open, one's own first, by name. Two queries, one where there is none."""
    rows = list(open_to(seen_by=seen_by).select_related("owner").order_by("name", "pk"))
    uses = DefaultView.objects.filter(view__in=[row.pk for row in rows]).values_list("view", "user")
    opened = list(uses) if rows else []
    others = Counter(view for view, user in opened if user != seen_by.user_id)
    found = [
        ViewView(
            row.pk,
            row.name,
            row.state,
            row.shared,
            str(row.owner),
            row.owner_id == seen_by.user_id,
            (row.pk, seen_by.user_id) in opened,
            others[row.pk],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda view: not view.is_mine))


def asking(subject: str, *, seen_by: Scope) -> ViewUses:
    """The views whose filters, columns, orders or groups ask for a subject such as "segment.large". Three queries."""
    named = re.compile(rf"\b{re.escape(subject)}(?![\w.-])")
    rows = SavedView.objects.filter(deleted_at=None, state__contains=subject.partition(".")[2])
    ids = {row.pk for row in rows if named.search(unquote(row.state))}
    found = tuple(view for view in everything(seen_by=seen_by) if view.id in ids) if ids else ()
    return ViewUses(found, len(ids) - len(found))


def find(*, view_id: int, seen_by: Scope) -> ViewView:
    """One of them."""
    for view in everything(seen_by=seen_by):
        if view.id == view_id:
            return view
    raise NotFound("There is no such view, or it is not shared with you.")
