"""What each consumer does with each event that `routing.ROUTES` gives it.

A handler works inside the delivery's own transaction; an effect reaches outside and settles itself (`runtime`).
"""

from collections.abc import Mapping

from bot.events import TalkHandedBack
from bot.responses import Responses
from console.api.repeating import forgets_answers
from domain.bookings.events import (
    BookingCancelled,
    BookingChanged,
    BookingConfirmed,
    BookingHeld,
    BookingMissed,
    BookingReminderDue,
    BookingRequested,
    DepositReturned,
)
from domain.checkout.events import OrderRefunded
from domain.coupons.events import CouponExpiring
from domain.experiences.events import (
    ExperienceBooked,
    ExperienceCalledOff,
    ExperienceCancelled,
    ExperienceClosingDue,
    ExperienceDecisionDue,
    ExperienceListDue,
    ExperienceOfferDue,
    ExperienceOffered,
    ExperienceOfferLapsed,
    ExperienceReminderDue,
    ExperienceWaitingEnded,
)
from domain.grants.events import BirthdayDessertGiven, LateCallMadeGood
from domain.invoices.events import InvoiceIssued
from domain.members.events import LevelChanged, MemberJoined, MemberLeft, MembersMerged
from domain.messages.asking import Asking
from domain.messages.events import TemplateReportHeld
from domain.messaging.housekeeping import HousekeepingDue, NightWorkDue
from domain.messaging.worker import Handler, in_turn
from domain.orders.events import OrderCloseDue, OrderFired, OrderPaid, OrderReady, OrderReleased, OrderRushed, OrderVoided
from domain.payments.events import BillLapseDue, PaymentPaid, RefundSettled
from domain.points.events import PointsExpiring
from domain.preorders.events import PreorderBrought, PreorderDropped, PreorderPlaced
from domain.reactions.bookings import decides_what_was_held, leaving_frees_the_tables
from domain.reactions.experiences import (
    decides_whether_it_takes_place,
    ends_the_waiting,
    gives_up_what_was_not_paid,
    goes_on_to_the_next,
)
from domain.reactions.members import (
    gets_what_the_level_gives,
    leaving_ends_what_membership_gave,
    merged_owns_it_all,
    paying_may_raise_the_level,
    refunds_may_lower_the_level,
)
from domain.reactions.messages import hears_the_report_again
from domain.reactions.nights import forgets, works
from domain.reactions.orders import closes_after_its_time, printed_is_accepted
from domain.reactions.payments import lapses_with_its_time, settles_what_it_was_for
from domain.reactions.service_calls import calls_louder
from domain.reactions.waitlist import drops_what_was_chosen, joined_is_made_good_to, makes_good_a_late_call, places_what_was_chosen
from domain.service_calls.events import CallEscalated, CallMade, CallNudged, CallTaken, CallUntakenDue, CallWithdrawn
from domain.shop.snapshot import SnapshotCache
from domain.tables.events import PartyLeft, TableMoved
from domain.waitlist.events import (
    NumberCalled,
    NumberLeft,
    NumberMissed,
    NumberRequeued,
    NumberTaken,
    PartySeated,
    PromiseBroken,
    QueueMoved,
)
from haowei.routing import NOTIFICATIONS, PRINTING, REACTIONS
from printing.consumers import (
    on_booking,
    on_experience_list,
    on_housekeeping_due,
    on_number_called,
    on_number_taken,
    on_order_fired,
    on_order_paid,
    on_order_released,
    on_order_rushed,
    on_order_voided,
    on_print_jobs_due,
    on_service_call,
    on_table_moved,
)
from printing.jobs.events import PrintJobConfirmed, PrintJobsDue
from printing.tickets.bookings import BookingMark
from printing.tickets.service_calls import CallMark
from wechat_gateway.notifications.bookings import (
    asks_for_a_yes,
    reminds_of_a_booking,
    tells_that_nobody_came,
    tells_that_the_booking_is_off,
    tells_that_the_booking_stands,
    tells_that_the_deposit_goes_back,
    tells_that_the_deposit_is_waited_for,
    tells_that_the_house_changed_it,
)
from wechat_gateway.notifications.consents import NOBODY_ASKED
from wechat_gateway.notifications.coupons import tells_that_a_coupon_expires, tells_that_a_late_call_is_made_good
from wechat_gateway.notifications.experiences import (
    offers_the_places,
    reminds_of_an_experience,
    tells_that_it_is_called_off,
    tells_that_the_offer_is_over,
    tells_that_the_places_are_gone,
    tells_that_the_places_stand,
    tells_that_the_waiting_was_in_vain,
)
from wechat_gateway.notifications.invoices import tells_that_the_invoice_is_there
from wechat_gateway.notifications.members import tells_of_the_birthday_dessert, tells_of_the_new_level
from wechat_gateway.notifications.orders import tells_that_it_can_be_fetched, tells_that_it_is_paid, tells_that_it_is_refunded
from wechat_gateway.notifications.payments import tells_that_a_late_refund_came
from wechat_gateway.notifications.points import tells_that_points_expire
from wechat_gateway.notifications.preorders import tells_that_it_is_dropped, tells_that_it_is_placed, tells_that_it_waits_at_the_table
from wechat_gateway.notifications.service_calls import tells_that_nobody_comes, tells_that_somebody_comes
from wechat_gateway.notifications.talks import tells_that_the_bot_is_back
from wechat_gateway.notifications.waitlist import (
    tells_that_it_comes_near,
    tells_that_it_is_back_in_line,
    tells_that_the_call_was_missed,
    tells_that_the_table_is_free,
)


