"""From where a store gives numbers, as its file says it."""

from decimal import Decimal

import pytest

from domain.shop.errors import ShopFileError
from domain.shop.snapshot import snapshot_of
from domain.shop.waitlist_records import WaitlistRecord
from tests.domain.shop.files import document

STORE = "stores: [{{id: east, name: 东门店, location: [30.6, 104.1], {}}}]"


def waitlist(written: str) -> WaitlistRecord:
    return snapshot_of(document(STORE.format(written))).stores["east"].waitlist


def test_numbers_are_given_from_anywhere_when_nothing_is_written():
    assert waitlist("pay: after") == WaitlistRecord(from_afar="yes", near_km=Decimal(5))


@pytest.mark.parametrize("rule", ["yes", "near", "no"])
def test_yes_and_no_stay_the_words_that_were_written(rule):
    assert waitlist(f"waitlist: {{from_afar: {rule}, near_km: 2.5}}") == WaitlistRecord(from_afar=rule, near_km=Decimal("2.5"))


@pytest.mark.parametrize("written", ["from_afar: maybe", "near_km: 0", "near_km: far", "from_home: yes"])
def test_what_no_store_can_do_is_a_fault_with_its_place(written):
    with pytest.raises(ShopFileError) as refused:
        document(STORE.format(f"waitlist: {{{written}}}"))
    assert "waitlist" in str(refused.value)


def test_near_needs_to_know_where_the_store_is():
    with pytest.raises(ShopFileError, match="location"):
        document("stores: [{id: east, name: 东门店, waitlist: {from_afar: near}}]")
