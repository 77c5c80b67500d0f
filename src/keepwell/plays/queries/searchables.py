"""This stage's answer to the hooks: open tasks, incidents, playbooks and articles can be searched for."""

from collections.abc import Collection, Iterable, Sequence

from keepwell.hooks import specs
from keepwell.hooks.searchables import Few, Found, Searchable
from keepwell.kernel import speech
from keepwell.plays import models


class Tasks:
    """Tasks that are not done."""

    slug, title, one = "task", speech.later("Tasks"), speech.later("task")
    watched: Collection[str] = ("plays_task", "plays_taskcompletion")

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The tasks: those of completions are noted by their task."""
        del table
        return numbers

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        done = models.TaskCompletion.objects.values("task")
        rows = models.Task.objects.filter(pk__in=numbers).exclude(pk__in=done)
        for pk, title, account, incident in rows.values_list("pk", "title", "account", "incident"):
            yield Found(pk, str(incident or ""), title, account_id=account, weight=250)

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.Task.objects.order_by("pk").values_list("pk", flat=True)


class Incidents:
    """Incidents; open ones first."""

    slug, title, one = "incident", speech.later("Incidents"), speech.later("incident")
    watched: Collection[str] = ("plays_incident",)

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The incidents themselves."""
        del table
        return numbers

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.Incident.objects.filter(pk__in=numbers)
        for pk, title, account, is_open in rows.values_list("pk", "title", "account", "open"):
            yield Found(pk, str(pk), title, account_id=account, weight=400 if is_open else 50)

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.Incident.objects.order_by("pk").values_list("pk", flat=True)


class Playbooks:
    """Playbooks, by title and by what they are for."""

    slug, title, one = "playbook", speech.later("Playbooks"), speech.later("playbook")

    def all(self) -> Iterable[Found]:
        """One query."""
        rows = models.Playbook.objects.filter(published__isnull=False).order_by("pk")
        for pk, slug, title, said in rows.values_list("pk", "slug", "title", "published__definition"):
            yield Found(pk, slug, title, also=slug, hint=said["sentence"], weight=200)


class Articles:
    """Articles of the library, by title and tags."""

    slug, title, one = "article", speech.later("Articles"), speech.later("article")

    def all(self) -> Iterable[Found]:
        """One query."""
        rows = models.Article.objects.filter(retired_at=None)
        for pk, title, tags in rows.values_list("pk", "title", "tags"):
            yield Found(pk, str(pk), title, also=" ".join(tags), weight=200)


@specs.impl
def searchables() -> Sequence[Searchable]:
    """Tasks and incidents."""
    return (Incidents(), Tasks())


@specs.impl
def few() -> Sequence[Few]:
    """Playbooks and articles."""
    return (Playbooks(), Articles())
