"""What a coupon promises is frozen when it is issued, and has a face for the budget."""

import json
from decimal import Decimal

import pytest

from domain.coupons.terms import Terms, amount_terms, gift_terms, terms_of
from domain.kernel.money import Fen
from domain.shop.value_records import CouponRecord

PRICES = {"tofu": Fen(2200), "pork": Fen(5800)}


def test_a_template_gives_its_terms() -> None:
    record = CouponRecord.model_validate(
        {
            "id": "d",
            "name": "八折券",
            "pay": "0.8",
            "minimum": "50",
            "most": "30",
            "stores": ["east"],
            "channels": ["dine_in"],
            "alone": "yes",
        }
    )

    assert terms_of(record) == Terms(
        "八折券",
        pay_ratio=Decimal("0.8"),
        minimum_fen=Fen(5000),
        most_fen=Fen(3000),
        stores=("east",),
        channels=("dine_in",),
        group="order",
        alone=True,
    )


@pytest.mark.parametrize(
    ("written", "is_item", "group"),
    [
        ({"amount": "5"}, False, "order"),
        ({"amount": "5", "dishes": ["tofu"]}, True, "item"),
        ({"pay": "0.5", "portions": "1"}, True, "item"),
        ({"amount": "5", "group": "节日"}, False, "节日"),
        ({"amount": "5", "dishes": ["tofu"], "group": "节日"}, True, "节日"),
    ],
)
def test_coupons_for_dishes_and_for_orders_have_groups_of_their_own(written: dict[str, object], is_item: bool, group: str) -> None:
    terms = terms_of(CouponRecord.model_validate({"id": "x", "name": "券", **written}))

    assert (terms.is_item, terms.group) == (is_item, group)


@pytest.mark.parametrize(
    "terms", [gift_terms("生日甜品", "mango"), amount_terms("20元券", Fen(2000), Fen(5000)), Terms("七折", pay_ratio=Decimal("0.7"))]
)
def test_terms_are_stored_and_read_as_they_are(terms: Terms) -> None:
    assert Terms.from_json(json.loads(json.dumps(terms.to_json()))) == terms


@pytest.mark.parametrize(
    ("terms", "face"),
    [
        (amount_terms("20元券", Fen(2000), Fen(5000)), 2000),
        (Terms("20元券", amount_fen=Fen(2000), most_fen=Fen(1500)), 1500),
        (Terms("八折", pay_ratio=Decimal("0.8"), most_fen=Fen(3000)), 3000),
        (gift_terms("送豆腐", "tofu"), 2200),
        (Terms("两份半价", pay_ratio=Decimal("0.5"), dishes=("tofu", "pork"), portions=2), 5800),
        (Terms("任一份半价", pay_ratio=Decimal("0.5"), portions=1), 2900),
        (Terms("八折", pay_ratio=Decimal("0.8")), 2000),
        (Terms("八折", pay_ratio=Decimal("0.8"), minimum_fen=Fen(50000)), 10000),
        (Terms("豆腐八折", pay_ratio=Decimal("0.8"), dishes=("tofu",)), 2000),
        (gift_terms("送没有的菜", "gone"), 10000),
    ],
)
def test_a_budget_reserves_the_face(terms: Terms, face: int) -> None:
    assert terms.face_fen(PRICES) == face
