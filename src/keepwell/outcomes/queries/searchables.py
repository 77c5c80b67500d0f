"""This stage's answer to the hooks: outcomes, what they are worth, and business reviews can be searched for."""

from collections.abc import Collection, Iterable, Sequence

from keepwell.hooks import specs
from keepwell.hooks.searchables import Found, Searchable
from keepwell.kernel import speech
from keepwell.outcomes import models


class Objectives:
    """Outcomes that stand in a plan."""

    slug, title, one = "objective", speech.later("Outcomes"), speech.later("outcome")
    watched: Collection[str] = ("outcomes_objective",)

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The outcomes themselves."""
        del table
        return numbers

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.Objective.objects.filter(pk__in=numbers, dropped_at=None)
        for pk, title, why, key, account in rows.values_list(
            "pk", "title", "why", "plan__account__key", "plan__account"
        ):
            yield Found(pk, key, title, why[:200], account_id=account, weight=220)

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.Objective.objects.order_by("pk").values_list("pk", flat=True)


class Reviews:
    """Business reviews."""

    slug, title, one = "review", speech.later("Business reviews"), speech.later("review")
    watched: Collection[str] = ("outcomes_review",)

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The reviews themselves."""
        del table
        return numbers

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.Review.objects.filter(pk__in=numbers)
        for pk, title, starts_at, key, account in rows.values_list(
            "pk", "title", "starts_at", "account__key", "account"
        ):
            yield Found(
                pk, f"{key}/{pk}", title, starts_at.date().isoformat(), account_id=account, weight=200
            )

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.Review.objects.order_by("pk").values_list("pk", flat=True)


class ValueModels:
    """What outcomes are worth."""

    slug, title, one = "value_model", speech.later("Value models"), speech.later("value model")
    watched: Collection[str] = ("outcomes_valuemodel",)

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The models themselves."""
        del table
        return numbers

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.ValueModel.objects.filter(pk__in=numbers, dropped_at=None)
        for pk, title, basis, key, account in rows.values_list(
            "pk", "title", "basis", "plan__account__key", "plan__account"
        ):
            yield Found(pk, key, title, basis[:200], account_id=account, weight=180)

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.ValueModel.objects.order_by("pk").values_list("pk", flat=True)


@specs.impl
def searchables() -> Sequence[Searchable]:
    """Outcomes, what they are worth, and business reviews."""
    return (Objectives(), ValueModels(), Reviews())
