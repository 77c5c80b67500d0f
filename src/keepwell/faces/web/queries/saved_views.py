"""The views of the accounts list that a person may open."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.faces.web.models import DefaultView, SavedView
from keepwell.kernel.errors import NotFound


@dataclass(frozen=True)
class ViewView:
    """A view by its name; `state` is the query of an address."""

    id: int
    name: str
    state: str
    shared: str
    owner: str
    is_mine: bool
    is_default: bool


def open_to(*, seen_by: Scope) -> "QuerySet[SavedView]":
    """One's own, those of one's teams, and those for all."""
    if seen_by.user_id is None:
        return SavedView.objects.filter(shared="all", deleted_at=None)
    teams = get_user_model().objects.filter(pk=seen_by.user_id).values("teams")
    ours = Q(shared="all") | Q(owner=seen_by.user_id) | Q(shared="team", teams__in=teams)
    return SavedView.objects.filter(ours, deleted_at=None).distinct()


def everything(*, seen_by: Scope) -> tuple[ViewView, ...]:
    """Those one may open, one's own first, by name. Two queries."""
    default = DefaultView.objects.filter(user=seen_by.user_id).values_list("view", flat=True).first()
    rows = open_to(seen_by=seen_by).select_related("owner").order_by("name", "pk")
    found = [
        ViewView(
            row.pk,
            row.name,
            row.state,
            row.shared,
            str(row.owner),
            row.owner_id == seen_by.user_id,
            row.pk == default,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda view: not view.is_mine))


def find(*, view_id: int, seen_by: Scope) -> ViewView:
    """One of them."""
    for view in everything(seen_by=seen_by):
        if view.id == view_id:
            return view
    raise NotFound("There is no such view, or it is not shared with you.")
