"""This stage's answer to the hooks: segments can be searched for."""

from collections.abc import Iterable, Sequence

from keepwell.hooks import specs
from keepwell.hooks.searchables import Few, Found
from keepwell.kernel import speech
from keepwell.segments import models


class Segments:
    """Segments, by title."""

    slug, title, one = "segment", speech.later("Segments"), speech.later("segment")

    def all(self) -> Iterable[Found]:
        """One query."""
        rows = models.Segment.objects.filter(retired_at=None)
        for pk, slug, title, sentence in rows.values_list("pk", "slug", "title", "sentence"):
            yield Found(pk, slug, title, also=slug, hint=sentence, weight=300)


@specs.impl
def few() -> Sequence[Few]:
    """Segments."""
    return (Segments(),)
