"""Sprints."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, in_order, key_field, prose, words
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import sprints

SPRINTS = ImportKind(
    "sprints",
    "Sprints",
    "One row a sprint; import again to tell what got done.",
    (
        key_field("sprint_id", help="Your id of the sprint."),
        account_field(),
        words("name", "Name", "What it is called.", aliases=("sprint", "sprint_name", "title")),
        Field(
            "start_date",
            "Start",
            "Its first day.",
            parsers.day,
            required=True,
            aliases=("start", "starts_on", "started_at"),
        ),
        Field(
            "end_date",
            "End",
            "Its last day.",
            parsers.day,
            aliases=("end", "ends_on", "ended_at"),
            empty=None,
        ),
        prose("goal", "Goal", "What it is to reach.", aliases=("sprint_goal", "objective")),
        Field(
            "planned_points",
            "Planned",
            "Points that were planned.",
            parsers.number,
            aliases=("planned", "committed", "committed_points"),
            empty=None,
        ),
        Field(
            "done_points",
            "Done",
            "Points that got done.",
            parsers.number,
            aliases=("done", "completed_points", "velocity"),
            empty=None,
        ),
        Field(
            "state",
            "State",
            "Planned, active or done.",
            parsers.one_of("planned", "active", "done"),
            aliases=("status",),
        ),
    ),
    check=in_order("start_date", "end_date"),
    store=Store(models.Sprint, sprints.upsert, ("key", "name", "goal")),
    tab="delivery",
    events=("sprint.started", "sprint.ended"),
)
