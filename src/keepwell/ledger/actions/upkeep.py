"""Keep the lake in order."""

from keepwell.ledger import lake


def outdated() -> bool:
    """Whether an earlier version wrote the lake. One look at its log."""
    return lake.outdated()


def settle() -> int:
    """Sort the months in which much came since they were; gives how many. Nobody need wait for it meanwhile."""
    return lake.settle()


def bring_up_to_date() -> bool:
    """Write the lake in today's columns if it is not; the caller holds the pipeline's lock. Tells whether it did."""
    return lake.bring_up_to_date()
