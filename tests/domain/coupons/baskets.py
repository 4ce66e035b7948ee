"""Lines and coupons to test with."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from domain.coupons.choosing import Occasion
from domain.coupons.reductions import Line, Owned
from domain.coupons.terms import Terms
from domain.kernel.money import Fen
from domain.shop.value_records import StackingRecord

TODAY = date(2026, 11, 21)
LAST = date(2026, 12, 20)
HERE = Occasion("east", "dine_in", TODAY)
ONE = StackingRecord(most=1)
ANY = StackingRecord(most=12, groups={"order": 12, "item": 12})


def line(dish: str, yuan: str, quantity: str = "1") -> Line:
    """A line that costs so much in all."""
    return Line(dish, Decimal(quantity), int(Decimal(yuan) * 100))


def coupon(coupon_id: str, terms: Terms, until: date = LAST) -> Owned:
    """A coupon that is good from today."""
    return Owned(coupon_id, terms, TODAY, until)


def _group(more: dict[str, object]) -> str:
    return "item" if "dishes" in more or "portions" in more else "order"


def off(coupon_id: str, yuan: str, minimum: str = "0", **more: object) -> Owned:
    """A fixed amount off."""
    fields = {"group": _group(more), "amount_fen": Fen(int(Decimal(yuan) * 100)), "minimum_fen": Fen(int(Decimal(minimum) * 100)), **more}
    return coupon(coupon_id, Terms(f"{yuan}元券", **fields))  # type: ignore[arg-type]


def pays(coupon_id: str, ratio: str, minimum: str = "0", **more: object) -> Owned:
    """A share to pay."""
    fields = {"group": _group(more), "pay_ratio": Decimal(ratio), "minimum_fen": Fen(int(Decimal(minimum) * 100)), **more}
    return coupon(coupon_id, Terms(f"{ratio}折券", **fields))  # type: ignore[arg-type]


_DISHES = ("pork", "tofu", "rice", "mango")
_quantities = st.integers(1, 50).map(lambda tenths: Decimal(tenths) / 10) | st.integers(1, 6).map(Decimal)
LINES = st.lists(st.builds(Line, st.sampled_from(_DISHES), _quantities, st.integers(0, 12000)), max_size=6)
_ratios = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
_prices = st.integers(0, 8000).map(Fen)
_limits = {
    "dishes": st.sampled_from([(), (), ("pork",), ("tofu", "rice"), _DISHES]),
    "portions": st.none() | st.integers(1, 4),
    "minimum_fen": st.just(Fen(0)) | _prices,
    "most_fen": st.none() | _prices,
    "group": st.sampled_from(["order", "item", "party"]),
    "alone": st.booleans() | st.just(False),
}
TERMS = st.builds(Terms, st.sampled_from(["甲", "乙"]), amount_fen=_prices, **_limits) | st.builds(
    Terms, st.sampled_from(["甲", "乙"]), pay_ratio=_ratios, **_limits
)
_days = st.dates(TODAY, LAST)


def coupons(most: int) -> st.SearchStrategy[list[Owned]]:
    """Some coupons that are good today."""
    owned = st.lists(st.tuples(TERMS, _days), max_size=most)
    return owned.map(lambda found: [coupon(f"c{number}", terms, until) for number, (terms, until) in enumerate(found)])


STACKINGS = st.builds(
    lambda most, groups: StackingRecord(most=most, groups=groups),
    st.integers(1, 7),
    st.dictionaries(st.sampled_from(["order", "item", "party"]), st.integers(1, 4)),
)
