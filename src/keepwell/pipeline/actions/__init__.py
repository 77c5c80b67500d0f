"""Run the stages in order: outbox to lake, then metrics, health, signals, plays."""

from keepwell.pipeline.actions.advance import advance, rebuild
from keepwell.pipeline.actions.upgrade import upgrade_lake
from keepwell.pipeline.actions.verify import verify

__all__ = ["advance", "rebuild", "upgrade_lake", "verify"]
