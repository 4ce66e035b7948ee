"""GET /store: who am I."""

from tests.clock import SettableClock
from tests.console.till import Till


async def test_a_token_says_which_store_it_opens_and_what_its_clock_shows(till: Till) -> None:
    store = await till.get("/store")

    assert (store["id"], store["name"], store["brand"], store["scope"]) == ("river", "河边店", "老灶", "till")
    assert (store["now"], store["business_day"], store["open"]) == ("2026-11-21T18:30:00+08:00", "2026-11-21", True)


async def test_after_midnight_the_business_day_is_the_evening_before(till: Till, clock: SettableClock) -> None:
    clock.advance(hours=8)

    store = await till.get("/store")

    assert (store["now"], store["business_day"], store["open"]) == ("2026-11-22T02:30:00+08:00", "2026-11-21", False)


async def test_a_screen_may_read_it_too(screen: Till) -> None:
    assert (await screen.get("/store"))["scope"] == "screen"
