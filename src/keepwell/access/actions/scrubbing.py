"""The eraser that every stage has for its tables: finds texts that mention a customer's person, and takes the person out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.apps import apps
from django.db import models, transaction

from keepwell.access.queries import mentions
from keepwell.hooks.erasers import Counts, Known
from keepwell.hooks.subjects import GONE, Subject

Models = Sequence[type[models.Model]]


class Tables:
    """All tables of a stage, or `only` those named; columns in `kept` ("Model.column") are not looked into.

    With `whole` JSON that says whose it is goes as a whole: rows and calls as they were sent.
    """

    def __init__(
        self,
        stage: str,
        *,
        holds: str,
        name: str = "tables",
        only: Iterable[str] = (),
        without: Iterable[str] = (),
        kept: Iterable[str] = (),
        whole: bool = False,
    ) -> None:
        self.slug = f"{stage}-{name}"
        self.title = f"{name.capitalize()} of {stage}"
        self.holds = holds
        self.only = frozenset(only)
        self.without = frozenset(without)
        self.kept = frozenset(kept)
        self.whole = whole
        self._stage = stage

    @property
    def tables(self) -> Models:
        """The tables that are looked into, whichever there are by now."""
        known = apps.get_app_config(self._stage).get_models()
        wanted = [m for m in known if not self.only or m.__name__ in self.only]
        return [m for m in wanted if m.__name__ not in self.without]

    def find(self, subject: Subject) -> Counts:
        """Rows that mention the person, by table."""
        counts = {_named(model): sum(1 for _ in self._of(subject, model)) for model in self.tables}
        return {name: count for name, count in counts.items() if count}

    def erase(self, subject: Subject, pseudonyms: Mapping[str, str], at: datetime) -> Counts:
        """Take the mentions out, table by table; a row that somebody changes meanwhile is found by the next look."""
        del at
        done = {_named(model): self._scrub(model, subject, pseudonyms) for model in self.tables}
        return {name: count for name, count in done.items() if count}

    def export(self, subject: Subject) -> Iterable[Known]:
        """The texts that mention the person, with where they stand."""
        for model in self.tables:
            for mention in self._of(subject, model):
                for column in mention.after:
                    values = {"table": _named(model), "row": str(mention.pk), "column": column}
                    yield Known("mentions", values | {"text": mention.before[column]})

    def _of(
        self,
        subject: Subject,
        model: type[models.Model],
        pseudonyms: Mapping[str, str] | None = None,
    ) -> Iterator[mentions.Mention]:
        return mentions.of(
            subject,
            model,
            pseudonyms=dict(pseudonyms or dict.fromkeys(subject.keys, GONE)),
            kept=self.kept,
            whole=self.whole,
            lock=pseudonyms is not None,
        )

    def _scrub(self, model: type[models.Model], subject: Subject, pseudonyms: Mapping[str, str]) -> int:
        done = 0
        with transaction.atomic():
            for mention in list(self._of(subject, model, pseudonyms)):
                done += model._default_manager.filter(pk=mention.pk).update(**mention.after)
        return done


def _named(model: type[models.Model]) -> str:
    return re.sub(r"([^aeiou])ys$", r"\1ies", str(model._meta.verbose_name_plural))
