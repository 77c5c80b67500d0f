"""This stage's answer to the hooks: measures can be searched for."""

from collections.abc import Iterable, Sequence

from keepwell.hooks import specs
from keepwell.hooks.searchables import Few, Found
from keepwell.kernel import speech
from keepwell.metrics.queries import catalogue


class Measures:
    """Measures, by title and by what they are."""

    slug, title, one = "measure", speech.later("Measures"), speech.later("measure")

    def all(self) -> Iterable[Found]:
        """One query."""
        for number, metric in enumerate(catalogue.all_metrics()):
            yield Found(number, metric.slug, metric.title, also=metric.slug, hint=metric.sentence, weight=200)


@specs.impl
def few() -> Sequence[Few]:
    """Measures."""
    return (Measures(),)
