"""Run the stages in order: outbox to lake, then metrics, health, signals, plays."""

from keepwell.pipeline.actions.advance import advance, rebuild

__all__ = ["advance", "rebuild"]
