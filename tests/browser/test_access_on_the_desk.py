"""The pages of a desk full of work are as sound as the book's: see `test_access_for_all`, which another worker runs."""

import pytest

from tests.browser.conftest import Open
from tests.browser.places import of_the_desk
from tests.browser.walk import walk
from tests.world import World

pytestmark = pytest.mark.browser


def test_nothing_is_wrong_with_the_pages_of_the_desk(open_as: Open, worked: World) -> None:
    page = open_as(worked.root, "/accounts/")
    found = walk(page, of_the_desk(worked))
    assert not found, "\n".join(found)