def handlers(snapshots: SnapshotCache, responses: Responses, asking: Asking = NOBODY_ASKED) -> Mapping[str, Mapping[str, Handler]]:
    """Consumer -> event -> handler. Args: asking: With what diners are asked to allow a notice."""
    return {
        REACTIONS: {
            PaymentPaid.name: settles_what_it_was_for(snapshots),
            BillLapseDue.name: lapses_with_its_time,
            BookingReminderDue.name: decides_what_was_held,
            PartyLeft.name: leaving_frees_the_tables,
            ExperienceReminderDue.name: gives_up_what_was_not_paid(snapshots),
            ExperienceOfferDue.name: goes_on_to_the_next(snapshots),
            ExperienceDecisionDue.name: decides_whether_it_takes_place(snapshots),
            ExperienceClosingDue.name: ends_the_waiting(snapshots),
            OrderPaid.name: paying_may_raise_the_level(snapshots),
            OrderRefunded.name: refunds_may_lower_the_level(snapshots),
            OrderCloseDue.name: closes_after_its_time,
            PrintJobConfirmed.name: printed_is_accepted,
            MemberJoined.name: in_turn(gets_what_the_level_gives(snapshots), joined_is_made_good_to(snapshots)),
            MemberLeft.name: leaving_ends_what_membership_gave(snapshots),
            MembersMerged.name: merged_owns_it_all(snapshots),
            LevelChanged.name: gets_what_the_level_gives(snapshots),
            CallUntakenDue.name: calls_louder(snapshots),
            PartySeated.name: places_what_was_chosen(snapshots),
            NumberLeft.name: drops_what_was_chosen(snapshots),
            PromiseBroken.name: makes_good_a_late_call(snapshots),
            TemplateReportHeld.name: hears_the_report_again,
            HousekeepingDue.name: in_turn(forgets(snapshots), forgets_answers),
            NightWorkDue.name: works(snapshots),
        },
        PRINTING: {
            OrderReleased.name: on_order_released(snapshots),
            OrderVoided.name: on_order_voided(snapshots),
            OrderFired.name: on_order_fired(snapshots),
            OrderRushed.name: on_order_rushed(snapshots),
            OrderPaid.name: on_order_paid(snapshots),
            TableMoved.name: on_table_moved(snapshots),
            BookingRequested.name: on_booking(snapshots, BookingMark.ASKED),
            BookingConfirmed.name: on_booking(snapshots, BookingMark.NEW),
            BookingChanged.name: on_booking(snapshots, BookingMark.CHANGED),
            BookingCancelled.name: on_booking(snapshots, BookingMark.CANCELLED),
            ExperienceListDue.name: on_experience_list(snapshots),
            CallMade.name: on_service_call(snapshots, CallMark.MADE, "called_at"),
            CallNudged.name: on_service_call(snapshots, CallMark.AGAIN, "nudged_at"),
            CallEscalated.name: on_service_call(snapshots, CallMark.URGENT, "escalated_at"),
            CallWithdrawn.name: on_service_call(snapshots, CallMark.WITHDRAWN, "withdrawn_at"),
            NumberTaken.name: on_number_taken(snapshots),
            NumberCalled.name: on_number_called(snapshots),
            PrintJobsDue.name: on_print_jobs_due,
            HousekeepingDue.name: on_housekeeping_due,
        },
        NOTIFICATIONS: {
            OrderPaid.name: tells_that_it_is_paid(responses, asking),
            BookingReminderDue.name: reminds_of_a_booking(responses, snapshots),
            BookingConfirmed.name: tells_that_the_booking_stands(responses, snapshots, asking),
            BookingRequested.name: asks_for_a_yes(responses, snapshots),
            BookingChanged.name: tells_that_the_house_changed_it(responses, snapshots),
            BookingHeld.name: tells_that_the_deposit_is_waited_for(responses, snapshots),
            BookingCancelled.name: tells_that_the_booking_is_off(responses, snapshots),
            BookingMissed.name: tells_that_nobody_came(responses, snapshots),
            DepositReturned.name: tells_that_the_deposit_goes_back(responses, snapshots),
            ExperienceBooked.name: tells_that_the_places_stand(responses, snapshots, asking),
            ExperienceCancelled.name: tells_that_the_places_are_gone(responses, snapshots),
            ExperienceCalledOff.name: tells_that_it_is_called_off(responses, snapshots),
            ExperienceOffered.name: offers_the_places(responses, snapshots),
            ExperienceOfferLapsed.name: tells_that_the_offer_is_over(responses, snapshots),
            ExperienceWaitingEnded.name: tells_that_the_waiting_was_in_vain(responses, snapshots),
            ExperienceReminderDue.name: reminds_of_an_experience(responses, snapshots),
            OrderReady.name: tells_that_it_can_be_fetched(responses, snapshots),
            OrderRefunded.name: tells_that_it_is_refunded(responses),
            RefundSettled.name: tells_that_a_late_refund_came(responses),
            InvoiceIssued.name: tells_that_the_invoice_is_there(responses, snapshots),
            LevelChanged.name: tells_of_the_new_level(responses, snapshots),
            BirthdayDessertGiven.name: tells_of_the_birthday_dessert(responses, snapshots),
            CouponExpiring.name: tells_that_a_coupon_expires(responses, snapshots),
            PointsExpiring.name: tells_that_points_expire(responses, snapshots),
            CallTaken.name: tells_that_somebody_comes(responses),
            CallEscalated.name: tells_that_nobody_comes(responses),
            NumberCalled.name: tells_that_the_table_is_free(responses),
            QueueMoved.name: tells_that_it_comes_near(responses),
            NumberMissed.name: tells_that_the_call_was_missed(responses),
            NumberRequeued.name: tells_that_it_is_back_in_line(responses),
            LateCallMadeGood.name: tells_that_a_late_call_is_made_good(responses),
            PreorderPlaced.name: tells_that_it_is_placed(responses),
            PreorderBrought.name: tells_that_it_waits_at_the_table(responses),
            PreorderDropped.name: tells_that_it_is_dropped(responses, snapshots),
            TalkHandedBack.name: tells_that_the_bot_is_back(responses),
        },
    }
