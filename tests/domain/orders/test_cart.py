"""The cart: who may put in what, and how it is made."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.orders.cart import Cart, add_line, clear_cart, find_cart, modify_line, open_cart, remove_line, set_quantity
from domain.orders.errors import CartFullError, NoSuchLineError, NotServedNowError, UnknownOptionError, WrongQuantityError
from domain.orders.making import choose_options
from domain.orders.rules import MOST_LINES
from domain.storage import Database
from tests.clock import SettableClock
from tests.domain.shops import small_shop

SHOP = small_shop()
STORE = SHOP.stores["one"]
PORK, TOFU, FISH, SOUP = (SHOP.dishes[name] for name in ("pork", "tofu", "fish", "soup"))
ONE = Decimal(1)


class Till:
    """One takeaway diner's cart."""

    def __init__(self, database: Database, clock: SettableClock, diner: str) -> None:
        self.database, self.clock, self.diner = database, clock, diner

    async def cart(self) -> Cart:
        return await self.database.transaction(open_cart, "one", None, self.diner, now=self.clock.now())

    async def add(self, dish=PORK, n: Decimal = ONE, *, options=(), diner: str | None = None):
        cart = await self.cart()
        return await self.database.transaction(add_line, STORE, cart, dish, n, diner or self.diner, options=options, now=self.clock.now())

    async def does(self, fn: Callable[..., object], *args: object):
        cart = await self.cart()
        return await self.database.transaction(fn, cart, *args, self.diner, now=self.clock.now())

    async def lines(self) -> list[tuple[str, Decimal]]:
        return [(line.dish_id, line.quantity) for line in (await self.cart()).lines]


@pytest.fixture
async def till(database: Database, clock: SettableClock) -> Till:
    diner = await database.transaction(meet_diner, Vault(b"s" * 32), "o1", now=clock.now())
    return Till(database, clock, diner)


async def test_the_same_dish_made_the_same_way_is_one_line(till: Till) -> None:
    await till.add(TOFU, options=["特辣"])
    await till.add(TOFU, options=["特辣"])
    await till.add(TOFU, options=["特辣", "少油"])
    assert await till.lines() == [("tofu", Decimal(2)), ("tofu", ONE)]


async def test_a_choice_that_must_be_made_takes_the_first_and_choices_cost(till: Till) -> None:
    plain = await till.add(TOFU)
    rich = await till.add(TOFU, options=["加肉末", "加蛋", "不要香菜"])
    assert (plain.options, plain.unit_price_fen) == (("微辣",), 2200)
    assert (rich.options, rich.note, rich.unit_price_fen) == (("微辣", "加肉末", "加蛋"), "不要香菜", 3000)


def test_more_choices_than_an_option_allows_are_refused() -> None:
    with pytest.raises(UnknownOptionError) as refused:
        choose_options(TOFU, ["微辣", "特辣"])
    assert refused.value.details == {"dish": "麻婆豆腐", "option": "辣度", "most": 1}


async def test_another_choice_replaces_its_rival_and_keeps_the_rest(till: Till) -> None:
    await till.add(TOFU, options=["加蛋", "少油"])
    changed = await till.does(modify_line, TOFU, ["特辣"])
    assert (changed.options, changed.note) == (("特辣", "加蛋"), "少油")


@pytest.mark.parametrize("n", ["0", "-1", "0.3", "201"])
async def test_a_quantity_nobody_sells_is_refused(till: Till, n: str) -> None:
    with pytest.raises(WrongQuantityError):
        await till.add(FISH, Decimal(n))
    assert await till.lines() == []


async def test_half_a_catty_is_sold_where_the_step_says_so(till: Till) -> None:
    await till.add(FISH, Decimal("1.5"))
    await till.does(set_quantity, FISH, Decimal("2.5"))
    assert await till.lines() == [("fish", Decimal("2.5"))]
    with pytest.raises(WrongQuantityError):
        await till.add(PORK, Decimal("0.5"))


async def test_a_dish_is_not_sold_outside_its_hours(till: Till) -> None:
    with pytest.raises(NotServedNowError):
        await till.add(SOUP)


async def test_taking_out_some_and_all(till: Till) -> None:
    await till.add(n=Decimal(3))
    _, taken = await till.does(remove_line, PORK, ONE)
    assert taken == ONE
    assert await till.lines() == [("pork", Decimal(2))]
    _, taken = await till.does(remove_line, PORK, None)
    assert taken == Decimal(2)
    with pytest.raises(NoSuchLineError):
        await till.does(remove_line, PORK, None)


async def test_one_of_two_lines_of_a_dish_is_taken_out(till: Till) -> None:
    mild = await till.add(TOFU, options=["微辣"])
    hot = await till.add(TOFU, options=["特辣"])
    cart = await till.cart()
    taken, _ = await till.database.transaction(remove_line, cart, TOFU, None, till.diner, line_id=mild.id, now=till.clock.now())
    assert taken.id == mild.id
    assert [line.id for line in (await till.cart()).lines] == [hot.id]


async def test_a_cart_has_an_end(till: Till) -> None:
    for number in range(MOST_LINES):
        await till.add(options=[f"备注{number}"])
    with pytest.raises(CartFullError):
        await till.add(options=["再来"])


async def test_changes_at_once_are_all_kept_and_each_moves_the_version(till: Till) -> None:
    before = (await till.cart()).version
    adds: list[Awaitable[object]] = [till.add(PORK if number % 2 else TOFU) for number in range(20)]
    await asyncio.gather(*adds)

    cart = await till.cart()
    assert sum(line.quantity for line in cart.lines) == 20
    assert cart.version == before + 20


async def test_clearing_leaves_nothing(till: Till) -> None:
    await till.add()
    await till.database.transaction(clear_cart, await till.cart(), now=till.clock.now())
    assert (await till.database.read(find_cart, None, till.diner)).lines == ()
