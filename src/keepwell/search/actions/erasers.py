"""This stage's answer to the hooks: entries that mention a customer's person go; the tables they were told from are
looked at again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from keepwell.access.actions.scrubbing import Tables
from keepwell.hooks import specs
from keepwell.hooks.erasers import Counts, Eraser
from keepwell.hooks.subjects import Subject
from keepwell.search import models


class Entries(Tables):
    """The index, whose words are numbers that nobody can scrub: an entry goes as a whole."""

    def erase(self, subject: Subject, pseudonyms: Mapping[str, str], at: datetime) -> Counts:
        """Take the entries out."""
        del pseudonyms, at
        found = [mention.pk for mention in self._of(subject, models.Entry)]
        models.Entry.objects.filter(pk__in=found).delete()
        return {"entries": len(found)} if found else {}


@specs.impl
def erasers() -> Sequence[Eraser]:
    """Its index."""
    return (Entries("search", holds="Titles of what can be searched for.", without=("Due",)),)
