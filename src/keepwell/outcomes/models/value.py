"""What outcomes are worth: models, their inputs, what they came to in a quarter, and who of the customer's confirmed it."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Person
from keepwell.outcomes.models.plans import Objective, Piece

KINDS = [
    ("time_saved", "Time saved"),
    ("revenue", "Revenue"),
    ("cost_avoided", "Cost avoided"),
    ("risk_reduced", "Risk reduced"),
]
SOURCES = [("metric", "Metric"), ("agreed", "Agreed"), ("fixed", "Fixed")]
OVER = [("mean", "Mean of the quarter's weeks"), ("last", "As the quarter ended")]
CHANGES = [("", "Whole"), ("rise", "Rise"), ("fall", "Fall")]


class ValueModel(Piece):
    """How the value of an outcome is counted: the product of its inputs; `unit` where no input is money."""

    objective = models.ForeignKey(
        Objective, models.CASCADE, related_name="+", related_query_name="value_model"
    )
    kind = models.CharField(max_length=20, choices=KINDS)
    basis = models.TextField(blank=True)
    unit = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "slug"], name="one_value_model_a_slug")]


class ValueInput(models.Model):
    """A factor: a metric over the period, a figure agreed with the customer, or one that is fixed by what it is.

    `change` says that only what lies above or below the baseline counts. Who agreed, on which day, and where that is seen
    stand for the figure and its baseline alike.
    """

    model = models.ForeignKey(ValueModel, models.CASCADE, related_name="+", related_query_name="input")
    slug = models.CharField(max_length=63)
    place = models.SmallIntegerField(default=0)
    title = models.CharField(max_length=300)
    source = models.CharField(max_length=10, choices=SOURCES)
    metric = models.CharField(max_length=100, blank=True, db_index=True)
    over = models.CharField(max_length=10, choices=OVER, default="mean")
    unit = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    low = models.FloatField(null=True)
    likely = models.FloatField(null=True)
    high = models.FloatField(null=True)
    change = models.CharField(max_length=10, choices=CHANGES, blank=True)
    baseline_low = models.FloatField(null=True)
    baseline_likely = models.FloatField(null=True)
    baseline_high = models.FloatField(null=True)
    agreed_by = models.CharField(max_length=300, blank=True)
    agreed_person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    agreed_on = models.DateField(null=True)
    evidence = models.TextField(blank=True)
    labels = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "slug"], name="one_value_input_a_slug")]


class ValueStatement(models.Model):
    """What a model came to in a quarter, frozen; counted again it is the next number.

    `inputs` are the figures that went in; `missing` are those that were not known, with the reason, and then there is no
    range. `until` is the last day that is in it.
    """

    model = models.ForeignKey(ValueModel, models.CASCADE, related_name="+", related_query_name="statement")
    since = models.DateField()
    until = models.DateField()
    number = models.IntegerField()
    low = models.FloatField(null=True)
    likely = models.FloatField(null=True)
    high = models.FloatField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    inputs = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "since", "number"], name="one_value_statement_a_number")
        ]


class ValueConfirmation(models.Model):
    """Who of the customer's stands by a statement, since when and in which words; another figure where they said one.

    Taking this row away says that nobody does.
    """

    statement = models.OneToOneField(
        ValueStatement, models.CASCADE, related_name="+", related_query_name="confirmation"
    )
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=300)
    on = models.DateField()
    words = models.TextField(blank=True)
    low = models.FloatField(null=True)
    likely = models.FloatField(null=True)
    high = models.FloatField(null=True)
    labels = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")


class ValueTemplate(models.Model):
    """A value model to begin from, without a customer and without figures that somebody has to agree to."""

    slug = models.CharField(max_length=63, unique=True)
    title = models.CharField(max_length=300)
    definition = models.JSONField()
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title
