"""Does this message leave now, through which channel, or why not? One pure function, and what it must know."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.kernel.quiet_hours import by_day
from domain.messages.rules import PLATFORM_ZONE, TERMS, ChannelKind, Purpose, day_began


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a message and its diner at the moment of the decision.

    Attributes:
        now, expires_at: Aware. From `expires_at` on the message is worth nothing.
        zone: Whose night it must not disturb.
        following: Whether the diner follows the account.
        reachable: False when the platform said so since the diner last did something.
        window_open: Whether a window of customer messages is open, used up or not.
        window_left: Customer messages left in the open windows.
        notice_left: Consents left for this message's kind of notice; None when it has no such form here.
        has_template: Whether it has a form as a template message here.
        takes_templates: False when the diner has blocked template messages.
        mass_left: Mass sends left this calendar month; None where it cannot go out as one.
        full: Channels whose day's quota of the account is used up.
        waiting_above: Messages of a higher priority that wait to leave to the same diner.
        sent_today, sent_this_week: Messages of the same purpose that left to the diner.
    """

    now: datetime
    expires_at: datetime
    zone: ZoneInfo
    following: bool = True
    reachable: bool = True
    window_open: bool = False
    window_left: int = 0
    notice_left: int | None = None
    has_template: bool = False
    takes_templates: bool = True
    mass_left: int | None = None
    full: Collection[ChannelKind] = ()
    waiting_above: int = 0
    sent_today: int = 0
    sent_this_week: int = 0


@dataclass(frozen=True, slots=True)
class Leave:
    """It leaves now."""

    channel: ChannelKind


@dataclass(frozen=True, slots=True)
class Wait:
    """It may leave later. `reason` says what it waits for."""

    until: datetime
    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Suppress:
    """It does not leave. `reason` says why; of several channels, why not through each of them ("no_window+no_consent")."""

    reason: str


Decision = Leave | Wait | Suppress


def decide(purpose: Purpose, facts: Facts) -> Decision:
    """The cheapest channel that the purpose may use and the diner allows.

    Source: RESTAURANT, Messages; the order of the channels: a customer message costs nothing, a consent is given once,
    a template message is what a diner blocks when it comes too often, a mass send is one of four a month.
    """
    terms = TERMS[purpose]
    if not facts.following:
        return Suppress("not_following")
    if not facts.reachable:
        return Suppress("unreachable")
    if terms.quiet:
        morning = by_day(facts.now, facts.zone)
        if morning > facts.now:
            return Wait(morning, "quiet_hours") if morning < facts.expires_at else Suppress("quiet_hours")
    if terms.a_day is not None and facts.sent_today >= terms.a_day:
        return Suppress("cap_day")
    if terms.a_week is not None and facts.sent_this_week >= terms.a_week:
        return Suppress("cap_week")
    reasons: list[str] = []
    for channel in terms.channels:
        reason = _why_not(channel, terms.keeps + facts.waiting_above, facts)
        if reason == "":
            return Leave(channel)
        if reason is not None:
            reasons.append(reason)
    tomorrow = day_began(facts.now, PLATFORM_ZONE) + timedelta(days=1)
    if "day_full" in reasons and tomorrow < facts.expires_at:
        return Wait(tomorrow, "day_full")
    return Suppress("+".join(reasons))


def _why_not(channel: ChannelKind, keeps: int, facts: Facts) -> str | None:
    """Why a message cannot leave through a channel; "" when it can, None when it has no form for it here."""
    formless = {
        ChannelKind.NOTICE: facts.notice_left is None,
        ChannelKind.TEMPLATE: not facts.has_template,
        ChannelKind.MASS: facts.mass_left is None,
    }
    if formless.get(channel, False):
        return None
    if channel is ChannelKind.CUSTOMER and not facts.window_open:
        return "no_window"
    if channel is ChannelKind.CUSTOMER and facts.window_left <= keeps:
        return "window_kept" if facts.window_left else "window_used"
    if channel is ChannelKind.NOTICE and not facts.notice_left:
        return "no_consent"
    if channel is ChannelKind.TEMPLATE and not facts.takes_templates:
        return "templates_refused"
    if channel is ChannelKind.MASS and not facts.mass_left:
        return "month_full"
    return "day_full" if channel in facts.full else ""
