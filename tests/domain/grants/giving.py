"""A shop that gives things away, diners who take them, and what they got."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.coupons.terms import amount_terms
from domain.grants.models import BudgetLine, Grant
from domain.grants.service import Granted, grant_coupon
from domain.kernel.ids import new_id
from domain.kernel.money import Fen
from domain.members.models import Diner
from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, snapshot_of
from domain.shop.value_records import BudgetRecord

TODAY = date(2026, 11, 21)

_SHOP = """
brand:
  name: 小馆
  birthday: {dish: cake}
  rewards:
    - {id: off10, name: 满50减10, points: 100, coupon: {amount: "10", minimum: "50", days: 15}}
    - {id: cake, name: 换蛋糕, points: 60, dish: cake}
stores:
  - {id: one, name: 一店, hours: {daily: ["10:00-22:00"]}}
menu:
  - category: 甜品
    dishes: [{id: cake, name: 蛋糕, price: "18"}]
"""


@cache
def _shop() -> ShopSnapshot:
    return snapshot_of(read_shop(_SHOP.encode()).document, version=7)


def shop_with(**budgets: Mapping[str, str]) -> ShopSnapshot:
    """The shop with these budgets by campaign ({"total": "100"}, yuan), beside the house's own."""
    shop = _shop()
    own = {name: BudgetRecord.model_validate({"campaign": name, **limits}) for name, limits in budgets.items()}
    return replace(shop, brand=replace(shop.brand, budgets={**shop.brand.budgets, **own}))


def meet(session: Session, number: int, *, now: datetime) -> list[str]:
    """As many diners, by id."""
    ids = [new_id(now) for _ in range(number)]
    session.execute(insert(Diner), [{"id": diner_id, "following": True, "met_at": now} for diner_id in ids])
    return ids


def give(
    session: Session,
    shop: ShopSnapshot,
    diner: str,
    key: str,
    *,
    now: datetime,
    yuan: int = 5,
    campaign: str = "scan",
    day: date = TODAY,
    store_id: str | None = None,
) -> Granted | None:
    """A coupon of so many yuan, good for 30 days."""
    terms = amount_terms(f"{yuan}元券", Fen(yuan * 100))
    return grant_coupon(
        session,
        shop,
        diner,
        terms,
        template_id="five",
        campaign=campaign,
        rule_version="shop:7",
        reason="scanned",
        key=key,
        day=day,
        days=30,
        now=now,
        store_id=store_id,
    )


def spent(session: Session) -> dict[str, int]:
    """What was spent, by scope, of all campaigns."""
    return {scope: int(fen) for scope, fen in session.execute(select(BudgetLine.scope, BudgetLine.spent_fen))}


def rows(session: Session, model: Any) -> int:
    """How many rows a table has."""
    return len(session.execute(select(*model.__table__.primary_key.columns)).all())


def granted_rows(session: Session) -> int:
    """How many grants are written down."""
    return rows(session, Grant)
