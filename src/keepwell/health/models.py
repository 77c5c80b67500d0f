"""Scorecards as versioned data, the scores they give, and where each account stands."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Coalesce

from keepwell.access.models import User
from keepwell.access.versioned import Defined, Version
from keepwell.ledger.models import Account

BANDS = [("green", "Healthy"), ("yellow", "Watch"), ("red", "At risk"), ("unknown", "Unknown")]


class Scorecard(Defined):
    """A named way to judge health; `published` is its version in force."""

    title = models.CharField(max_length=200)
    published = models.ForeignKey("ScorecardVersion", models.PROTECT, null=True, related_name="+")


class ScorecardVersion(Version):
    """One state of a scorecard; `verdict` is what its proof said of this very definition."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scorecard", "number"], name="one_version_per_number")]


class Score(models.Model):
    """The health of an account on a stored day, with every part that made it: a cache that can be rebuilt.

    `lake_version` is the version of the lake that was read for it, whose last batch is `batch`.
    """

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", related_query_name="health_score", db_index=False
    )
    version = models.ForeignKey(ScorecardVersion, models.CASCADE, related_name="+", db_index=False)
    as_of = models.DateField()
    points = models.FloatField(null=True)
    band = models.CharField(max_length=10, choices=BANDS)
    parts = models.JSONField()
    known_weight = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    batch = models.BigIntegerField()
    lake_version = models.BigIntegerField(null=True)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "as_of"], name="one_score_per_day")]
        # What a list of a past day asks of everybody: read from the index alone, for a row is 2 kB.
        indexes = [
            models.Index(fields=["as_of", "points", "account"], include=["band"], name="score_by_day"),
        ]


class Override(models.Model):
    """Somebody says where an account stands, whatever its score says, until a day is over or it is ended earlier.

    `score_points` and `score_band` are what the score said when it was made.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", related_query_name="override")
    band = models.CharField(max_length=10, choices=BANDS)
    points = models.FloatField(null=True)
    reason = models.TextField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    score_points = models.FloatField(null=True)
    score_band = models.CharField(max_length=10, choices=BANDS)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(ended_at=None), name="one_override_at_a_time"
            )
        ]


class Standing(models.Model):
    """Where an account stands now, and since when in this band; by its score, or by an override while that holds.

    It is also what lists of many accounts read: `rank` are the points, or those that the band stands for; `change` is the
    score's against a week before; `weeks` are the points of the last twelve Sundays and of today.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, related_name="+", related_query_name="standing", primary_key=True
    )
    points = models.FloatField(null=True)
    band = models.CharField(max_length=10, choices=BANDS)
    previous_band = models.CharField(max_length=10, choices=BANDS, blank=True)
    since = models.DateTimeField()
    score = models.ForeignKey(Score, models.DO_NOTHING, related_name="+")
    override = models.ForeignKey(Override, models.SET_NULL, null=True, related_name="+")
    rank = models.FloatField(null=True)
    change = models.FloatField(null=True)
    known_weight = models.FloatField(default=0)
    weeks = ArrayField(models.FloatField(null=True), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["band", "points"], name="standing_band"),
            models.Index(fields=["-since"], name="standing_since"),
        ]


# What a filter of a list asks of lines most, and what it sums of them.
_SUMMED = ("former", "band", "arr", "currency", "is_unrated", "owner", "industry", "country", "tier")


class Line(models.Model):
    """An account as lists order, group and sum it: what stands of it in the ledger and in its standing, in one narrow row.

    Triggers of the database keep it (migration 0016), so that it is never behind. `name` is in small letters;
    `owner` is the success manager. `next_*` is what is due next: triggers of the stage of plays keep it. `heard_at` is when
    facts about it last came in.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, related_name="+", related_query_name="line", primary_key=True
    )
    former = models.BooleanField()
    name = models.TextField()
    arr = models.DecimalField(max_digits=30, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    is_unrated = models.BooleanField()
    renewal_date = models.DateField(null=True)
    last_touch_at = models.DateTimeField(null=True)
    band = models.CharField(max_length=10, choices=BANDS)
    rank = models.FloatField(null=True)
    change = models.FloatField(null=True)
    next_at = models.DateTimeField(null=True)
    next_kind = models.CharField(max_length=10, db_default="")
    next_what = models.CharField(max_length=500, db_default="")
    heard_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    industry = models.TextField(null=True)
    country = models.TextField(null=True)
    tier = models.TextField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["former", column, "account"], name=f"line_{column}")
            for column in (
                "name",
                "arr",
                "renewal_date",
                "last_touch_at",
                "rank",
                "change",
                "next_at",
                "heard_at",
            )
        ] + [models.Index(fields=["account"], include=_SUMMED, name="line_summed")]


class Total(models.Model):
    """What lines come to, told as differences: the sum of a group's rows is what there is.

    Triggers append them (migration 0016), so that nobody who writes waits for another, and `lines.settle` adds them up now and
    then. `by` is "" for all, else the column of the line whose `value` the group shares; `worth` is the ARR of those `rated`,
    `points` are the ranks of those `scored`.
    """

    by = models.CharField(max_length=10)
    value = models.TextField(null=True)
    former = models.BooleanField()
    band = models.CharField(max_length=10)
    currency = models.CharField(max_length=3, blank=True)
    accounts = models.BigIntegerField()
    worth = models.DecimalField(max_digits=30, decimal_places=2)
    rated = models.BigIntegerField()
    unrated = models.BigIntegerField()
    points = models.DecimalField(max_digits=60, decimal_places=20)
    scored = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["by", "former"], name="total_by")]


class BandChange(models.Model):
    """The standing of an account moved to another band; what was seen then stays as it was.

    `score` is empty once the day it was computed for is no longer stored; `points` and `parts` remain.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    as_of = models.DateField()
    from_band = models.CharField(max_length=10, choices=BANDS)
    to_band = models.CharField(max_length=10, choices=BANDS)
    points = models.FloatField(null=True)
    parts = models.JSONField()
    score = models.ForeignKey(Score, models.SET_NULL, null=True, related_name="+")
    override = models.ForeignKey(Override, models.SET_NULL, null=True, related_name="+")


