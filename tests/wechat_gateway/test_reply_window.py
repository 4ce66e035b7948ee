"""Five seconds, three tries, and how old a signature may be."""

from datetime import timedelta

import pytest

from tests.wechat_gateway.samples import SENT_AT
from wechat_gateway.errors import PushRefusedError
from wechat_gateway.reply_window import ReplyWindow, check_fresh

SIGNED = int(SENT_AT.timestamp())


def test_answer_leaves_well_before_the_platform_hangs_up() -> None:
    assert ReplyWindow(100.0, SENT_AT).deadline == pytest.approx(104.2)


@pytest.mark.parametrize(("age", "last"), [(-1, False), (0, False), (5, False), (8.9, False), (9, True), (12, True), (3600, True)])
def test_third_try_is_the_last(age: float, last: bool) -> None:
    assert ReplyWindow(0.0, SENT_AT).is_last_try(SENT_AT + timedelta(seconds=age)) is last


@pytest.mark.parametrize("skew", [-300, -1, 0, 1, 300])
def test_fresh_within_the_allowed_skew(skew: int) -> None:
    check_fresh(str(SIGNED), SENT_AT + timedelta(seconds=skew), 300)


@pytest.mark.parametrize("skew", [-301, 301, 86_400])
def test_replayed_or_dated_ahead_is_stale(skew: int) -> None:
    with pytest.raises(PushRefusedError, match="stale"):
        check_fresh(str(SIGNED), SENT_AT + timedelta(seconds=skew), 300)


@pytest.mark.parametrize("timestamp", ["", "-1", "1e9", "１７１４", "nan", " 1714112445", "9" * 13, "9" * 100_000])
def test_no_timestamp(timestamp: str) -> None:
    with pytest.raises(PushRefusedError, match="malformed"):
        check_fresh(timestamp, SENT_AT, 300)
