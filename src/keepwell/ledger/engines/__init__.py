"""Where frames are computed: in this process (Polars), or on Apache Spark once the ledger outgrows one machine.

Narwhals speaks to both; the few things that it cannot say stand in one dialect a piece. Pages that show one account always
compute embedded: a cluster has nothing to add there.
"""

from django.conf import settings

from keepwell.kernel import errors
from keepwell.ledger.engines import embedded
from keepwell.ledger.engines.dialect import Dialect, Frame

EMBEDDED: Dialect = embedded.Embedded()


def chosen() -> Dialect:
    """The engine that KEEPWELL_ENGINE names: polars (the default) or spark."""
    name = getattr(settings, "KEEPWELL_ENGINE", "polars")
    if name == "polars":
        return EMBEDDED
    if name == "spark":
        from keepwell.ledger.engines import spark  # noqa: PLC0415 - an optional extra, only for whoever asks

        return spark.Spark(getattr(settings, "KEEPWELL_SPARK_MASTER", "local[*]"))
    raise errors.Invalid('KEEPWELL_ENGINE is "%(name)s". Known: polars, spark.', name=name)


__all__ = ["EMBEDDED", "Dialect", "Frame", "chosen"]
