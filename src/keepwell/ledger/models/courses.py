"""What can be learned, and when it is taught."""

from django.db import models

from keepwell.ledger.models.base import KeyedFact, latest


class Course(KeyedFact):
    """A course for customers or for the company's own CSMs; `valid_days` is how long its certificate holds."""

    title = models.CharField(max_length=300)
    audience = models.CharField(max_length=30, default="customer")
    description = models.TextField(blank=True)
    minutes = models.FloatField(null=True)
    valid_days = models.IntegerField(null=True)
    offered_at = models.DateTimeField(null=True)


class CourseSession(KeyedFact):
    """One time that a course is taught."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    held_at = models.DateTimeField()
    minutes = models.FloatField(null=True)
    trainer = models.CharField(max_length=254, blank=True)
    place = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [latest("held_at", name="coursesession_latest")]