class Extent(models.Model):
    """What the stored scores cover: one row, written with them; see `metrics.models.Extent`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    as_of = models.DateField()
    definition = models.JSONField()
    beginnings = models.JSONField()


WORTH = Coalesce(models.F("arrs__26"), 0.0, output_field=models.FloatField())  # of a path, by its last ARR


class Path(models.Model):
    """An account's way through the bands on the days of the portfolio (`formulas.portfolio.days`): a letter and an ARR a day.

    A cache that can be rebuilt; it outlives its account until it is looked through again. `change_*` are points over so many
    weeks. Of a present customer's score: `card` is the id of the scorecard that it is of, `scored` the letter of the band that
    it says, `blind` the share (%) of its weight that is not known, `stake` that share of the ARR.
    """

    account_id = models.BigIntegerField(primary_key=True)
    owners = ArrayField(models.BigIntegerField())
    bands = models.TextField()
    arrs = ArrayField(models.FloatField(null=True))
    points = models.FloatField(null=True)
    change_1 = models.FloatField(null=True)
    change_4 = models.FloatField(null=True)
    change_13 = models.FloatField(null=True)
    renews = models.DateField(null=True)
    cadence = models.CharField(max_length=10)
    known = models.CharField(max_length=10)
    card = models.CharField(max_length=10, db_default="")
    scored = models.CharField(max_length=1, db_default="")
    blind = models.FloatField(null=True)
    stake = models.FloatField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["owners"], name="path_owners"),
            models.Index(
                models.F("stake").desc(nulls_last=True),
                models.F("blind").desc(),
                "account_id",
                name="path_stake",
                condition=models.Q(blind__gt=0),
            ),
            models.Index(WORTH.desc(), "account_id", name="path_worth"),
            models.Index(fields=["change_1"], name="path_change_1"),
            models.Index(fields=["change_4"], name="path_change_4"),
            models.Index(fields=["change_13"], name="path_change_13"),
        ]


class Tally(models.Model):
    """A figure of the portfolio over the accounts that the same people own; owners [0] stand for everybody's accounts."""

    owners = ArrayField(models.BigIntegerField())
    facet = models.CharField(max_length=10)
    day = models.DateField()
    a = models.CharField(max_length=10)
    b = models.CharField(max_length=10)
    accounts = models.IntegerField()
    unpriced = models.IntegerField()
    cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owners", "facet", "day", "a", "b"], name="one_tally_a_figure")
        ]
        indexes = [
            GinIndex(fields=["owners"], name="tally_owners"),
            models.Index(fields=["facet", "day"], name="tally_facet"),
        ]


class PathExtent(models.Model):
    """What the paths cover: one row, written with them; see `Extent`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    as_of = models.DateField()
    definition = models.JSONField()


class Proof(models.Model):
    """A version of a scorecard replayed over the company's own past, and how well it told who would leave.

    `against` is another version that is replayed beside it. What both said then is kept with it, for a draft may say
    something else later. What was asked stands in `departure`, `horizon_days`, `step_days`, `since` and `until`; while it
    runs `stage` says of what so many steps are done. The rest is what was found, and the state of the lake on which that
    rests. The same of all these gives the same figures.
    """

    STATES = [("queued", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Stopped")]

    STAGES = [
        ("days", "Replaying the past"),
        ("days_again", "Looking at it as known now"),
        ("measures", "Weighing each measure"),
    ]

    version = models.ForeignKey(ScorecardVersion, models.CASCADE, related_name="+")
    definition = models.JSONField(default=dict)
    against = models.ForeignKey(ScorecardVersion, models.SET_NULL, null=True, related_name="+")
    against_definition = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    departure = models.JSONField()
    horizon_days = models.IntegerField()
    step_days = models.IntegerField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=STATES, default="queued")
    stage = models.CharField(max_length=20, choices=STAGES, default="days")
    steps_total = models.IntegerField(null=True)
    steps_done = models.IntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    lake_version = models.BigIntegerField(null=True)
    vouched_percent = models.FloatField(null=True)
    figures = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["version", "-asked_at"], name="proof_newest")]


class CardPreview(models.Model):
    """What a draft would change of the whole book on a day, when that is more than a request may take.

    `definition` is what the draft said when it was asked; `found` what was found of it.
    """

    STATES = Proof.STATES

    version = models.ForeignKey(ScorecardVersion, models.CASCADE, related_name="+")
    definition = models.JSONField()
    as_of = models.DateField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=STATES, default="queued")
    steps_total = models.IntegerField(null=True)
    steps_done = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    found = models.JSONField(null=True)
