"""Payloads of an order's events, as the restaurant makes them."""

from typing import Any

from printing.tickets.orders import (
    ChangedLine,
    FiredOrder,
    KitchenOrder,
    PaidLine,
    PaidOrder,
    ReleasedLine,
    ReleasedOrder,
    RushedOrder,
    VoidedLine,
    VoidedOrder,
)

_ORDER: KitchenOrder = {
    "order_id": "01JD4ORDER0000000000000001",
    "store_id": "s1",
    "store_name": "好味(人民路店)",
    "number": "0087",
    "channel": "dine_in",
    "table_code": "A08",
    "guests": 4,
    "zone": "Asia/Shanghai",
    "pickup_at": None,
}
_PLACED_AT = "2026-11-21T04:31:05+00:00"


def dish(
    name: str, quantity: str = "1", *, station: str = "热菜", unit: str = "份", options: tuple[str, ...] = (), note: str = ""
) -> ReleasedLine:
    return {
        "line_id": f"line-{name}",
        "dish_id": f"dish-{name}",
        "name": name,
        "quantity": quantity,
        "unit": unit,
        "station": station,
        "options": list(options),
        "note": note,
    }


def released(*lines: ReleasedLine, **changes: Any) -> ReleasedOrder:
    order: ReleasedOrder = {**_ORDER, "round_no": 1, "placed_at": _PLACED_AT, "note": "", "lines": list(lines)}
    return {**order, **changes}  # type: ignore[typeddict-item]


def cooking(line: ReleasedLine, *, round_no: int = 1, placed_at: str = _PLACED_AT) -> ChangedLine:
    """A dish that the kitchen has."""
    return {**line, "round_no": round_no, "placed_at": placed_at}


def taken_back(line: ReleasedLine, *, round_no: int = 1, in_kitchen: bool = True) -> VoidedLine:
    return {**cooking(line, round_no=round_no), "in_kitchen": in_kitchen}


def voided(*lines: VoidedLine, **changes: Any) -> VoidedOrder:
    order: VoidedOrder = {
        **_ORDER,
        "reason": "等待过久",
        "voided_at": "2026-11-21T04:58:40+00:00",
        "cancelled": False,
        "lines": list(lines),
    }
    return {**order, **changes}  # type: ignore[typeddict-item]


def fired(*lines: ChangedLine, **changes: Any) -> FiredOrder:
    order: FiredOrder = {
        **_ORDER,
        "round_no": 1,
        "placed_at": _PLACED_AT,
        "fired_at": "2026-11-21T04:55:10+00:00",
        "lines": list(lines),
    }
    return {**order, **changes}  # type: ignore[typeddict-item]


def rushed(*lines: ChangedLine, **changes: Any) -> RushedOrder:
    order: RushedOrder = {**_ORDER, "times": 1, "rushed_at": "2026-11-21T04:59:30+00:00", "lines": list(lines)}
    return {**order, **changes}  # type: ignore[typeddict-item]


def sold(
    name: str, unit_price_fen: int, quantity: str = "1", *, unit: str = "份", amount_fen: int | None = None, options: tuple[str, ...] = ()
) -> PaidLine:
    return {
        "name": name,
        "quantity": quantity,
        "unit": unit,
        "unit_price_fen": unit_price_fen,
        "amount_fen": unit_price_fen * int(quantity) if amount_fen is None else amount_fen,
        "options": list(options),
    }


def paid(*lines: PaidLine, explanation: tuple[tuple[str, int], ...] = (), **changes: Any) -> PaidOrder:
    total = sum(line["amount_fen"] for line in lines)
    order: PaidOrder = {
        "order_id": "01JD4ORDER0000000000000001",
        "store_id": "s1",
        "store_name": "好味(人民路店)",
        "store_phone": "028-88888888",
        "number": "0087",
        "business_day": "2026-11-21",
        "channel": "dine_in",
        "table_code": "A08",
        "zone": "Asia/Shanghai",
        "paid_at": "2026-11-21T05:25:40+00:00",
        "method": "simulated",
        "method_label": "模拟支付",
        "diner_id": "01JD4DINER0000000000000001",
        "lines": list(lines),
        "explanation": [{"label": label, "fen": fen} for label, fen in (("消费合计", total), *explanation)],
        "paid_fen": total + sum(fen for _, fen in explanation),
        "points": 0,
    }
    return {**order, **changes}  # type: ignore[typeddict-item]
