"""Orders under way, and how far the kitchen is."""

from tests.console.tables.test_tables import orders
from tests.console.till import Till
from tests.console.waitlist.test_waitlist import GONE, sits


async def test_an_order_is_seen_with_its_dishes_and_goes_along(till: Till) -> None:
    order_id = await orders(till, await sits(till, "A01"))
    listed = await till.get("/orders")
    shown = await till.get(f"/orders/{order_id}")

    states = [(await till.post(f"/orders/{order_id}/progress", {"to": to}))["state"] for to in ("cooking", "ready", "served")]

    assert [(order["number"], order["table"], order["state"]) for order in listed["orders"]] == [("0001", "A01", "placed")]
    assert [(dish["name"], dish["quantity"], dish["round"]) for dish in shown["dishes"]] == [("红烧肉", "1", 1)]
    assert states == ["cooking", "ready", "served"]
    assert await till.done() == [("serve", to) for to in states]


async def test_a_cart_is_no_order_yet(till: Till) -> None:
    cart_id = await orders(till, await sits(till, "A01"), placed=False)

    assert (await till.get("/orders"))["orders"] == []
    assert (await till.get(f"/orders/{cart_id}")).code == "orders.unknown"


async def test_there_is_no_way_back_and_no_way_to_another_stores_order(till: Till, hill: Till) -> None:
    order_id = await orders(till, await sits(till, "A01"))
    await till.post(f"/orders/{order_id}/progress", {"to": "ready"})

    back = await till.post(f"/orders/{order_id}/progress", {"to": "cooking"})

    assert (back.status, back.code) == (409, "orders.illegal_move")
    assert "做好了" in back["detail"]
    assert {(await one.post(f"/orders/{which}/progress", {"to": "ready"})).code for one, which in ((till, GONE), (hill, order_id))} == {
        "orders.unknown"
    }
