"""Business reviews: planned, invited to, held or cancelled; who was there, what was decided, how the plan was scored."""

import uuid

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account, Person
from keepwell.outcomes.models.plans import Objective
from keepwell.plays.models import Task

REVIEW_KINDS = [
    ("quarterly", "Quarterly review"),
    ("executive", "Executive review"),
    ("monthly", "Monthly review"),
    ("renewal", "Renewal review"),
]
SCORES = [("on_track", "On track"), ("behind", "Behind"), ("reached", "Reached")]


class Review(models.Model):
    """A business review of an account; what became of it stands in its holding or its cancellation.

    `uid` and `sequence` are those of the calendar entry: each change that guests are told of counts one up. `following` is the
    next review that was planned when this one was held.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", related_query_name="review")
    kind = models.CharField(max_length=20, choices=REVIEW_KINDS, default="quarterly")
    title = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    minutes = models.SmallIntegerField(default=60)
    place = models.CharField(max_length=500, blank=True)
    agenda = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    labels = models.JSONField(default=dict)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    sequence = models.IntegerField(default=0)
    following = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["starts_at"], name="review_when"),
            models.Index(fields=["account", "-starts_at"], name="review_of_account"),
        ]

    def __str__(self) -> str:
        return self.title


class ReviewGuest(models.Model):
    """Somebody who is to be there, of theirs or of ours, with what they were then; `told` is the sequence they know of.

    `attended` is None until the review was held.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="+", related_query_name="guest")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=300)
    email = models.CharField(max_length=254, blank=True)
    roles = models.JSONField(default=list)
    is_ours = models.BooleanField(default=False)
    told = models.IntegerField(null=True)
    told_at = models.DateTimeField(null=True)
    attended = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "person"], condition=models.Q(person__isnull=False), name="one_guest_a_person"
            ),
            models.UniqueConstraint(
                fields=["review", "user"], condition=models.Q(user__isnull=False), name="one_guest_a_user"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class ReviewCancellation(models.Model):
    """The review does not take place; taking this row away plans it again."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="+", related_query_name="cancellation")
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")


class ReviewHolding(models.Model):
    """The review took place; taking this row away says that it did not. `touchpoint` is the key of its conversation."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="+", related_query_name="holding")
    held_at = models.DateTimeField()
    minutes = models.SmallIntegerField()
    touchpoint = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")


class ReviewDecision(models.Model):
    """What was decided."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="+", related_query_name="decision")
    place = models.SmallIntegerField(default=0)
    text = models.TextField()
    labels = models.JSONField(default=dict)


class ReviewAction(models.Model):
    """What is to be done after it: a task, by one of ours or of theirs."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="+", related_query_name="action")
    place = models.SmallIntegerField(default=0)
    title = models.CharField(max_length=300)
    task = models.OneToOneField(Task, models.SET_NULL, null=True, related_name="+")
    theirs = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    labels = models.JSONField(default=dict)


class ReviewScore(models.Model):
    """How an outcome of the plan stood in the review, with the customer's own words."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="+", related_query_name="score")
    objective = models.ForeignKey(Objective, models.CASCADE, related_name="+")
    stands = models.CharField(max_length=10, choices=SCORES)
    words = models.TextField(blank=True)
    labels = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "objective"], name="one_score_an_outcome")]
