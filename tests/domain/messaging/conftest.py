"""Events of these tests, and who hears them."""

import pytest

ROUTES = {"test.counted": ("counting",), "test.shouted": ("counting", "shouting"), "test.unheard": ()}


@pytest.fixture
def routes() -> dict[str, tuple[str, ...]]:
    """Who hears which event here."""
    return ROUTES
