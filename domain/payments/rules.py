"""Pure decisions about payments and their refunds: states, legal moves, limits."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

BILL_LIFE = timedelta(hours=2)  # an open bill lapses then. Source: WeChat Pay, a prepay_id is good for two hours
LEAST_LEFT = timedelta(minutes=10)  # a bill with less life is not handed out again: there would be no time to pay it
MOST_REFUNDS = 50  # of one payment. Source: WeChat Pay, refunds: at most 50 partial refunds
REFUND_WITHIN = timedelta(days=365)  # after the payment. Source: WeChat Pay, refunds: not after one year
REFUND_BY = timedelta(days=1)  # when a member of staff must have dealt with a refund that failed
UNCLEAR_TRIES = 6  # so often without an answer, and a person looks, while it goes on being repeated
_FIRST_REPEAT = timedelta(seconds=30)
_LONGEST_REPEAT = timedelta(hours=1)


class PaymentState(StrEnum):
    """Life of a payment."""

    PENDING = "pending"
    PAID = "paid"
    CLOSED = "closed"


class RefundState(StrEnum):
    """Life of a refund (ARCHITECTURE, decision 11)."""

    ASKED = "asked"
    SENDING = "sending"  # committed before the provider is called: what is found here later was interrupted
    DONE = "done"
    UNKNOWN = "unknown"  # no clear answer: it is repeated under the same number until there is one
    FAILED = "failed"  # refused: a member of staff must act; the money stays set aside for it


PAYMENT_MOVES: Mapping[PaymentState, frozenset[PaymentState]] = {
    PaymentState.PENDING: frozenset({PaymentState.PAID, PaymentState.CLOSED}),
    PaymentState.CLOSED: frozenset({PaymentState.PAID}),  # late: the whole of it goes back
    PaymentState.PAID: frozenset(),
}

REFUND_MOVES: Mapping[RefundState, frozenset[RefundState]] = {
    RefundState.ASKED: frozenset({RefundState.SENDING}),
    RefundState.SENDING: frozenset(
        {RefundState.SENDING, RefundState.ASKED, RefundState.DONE, RefundState.UNKNOWN, RefundState.FAILED}  # ASKED: surely not taken
    ),
    RefundState.UNKNOWN: frozenset({RefundState.SENDING, RefundState.DONE, RefundState.FAILED}),
    RefundState.FAILED: frozenset({RefundState.ASKED, RefundState.DONE}),  # staff ask again, or gave the money back themselves
    RefundState.DONE: frozenset(),
}


def payments_that_may_become(to: PaymentState) -> tuple[PaymentState, ...]:
    """The states from which a payment may move there."""
    return tuple(state for state, following in PAYMENT_MOVES.items() if to in following)


def refunds_that_may_become(to: RefundState) -> tuple[RefundState, ...]:
    """The states from which a refund may move there."""
    return tuple(state for state, following in REFUND_MOVES.items() if to in following)


def repeat_delay(tries: int) -> timedelta:
    """How long to wait before a refund without a clear answer is repeated: half a minute, doubling to an hour."""
    doublings = min(tries - 1, 12)
    return min(_LONGEST_REPEAT, _FIRST_REPEAT * (1 << doublings))


def may_be_handed_out(created_at: datetime, *, now: datetime) -> bool:
    """Whether an open bill still has the time to be paid."""
    return now <= created_at + BILL_LIFE - LEAST_LEFT
