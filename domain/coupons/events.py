"""What happens to coupons."""

from dataclasses import dataclass
from typing import ClassVar

from domain.messaging import Event


@dataclass(frozen=True, slots=True)
class CouponExpiring(Event):
    """A coupon that nobody has used is good for a few more days, the last one (ISO) included."""

    name: ClassVar[str] = "coupon_expiring"

    coupon_id: str
    diner_id: str
    coupon: str
    good_until: str
