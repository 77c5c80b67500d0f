"""Deeds on whatever is defined in versions: save a draft, throw it away, publish it, go back to an earlier one.

Each stage has one `Versions` for its noun and says around it what publishing means there. All run within the caller's
transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.access.versioned import Defined, Version
from keepwell.kernel import slugs
from keepwell.kernel.errors import Conflict, Invalid, NotFound

D = TypeVar("D", bound=Defined)
V = TypeVar("V", bound=Version)


class AlreadyPublished(Conflict):
    """A version comes into force once."""


class DraftChanged(Conflict):
    """Somebody edited the draft since it was looked at."""


@dataclass(frozen=True)
class Versions(Generic[D, V]):
    """The versions of one noun ("rule"): that is also the name of the foreign key from a version to what it defines."""

    noun: str
    things: type[D]
    versions: type[V]

    def locked(self, slug: str) -> D:
        """It, until the transaction ends."""
        found = self.things._default_manager.select_for_update().filter(slug=slug).first()
        if found is None:
            raise NotFound('There is no %(noun)s "%(slug)s".', noun=self.noun, slug=slug)
        return found

    def named(self, *, slug: str, title: str, **first: Any) -> D:
        """It with this title, made with `first` where there is none yet; until the transaction ends."""
        title = title.strip()
        most = getattr(self.things._meta.get_field("title"), "max_length", 0)
        if not title or len(title) > most:
            raise Invalid(
                "A %(noun)s needs a title of 1 to %(most)s characters that people read.",
                noun=self.noun,
                most=most,
            )
        found, created = self.things._default_manager.select_for_update().get_or_create(
            slug=slugs.checked(slug), defaults={"title": title, **first}
        )
        if not created and found.title != title:
            self.things._default_manager.filter(pk=found.pk).update(title=title)
            found.title = title
        return found

    def newest(self, thing: D) -> V | None:
        """Its draft, or its last published version."""
        found: V | None = self._of(thing).order_by("-number").first()
        return found

    def save(self, thing: D, definition: Mapping[str, Any], *, by: Scope, at: datetime, **also: Any) -> V:
        """Its draft with a new definition, of which nothing is proven; when that is what the newest version says, that one."""
        newest = self.newest(thing)
        if newest is not None and newest.definition == definition:
            return newest
        if newest is None or newest.published_at is not None:
            version = self._made(thing, newest.number + 1 if newest else 1, definition, at, also)
        else:
            said = {"definition": dict(definition), "changed_at": at, "verdict": None, **also}
            self.versions._default_manager.filter(pk=newest.pk).update(**said)
            version = self.versions._default_manager.get(pk=newest.pk)
        self._note("save", thing, by, at, version=version.number)
        return version

    def discard(self, slug: str, *, by: Scope, at: datetime) -> None:
        """Throw the draft away; what was never published goes with it."""
        thing = self.locked(slug)
        gone, _ = self._of(thing).filter(published_at=None).delete()
        if not gone:
            raise NotFound('The %(noun)s "%(slug)s" has no draft.', noun=self.noun, slug=slug)
        if not self._of(thing).exists():
            thing.delete()
        self._note("discard", thing, by, at)

    def to_publish(self, slug: str, number: int, *, seen: datetime | None) -> tuple[D, V]:
        """It and the version that is meant, which is in force or was never.

        `seen` is when the draft that was looked at was last changed: if it changed since, it is refused.
        """
        thing = self.locked(slug)
        version = self._of(thing).filter(number=number).first()
        if version is None:
            raise NotFound(
                'There is no version %(number)s of a %(noun)s "%(slug)s".',
                number=number,
                noun=self.noun,
                slug=slug,
            )
        if thing.published_id == version.pk:
            return thing, version
        if version.published_at is not None:
            raise AlreadyPublished(
                "Version %(number)s was in force before, and a version comes into force once. Roll "
                "back to it: its definition is then published as a new version.",
                number=number,
            )
        if seen is not None and seen != version.changed_at:
            raise DraftChanged("Somebody edited this draft since you looked at it. Look again, then publish.")
        return thing, version

    def to_return_to(self, slug: str, number: int) -> tuple[D, V]:
        """It and an earlier version of it that was in force."""
        thing = self.locked(slug)
        earlier = self._of(thing).filter(number=number, published_at__isnull=False).first()
        if earlier is None:
            raise NotFound(
                'No version %(number)s of the %(noun)s "%(slug)s" was ever published.',
                number=number,
                noun=self.noun,
                slug=slug,
            )
        if thing.published_id == earlier.pk:
            raise Conflict("Version %(number)s is in force.", number=number)
        return thing, earlier

    def before_draft(self, thing: D, definition: Mapping[str, Any], *, at: datetime, **also: Any) -> V:
        """A new version to be published at once. A draft that is being edited stays as it is, behind it."""
        newest = self.newest(thing)
        number = newest.number + 1 if newest else 1
        if newest is not None and newest.published_at is None:
            self.versions._default_manager.filter(pk=newest.pk).update(number=number)
            number = newest.number
        return self._made(thing, number, definition, at, also)

    def put_in_force(self, thing: D, version: V, *, by: Scope, at: datetime, **details: Any) -> None:
        """From now on it is what this version says."""
        self.versions._default_manager.filter(pk=version.pk, published_at=None).update(published_at=at)
        self.things._default_manager.filter(pk=thing.pk).update(published=version)
        self._note("publish", thing, by, at, version=version.number, **details)

    def note_verdict(
        self, version_id: int, *, definition: Mapping[str, Any], verdict: Mapping[str, Any]
    ) -> None:
        """Keep with a version what was found of this definition; one that says something else by now has none."""
        versions = self.versions._default_manager.filter(pk=version_id, definition=dict(definition))
        versions.update(verdict=dict(verdict))

    def _of(self, thing: D) -> Any:
        return self.versions._default_manager.filter(**{self.noun: thing})

    def _made(
        self, thing: D, number: int, definition: Mapping[str, Any], at: datetime, also: Mapping[str, Any]
    ) -> V:
        said = {self.noun: thing, "number": number, "definition": dict(definition), **also}
        return self.versions._default_manager.create(created_at=at, changed_at=at, **said)

    def _note(self, deed: str, thing: D, by: Scope, at: datetime, **details: Any) -> None:
        audit.record(by=by, at=at, deed=f"{self.noun}.{deed}", subject=f"{self.noun}:{thing.slug}", **details)
