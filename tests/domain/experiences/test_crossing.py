"""What a diner, the staff and the clock do to one booking in the same moment, as it may be on MariaDB."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert

from domain.experiences.calling_off import call_off
from domain.experiences.lifecycle import Side, cancel_experience, experience_paid
from domain.experiences.listing import ExperienceBooking
from domain.experiences.paying import PAYABLE, ask_payment
from domain.experiences.service import book_experience
from domain.experiences.wishes import ExperienceWish
from domain.members.models import Diner
from domain.payments.models import Payment
from domain.payments.prepaid import money_left
from domain.payments.service import confirm_payment
from tests.domain.crossing import LONGEST, Act, crossed, done
from tests.domain.experiences.calendar import SHOP, wall

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def booked_by(server: Engine, diner: str, day: int) -> ExperienceBooking:
    """Places that wait for their price."""
    row = {"id": diner, "following": True, "met_at": NOW, "followed_at": NOW}
    wish = ExperienceWish("latte", "one", wall(f"2026-12-{day:02} 15:00"), 2, 0)
    done(server, lambda session: session.execute(insert(Diner), row))
    booked: ExperienceBooking = done(server, partial(book_experience, shop=SHOP, wish=wish, diner_id=diner, key=diner, now=NOW))
    return booked


def pays_whatever_is_asked(server: Engine, bill: object) -> None:
    if isinstance(bill, Payment):
        done(server, partial(confirm_payment, payment_id=bill.id, fen=bill.fen, method="simulated", external_no=bill.id, now=NOW))
        done(server, partial(experience_paid, shop=SHOP, booking_id=bill.payable_id, now=NOW))


@pytest.mark.parametrize("ended_by", ["diner", "house"])
def test_nobody_pays_for_places_that_are_given_up_in_the_moment_they_ask_for_the_bill(server: Engine, ended_by: str) -> None:
    for before in range(LONGEST):
        booked = booked_by(server, f"diner-{before}", before % 20 + 1)
        asks = partial(ask_payment, booking_id=booked.id, diner_id=booked.diner_id, now=NOW)
        ends: Act = partial(cancel_experience, shop=SHOP, booking_id=booked.id, diner_id=booked.diner_id, by=Side.DINER, now=NOW)
        if ended_by == "house":
            ends = partial(call_off, session_id=booked.session_id, by="staff", now=NOW)

        bill, _, crossing = crossed(server, asks, ends, before=before)
        pays_whatever_is_asked(server, bill)

        assert done(server, partial(money_left, kind=PAYABLE, payable_id=booked.id)) == 0, f"before statement {before}"
        if not crossing:
            return
    pytest.fail("the act had no end")
