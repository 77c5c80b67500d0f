"""Name a state of the accounts list; share it, change it, open the list with it, delete it and bring it back."""

from datetime import datetime

from django.db import IntegrityError, transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.faces.web.models import DefaultView, SavedView
from keepwell.faces.web.queries import saved_views
from keepwell.kernel.errors import Conflict, Invalid, NotFound

MOST = 200
LONGEST = 6000


def save(*, name: str, state: str, shared: str, by: Scope, at: datetime, view_id: int | None = None) -> int:
    """A new view, or one of one's own said otherwise; gives its number."""
    title = " ".join(name.split())
    if not title or len(title) > 100:
        raise Invalid("Give the view a name of at most 100 characters.")
    if shared not in dict(SavedView.SHARED):
        raise Invalid('"%(shared)s" is no way to share. Use private, team or all.', shared=shared)
    if len(state) > LONGEST:
        raise Invalid("The list has too many filters and columns for a view.")
    try:
        with transaction.atomic():
            row = _own(view_id, by) if view_id is not None else _new(by, at)
            row.name, row.state, row.shared, row.changed_at = title, state, shared, at
            row.save()
            row.teams.set(row.owner.teams.all() if shared == "team" else [])
            audit.record(by=by, at=at, deed="view.save", subject=f"view:{row.pk}", name=title, shared=shared)
    except IntegrityError:
        raise Conflict(
            "You have a view named “%(title)s” already. Give this one another name.", title=title
        ) from None
    return row.pk


def delete(*, view_id: int, by: Scope, at: datetime) -> str:
    """It is gone for everybody until it is brought back; gives its name."""
    with transaction.atomic():
        row = _own(view_id, by)
        SavedView.objects.filter(pk=row.pk).update(deleted_at=at)
        DefaultView.objects.filter(view=row.pk).delete()
        audit.record(by=by, at=at, deed="view.delete", subject=f"view:{row.pk}", name=row.name)
    return row.name


def restore(*, view_id: int, by: Scope, at: datetime) -> str:
    """Bring it back; gives its name."""
    row = SavedView.objects.filter(pk=view_id, owner=by.user_id).exclude(deleted_at=None).first()
    if row is None:
        raise NotFound("There is no deleted view of yours to bring back.")
    if SavedView.objects.filter(owner=by.user_id, name=row.name, deleted_at=None).exists():
        raise Conflict("You have another view named “%(name)s” by now. Rename that one first.", name=row.name)
    with transaction.atomic():
        SavedView.objects.filter(pk=view_id).update(deleted_at=None)
        audit.record(by=by, at=at, deed="view.restore", subject=f"view:{view_id}", name=row.name)
    return row.name


def open_with(*, view_id: int | None, by: Scope) -> None:
    """Let the list open with a view, or as usual (None)."""
    if view_id is None:
        DefaultView.objects.filter(user=by.user_id).delete()
        return
    view = saved_views.find(view_id=view_id, seen_by=by)
    DefaultView.objects.update_or_create(user_id=_person(by), defaults={"view_id": view.id})


def _person(by: Scope) -> int:
    if by.user_id is None:
        raise Invalid("A view is a person's: sign in.")
    return by.user_id


def _new(by: Scope, at: datetime) -> SavedView:
    if SavedView.objects.filter(owner=by.user_id, deleted_at=None).count() >= MOST:
        raise Invalid("%(most)s views are the most that one person keeps. Delete some first.", most=MOST)
    return SavedView(owner_id=_person(by), created_at=at)


def _own(view_id: int, by: Scope) -> SavedView:
    row = SavedView.objects.filter(pk=view_id, owner=by.user_id, deleted_at=None).first()
    if row is None:
        raise NotFound("There is no such view of yours. Save a copy of it instead.")
    return row
