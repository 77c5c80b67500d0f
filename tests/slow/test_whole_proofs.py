"""Proofs of the whole public sets; the normal run takes samples of them."""

from pathlib import Path

import pytest

from tests.health import test_proof_contracts as contracts
from tests.health import test_proof_openstack as openstack
from tests.health.public_sets import folder

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_all_organisations_that_use_openstack(shared_data: Path):
    openstack.hold(openstack.told(folder(shared_data, "openstack_org_events"), every=1))


def test_all_subscriptions_of_cs_sim(shared_data: Path):
    contracts.hold(contracts.sampled(folder(shared_data, "cs_sim_A"), every=1))
