"""What the pages themselves keep: views of lists that people named."""

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A state of the accounts list under a name: its owner's own, or shared with a team or with all.

    `state` is the query of the address. One that was deleted can be brought back.
    """

    SHARED = [("private", "Only me"), ("team", "My teams"), ("all", "Everybody")]

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    state = models.TextField(blank=True)
    shared = models.CharField(max_length=10, choices=SHARED, default="private")
    teams = models.ManyToManyField("access.Team", related_name="+", blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=models.Q(deleted_at=None), name="one_view_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """The view with which a person's list opens."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")


class TakenAway(models.Model):
    """Something that a person did by hand and may take back: `what` it is, `said` to take it back, `told` in words."""

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(max_length=63)
    said = models.JSONField()
    told = models.CharField(max_length=500)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="taken_away_newest")]
