"""Who hears what. The one page: an event and its consumers; what they do is in `handlers`."""

from collections.abc import Mapping

from bot.events import TalkHandedBack, TurnLate
from domain.bookings.events import (
    BookingCancelled,
    BookingChanged,
    BookingConfirmed,
    BookingHeld,
    BookingMissed,
    BookingReminderDue,
    BookingRequested,
    BookingSeated,
    DepositReturned,
)
from domain.checkout.events import OrderRefunded
from domain.coupons.events import CouponExpiring
from domain.experiences.events import (
    ExperienceBooked,
    ExperienceCalledOff,
    ExperienceCancelled,
    ExperienceChanged,
    ExperienceCheckedIn,
    ExperienceClosingDue,
    ExperienceDecisionDue,
    ExperienceHeld,
    ExperienceListDue,
    ExperienceOfferDue,
    ExperienceOffered,
    ExperienceOfferLapsed,
    ExperienceReminderDue,
    ExperienceWaitingEnded,
    ExperienceWaitingJoined,
)
from domain.grants.events import BirthdayDessertGiven, LateCallMadeGood
from domain.invoices.events import InvoiceIssued, InvoiceRequested
from domain.members.events import ConsentWithdrawn, LevelChanged, MemberJoined, MemberLeft, MembersMerged
from domain.messages.events import MessageRequested, TemplateReportHeld
from domain.messaging.housekeeping import HousekeepingDue, NightWorkDue
from domain.orders.events import OrderCloseDue, OrderFired, OrderPaid, OrderReady, OrderReleased, OrderRushed, OrderVoided
from domain.payments.events import BillLapseDue, PaymentPaid, RefundRequested, RefundSettled
from domain.points.events import PointsExpiring
from domain.preorders.events import PreorderBrought, PreorderDropped, PreorderPlaced
from domain.service_calls.events import CallEscalated, CallMade, CallNudged, CallTaken, CallUntakenDue, CallWithdrawn
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
from printing.jobs.events import PrintJobConfirmed, PrintJobFailed, PrintJobsDue, PrintJobUncertain

REACTIONS = "reactions"  # whenever X, then Y
PRINTING = "printing"  # tickets
NOTIFICATIONS = "notifications"  # what the diner is told
TURNS = "turns"  # effect: late turns
MESSAGES = "messages"  # effect: sends messages to diners
REFUNDS = "refunds"  # effect: has the provider give money back

ROUTES: Mapping[str, tuple[str, ...]] = {
    PaymentPaid.name: (REACTIONS,),
    BillLapseDue.name: (REACTIONS,),
    RefundRequested.name: (REFUNDS,),
    RefundSettled.name: (NOTIFICATIONS,),
    OrderReleased.name: (PRINTING,),
    OrderVoided.name: (PRINTING,),
    OrderFired.name: (PRINTING,),
    OrderRushed.name: (PRINTING,),
    OrderPaid.name: (REACTIONS, PRINTING, NOTIFICATIONS),
    OrderRefunded.name: (REACTIONS, NOTIFICATIONS),
    OrderCloseDue.name: (REACTIONS,),
    OrderReady.name: (NOTIFICATIONS,),
    TableMoved.name: (PRINTING,),
    PartyLeft.name: (REACTIONS,),
    PrintJobConfirmed.name: (REACTIONS,),
    PrintJobUncertain.name: (),  # shown by `haowei show print-jobs` and counted; staff chat comes with staff
    PrintJobFailed.name: (),
    PrintJobsDue.name: (PRINTING,),
    MemberJoined.name: (REACTIONS,),
    MemberLeft.name: (REACTIONS,),
    MembersMerged.name: (REACTIONS,),
    LevelChanged.name: (REACTIONS, NOTIFICATIONS),
    BirthdayDessertGiven.name: (NOTIFICATIONS,),
    CouponExpiring.name: (NOTIFICATIONS,),
    PointsExpiring.name: (NOTIFICATIONS,),
    ConsentWithdrawn.name: (),  # nothing is sent under a consent yet: the first feature that queues something listens here
    NumberTaken.name: (PRINTING,),
    NumberCalled.name: (PRINTING, NOTIFICATIONS),
    QueueMoved.name: (NOTIFICATIONS,),
    NumberMissed.name: (NOTIFICATIONS,),
    NumberRequeued.name: (NOTIFICATIONS,),
    PartySeated.name: (REACTIONS,),
    NumberLeft.name: (REACTIONS,),
    PromiseBroken.name: (REACTIONS,),
    LateCallMadeGood.name: (NOTIFICATIONS,),
    PreorderPlaced.name: (NOTIFICATIONS,),
    PreorderBrought.name: (NOTIFICATIONS,),
    PreorderDropped.name: (NOTIFICATIONS,),
    TurnLate.name: (TURNS,),
    TalkHandedBack.name: (NOTIFICATIONS,),
    MessageRequested.name: (MESSAGES,),
    TemplateReportHeld.name: (REACTIONS,),
    InvoiceRequested.name: (),  # a member of staff finds it among the tasks
    InvoiceIssued.name: (NOTIFICATIONS,),
    BookingRequested.name: (PRINTING, NOTIFICATIONS),
    BookingHeld.name: (NOTIFICATIONS,),
    BookingConfirmed.name: (PRINTING, NOTIFICATIONS),
    BookingChanged.name: (PRINTING, NOTIFICATIONS),
    BookingCancelled.name: (PRINTING, NOTIFICATIONS),
    BookingSeated.name: (),
    DepositReturned.name: (NOTIFICATIONS,),
    BookingMissed.name: (NOTIFICATIONS,),
    BookingReminderDue.name: (REACTIONS, NOTIFICATIONS),
    ExperienceHeld.name: (),
    ExperienceBooked.name: (NOTIFICATIONS,),
    ExperienceChanged.name: (),
    ExperienceCancelled.name: (NOTIFICATIONS,),
    ExperienceCalledOff.name: (NOTIFICATIONS,),
    ExperienceCheckedIn.name: (),
    ExperienceWaitingJoined.name: (),
    ExperienceOffered.name: (NOTIFICATIONS,),
    ExperienceOfferLapsed.name: (NOTIFICATIONS,),
    ExperienceWaitingEnded.name: (NOTIFICATIONS,),
    ExperienceReminderDue.name: (REACTIONS, NOTIFICATIONS),
    ExperienceOfferDue.name: (REACTIONS,),
    ExperienceDecisionDue.name: (REACTIONS,),
    ExperienceClosingDue.name: (REACTIONS,),
    ExperienceListDue.name: (PRINTING,),
    CallMade.name: (PRINTING,),
    CallNudged.name: (PRINTING,),
    CallUntakenDue.name: (REACTIONS,),
    CallEscalated.name: (PRINTING, NOTIFICATIONS),
    CallTaken.name: (NOTIFICATIONS,),
    CallWithdrawn.name: (PRINTING,),
    HousekeepingDue.name: (REACTIONS, PRINTING),
    NightWorkDue.name: (REACTIONS,),
}
