"""What the tests of storage share."""

import pytest

from domain.storage import Database
from tests.domain.storage.ways import Transact, both_ways


@pytest.fixture(params=[0, 1], ids=["in its own time", "before a deadline"])
def transact(request: pytest.FixtureRequest, scratch: Database) -> Transact:
    """Each way to ask for a transaction, in turn."""
    way: Transact = both_ways(scratch)[request.param]
    return way
