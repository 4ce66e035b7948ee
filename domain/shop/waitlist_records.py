"""How a store gives numbers, in the shop file: whether also to who is not at its door."""

from decimal import Decimal
from typing import Literal

from domain.shop.records import Record
from domain.shop.values import Radius

FromAfar = Literal["yes", "near", "no"]


class WaitlistRecord(Record):
    """How a store gives numbers by chat. Who scanned the code at its door may always take one.

    Source: peers §7 (c) (a number taken 20 km away), (d) 4.
    """

    from_afar: FromAfar = "yes"
    """yes: from anywhere; near: who sends their location, and is near; no: at the door alone."""
    near_km: Radius = Decimal(5)
    """So far from the store is near, as the crow flies."""
