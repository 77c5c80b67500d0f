"""The views of the accounts list that people save and open."""

import pytest

from keepwell.faces.web.actions import saved_views as deeds
from keepwell.faces.web.queries import saved_views
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db


def test_one_s_own_come_first_and_say_for_whom_the_list_opens_with_them() -> None:
    cast = world.build()
    ada, ben, cleo = (cast.scope(name) for name in ("ada", "ben", "cleo"))
    for_all = deeds.save(name="At risk", state="band=red", shared="all", by=ben, at=NOW)
    own = deeds.save(name="Mine", state="mine=1", shared="private", by=ada, at=NOW)
    deeds.save(name="Ben's", state="mine=1", shared="private", by=ben, at=NOW)
    for who in (ada, ben, cleo):
        deeds.open_with(view_id=for_all, by=who)
    mine, others = saved_views.everything(seen_by=ada)
    assert (mine.id, mine.is_mine, mine.is_default, mine.opens_for) == (own, True, False, 0)
    assert (others.id, others.is_mine, others.is_default, others.opens_for) == (for_all, False, True, 2)
    deeds.open_with(view_id=own, by=ada)
    assert [(view.is_default, view.opens_for) for view in saved_views.everything(seen_by=ada)] == [
        (True, 0),
        (False, 2),
    ]
