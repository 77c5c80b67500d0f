"""The same as the three kills of every run, fifty times over."""

import pytest

from tests.stories.conftest import Instance, instance
from tests.stories.test_killing import survive

__all__ = ["instance"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7])
def test_fifty_kills_under_load_lose_and_double_nothing(instance: Instance, seed: int) -> None:
    survive(instance, kills=50, seed=seed)
