"""Through which channel a message leaves, when, or why not: the decision alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.messages.arbiter import Facts, Leave, Suppress, Wait, decide
from domain.messages.rules import TERMS, ChannelKind, Purpose

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 21, 13, 30, tzinfo=UTC)  # 21:30 in Shanghai, the first minute of the night
MORNING = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # nine o'clock
EVERYTHING = Facts(NOON, NOON + timedelta(days=2), SHANGHAI, window_open=True, window_left=5, notice_left=1, has_template=True, mass_left=4)
SHUT = replace(EVERYTHING, window_open=False, window_left=0)
QUIET = (Purpose.BOOKING, Purpose.REMINDER, Purpose.MARKETING)
LOUD = tuple(set(Purpose) - set(QUIET))


@pytest.mark.parametrize("purpose", Purpose)
def test_an_open_window_is_the_cheapest_channel(purpose: Purpose) -> None:
    assert decide(purpose, EVERYTHING) == Leave(ChannelKind.CUSTOMER)


def test_then_a_consent_then_a_template() -> None:
    assert decide(Purpose.CALL, SHUT) == Leave(ChannelKind.NOTICE)
    assert decide(Purpose.CALL, replace(SHUT, notice_left=0)) == Leave(ChannelKind.TEMPLATE)
    assert decide(Purpose.CALL, replace(SHUT, notice_left=0, has_template=False)) == Suppress("no_window+no_consent")
    assert decide(Purpose.CALL, replace(SHUT, notice_left=None, takes_templates=False)) == Suppress("no_window+templates_refused")


def test_marketing_goes_by_window_or_mass_send_and_by_nothing_else() -> None:
    assert decide(Purpose.MARKETING, SHUT) == Leave(ChannelKind.MASS)
    assert decide(Purpose.MARKETING, replace(SHUT, mass_left=0)) == Suppress("no_window+month_full")
    assert decide(Purpose.MARKETING, replace(SHUT, mass_left=None)) == Suppress("no_window")


def test_only_marketing_is_sent_to_the_mass() -> None:
    assert [purpose for purpose, terms in TERMS.items() if ChannelKind.MASS in terms.channels] == [Purpose.MARKETING]


@pytest.mark.parametrize(("purpose", "keeps"), [(Purpose.REMINDER, 1), (Purpose.BOOKING, 1), (Purpose.MARKETING, 2)])
def test_what_can_wait_leaves_room_in_the_window_for_an_answer(purpose: Purpose, keeps: int) -> None:
    bare = replace(EVERYTHING, notice_left=None, has_template=False, mass_left=None)
    assert decide(purpose, replace(bare, window_left=keeps)) == Suppress("window_kept")
    assert decide(purpose, replace(bare, window_left=keeps + 1)) == Leave(ChannelKind.CUSTOMER)
    assert decide(Purpose.REPLY, replace(bare, window_left=1)) == Leave(ChannelKind.CUSTOMER)


def test_what_waits_with_more_urgency_goes_first() -> None:
    one_left = replace(EVERYTHING, window_left=1, waiting_above=1, notice_left=None, has_template=False)
    assert decide(Purpose.SERVICE, one_left) == Suppress("window_kept")
    assert decide(Purpose.SERVICE, replace(one_left, window_left=2)) == Leave(ChannelKind.CUSTOMER)


@pytest.mark.parametrize("purpose", sorted(QUIET))
def test_nobody_is_woken_by_what_can_wait(purpose: Purpose) -> None:
    night = replace(EVERYTHING, now=NIGHT)
    assert decide(purpose, night) == Wait(MORNING)
    assert decide(purpose, replace(night, expires_at=MORNING)) == Suppress("quiet_hours")
    assert decide(purpose, replace(night, now=NIGHT - timedelta(minutes=1))) == Leave(ChannelKind.CUSTOMER)
    assert decide(purpose, replace(night, now=MORNING)) == Leave(ChannelKind.CUSTOMER)


@pytest.mark.parametrize("purpose", sorted(LOUD))
def test_answers_calls_money_and_safety_come_at_any_hour(purpose: Purpose) -> None:
    assert decide(purpose, replace(EVERYTHING, now=NIGHT)) == Leave(ChannelKind.CUSTOMER)


def test_the_night_is_that_of_the_store() -> None:
    in_new_york = replace(EVERYTHING, zone=ZoneInfo("America/New_York"))  # 23:00 there
    assert decide(Purpose.REMINDER, in_new_york) == Wait(datetime(2026, 11, 21, 14, 0, tzinfo=UTC))


def test_a_night_with_an_hour_more_or_less_ends_at_nine_all_the_same() -> None:
    spring = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)  # one o'clock in New York; at two it becomes three
    facts = replace(EVERYTHING, now=spring, expires_at=spring + timedelta(days=1), zone=ZoneInfo("America/New_York"))
    assert decide(Purpose.REMINDER, facts) == Wait(datetime(2026, 3, 8, 13, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("purpose", "today", "week", "reason"),
    [
        (Purpose.MARKETING, 1, 1, "cap_day"),
        (Purpose.MARKETING, 0, 3, "cap_week"),
        (Purpose.REMINDER, 3, 3, "cap_day"),
        (Purpose.BOOKING, 6, 6, "cap_day"),
    ],
)
def test_enough_is_enough(purpose: Purpose, today: int, week: int, reason: str) -> None:
    assert decide(purpose, replace(EVERYTHING, sent_today=today, sent_this_week=week)) == Suppress(reason)


def test_a_full_day_of_the_account_waits_for_the_next_or_ends() -> None:
    full = replace(SHUT, notice_left=None, full={ChannelKind.TEMPLATE})
    assert decide(Purpose.PAYMENT, full) == Wait(datetime(2026, 11, 21, 16, 0, tzinfo=UTC))  # midnight in Beijing
    assert decide(Purpose.CALL, replace(full, expires_at=NOON + timedelta(minutes=10))) == Suppress("no_window+day_full")


def test_nothing_goes_to_who_left_or_cannot_be_reached() -> None:
    assert decide(Purpose.SAFETY, replace(EVERYTHING, following=False)) == Suppress("not_following")
    assert decide(Purpose.SAFETY, replace(EVERYTHING, reachable=False)) == Suppress("unreachable")


@given(
    purpose=st.sampled_from(Purpose),
    hour=st.integers(0, 47),
    left=st.integers(0, 8),
    notice=st.none() | st.integers(0, 2),
    template=st.booleans(),
    takes=st.booleans(),
    mass=st.none() | st.integers(0, 4),
    above=st.integers(0, 3),
    full=st.sets(st.sampled_from(ChannelKind)),
)
def test_whatever_the_facts_a_message_never_leaves_where_it_must_not(
    purpose: Purpose,
    hour: int,
    left: int,
    notice: int | None,
    template: bool,
    takes: bool,
    mass: int | None,
    above: int,
    full: set[ChannelKind],
) -> None:
    now = NOON + timedelta(hours=hour)
    facts = Facts(
        now=now,
        expires_at=now + timedelta(hours=10),
        zone=SHANGHAI,
        window_open=left > 0,
        window_left=left,
        notice_left=notice,
        has_template=template,
        takes_templates=takes,
        mass_left=mass,
        full=full,
        waiting_above=above,
    )
    decision = decide(purpose, facts)
    if isinstance(decision, Leave):
        assert decision.channel in TERMS[purpose].channels
        assert decision.channel not in full
        assert purpose in LOUD or 9 <= now.astimezone(SHANGHAI).hour < 22
        assert decision.channel is not ChannelKind.CUSTOMER or left > above
        assert decision.channel is not ChannelKind.NOTICE or notice
        assert decision.channel is not ChannelKind.TEMPLATE or (template and takes)
    elif isinstance(decision, Wait):
        assert now < decision.until < facts.expires_at
    else:
        assert decision.reason
