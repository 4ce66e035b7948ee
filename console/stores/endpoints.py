"""GET /api/v1/store: who am I."""

from datetime import date, datetime
from typing import ClassVar

from console.api.endpoint import TILL_AND_SCREEN, Context, Endpoint
from console.api.shapes import Nothing, Shown
from domain.staff.models import TokenScope


class StoreShown(Shown):
    """The store that the token opens, and what its clock and its books say."""

    EXAMPLE: ClassVar = {
        "id": "chunxi",
        "name": "春熙路店",
        "brand": "好味",
        "timezone": "Asia/Shanghai",
        "now": "2026-11-28T19:25:00+08:00",
        "business_day": "2026-11-28",
        "open": True,
        "takes_bookings": True,
        "token_id": "01KQ3ZK7M5S8W0V2C4D6E8F0G2",
        "scope": "till",
    }

    id: str
    name: str
    brand: str
    timezone: str
    """IANA zone of the store's wall clock."""
    now: datetime
    business_day: date
    """The day in whose books things stand that happen now: what happens after midnight belongs to the evening before."""
    open: bool
    takes_bookings: bool
    token_id: str
    """What this device does is written down under it."""
    scope: TokenScope


def show_store(context: Context, _: Nothing) -> StoreShown:
    """The store of the token, its business day and its clock."""
    store, brand = context.store, context.shop.brand
    return StoreShown(
        id=store.id,
        name=store.name,
        brand=brand.name,
        timezone=store.timezone,
        now=store.local(context.now),
        business_day=brand.business_day(context.now, store.timezone),
        open=store.is_open(context.now),
        takes_bookings=store.bookings.open is True,
        token_id=context.device.id,
        scope=context.device.scope,
    )


ENDPOINTS = (Endpoint("GET", "/store", "showStore", "store", "Who am I", show_store, StoreShown, scopes=TILL_AND_SCREEN),)
