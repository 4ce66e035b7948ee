"""Who hears what. The one page: an event, its consumers, and what they do.

A consumer with handlers works inside the delivery's own transaction; an effect reaches outside and settles itself.
"""

from collections.abc import Mapping

from bot.events import TurnLate
from bot.responses import Responses
from domain.members.events import MemberJoined
from domain.messages.events import MessageRequested
from domain.messaging.housekeeping import HousekeepingDue
from domain.messaging.worker import Handler
from domain.orders.events import OrderCloseDue, OrderPaid, OrderReleased
from domain.payments.events import PaymentPaid
from domain.reactions.nights import forgets
from domain.reactions.orders import closes_after_its_time, paid_earns_points, printed_is_accepted
from domain.reactions.payments import settles_its_order
from domain.shop.snapshot import SnapshotCache
from printing.consumers import on_housekeeping_due, on_order_paid, on_order_released, on_print_jobs_due
from printing.jobs.events import PrintJobConfirmed, PrintJobFailed, PrintJobsDue, PrintJobUncertain
from wechat_gateway.notifications.orders import tells_that_it_is_paid

REACTIONS = "reactions"  # whenever X, then Y
PRINTING = "printing"  # tickets
NOTIFICATIONS = "notifications"  # what the diner is told
TURNS = "turns"  # effect: late turns
MESSAGES = "messages"  # effect: sends messages to diners

ROUTES: Mapping[str, tuple[str, ...]] = {
    PaymentPaid.name: (REACTIONS,),
    OrderReleased.name: (PRINTING,),
    OrderPaid.name: (REACTIONS, PRINTING, NOTIFICATIONS),
    OrderCloseDue.name: (REACTIONS,),
    PrintJobConfirmed.name: (REACTIONS,),
    PrintJobUncertain.name: (),  # shown by `haowei show print-jobs` and counted; staff chat comes with staff
    PrintJobFailed.name: (),
    PrintJobsDue.name: (PRINTING,),
    MemberJoined.name: (),
    TurnLate.name: (TURNS,),
    MessageRequested.name: (MESSAGES,),
    HousekeepingDue.name: (REACTIONS, PRINTING),
}


def handlers(snapshots: SnapshotCache, responses: Responses) -> Mapping[str, Mapping[str, Handler]]:
    """Consumer -> event -> handler."""
    return {
        REACTIONS: {
            PaymentPaid.name: settles_its_order(snapshots),
            OrderPaid.name: paid_earns_points(snapshots),
            OrderCloseDue.name: closes_after_its_time,
            PrintJobConfirmed.name: printed_is_accepted,
            HousekeepingDue.name: forgets,
        },
        PRINTING: {
            OrderReleased.name: on_order_released(snapshots),
            OrderPaid.name: on_order_paid(snapshots),
            PrintJobsDue.name: on_print_jobs_due,
            HousekeepingDue.name: on_housekeeping_due,
        },
        NOTIFICATIONS: {OrderPaid.name: tells_that_it_is_paid(responses)},
    }
