"""Every check of an account's data, by its slug."""

from keepwell.intake.checks import contradictory, missing, stale
from keepwell.intake.checks.base import KINDS, MENDERS, PLACES, Check

CHECKS: dict[str, Check] = {
    check.slug: check for check in (*missing.CHECKS, *stale.CHECKS, *contradictory.CHECKS)
}

__all__ = ["CHECKS", "KINDS", "MENDERS", "PLACES", "Check"]
