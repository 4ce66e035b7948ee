"""What whoever stands at the till reads when a booking is refused."""

from collections.abc import Mapping

from console.api.refusals import Refusal, Refusals
from console.bookings.shapes import OfferShown, OffersShown
from domain.bookings.errors import (
    AlreadyBookedError,
    BadPartyError,
    BookingOverError,
    BookingsClosedError,
    CannotExtendError,
    ChangeNeedsDepositError,
    FullError,
    NoRoomError,
    NoSuchTableError,
    NothingToReviewError,
    NotLateYetError,
    NotTodayError,
    OutsideHoursError,
    PartyTooLargeError,
    StaleBookingError,
    TablesTakenError,
    TooFarError,
    TooFewSeatsError,
    TooSoonError,
    UnknownBookingError,
)
from domain.bookings.rules import BookingState
from domain.shop.store import Store

STATES: Mapping[str, str] = {
    BookingState.REQUESTED: "等门店答复",
    BookingState.HELD: "等付订金",
    BookingState.CONFIRMED: "已订好",
    BookingState.SEATED: "已入座",
    BookingState.DONE: "已离店",
    BookingState.CANCELLED: "已取消",
    BookingState.NO_SHOW: "没来",
    BookingState.EXPIRED: "没付订金，已失效",
}
_STATE = {"state": STATES}


def _offers(refused: FullError | OutsideHoursError, store: Store) -> OffersShown:
    return OffersShown(offers=[OfferShown.of(offer, store) for offer in refused.offers])


REFUSALS: Refusals = {
    UnknownBookingError: Refusal(404, "没有这个订位", "本店没有这个订位。"),
    BookingsClosedError: Refusal(409, "不接受订位", "{store}现在不接受订位。"),
    BadPartyError: Refusal(422, "人数不对", "人数至少 1 位，孩子不能比总人数多。"),
    PartyTooLargeError: Refusal(409, "坐不下", "{store}最多能坐 {most} 位，这里是 {people} 位。"),
    NoRoomError: Refusal(409, "没有合适的包间", "{store}没有这个包间，或坐不下 {people} 位（最大的 {most} 座）。"),
    TooSoonError: Refusal(409, "时间太近", "要至少提前 {minutes} 分钟，最早 {earliest}。"),
    TooFarError: Refusal(409, "时间太远", "只能提前 {days} 天订，最晚 {last}。"),
    OutsideHoursError: Refusal(409, "不在营业时间", "{store} {time} 不接待，可以选：{offers}。", carries=_offers, members=OffersShown),
    FullError: Refusal(409, "订满了", "{store} {time} 坐不下 {people} 位，可以选：{offers}。", carries=_offers, members=OffersShown),
    AlreadyBookedError: Refusal(409, "已经订过了", "这位客人已有订位 {number}：{time}。"),
    StaleBookingError: Refusal(409, "订位变过了", "{number} 已被别人改过，请重新读取后再改。"),
    BookingOverError: Refusal(409, "这一步做不了", "{number} 现在是：{state}。", words=_STATE),
    ChangeNeedsDepositError: Refusal(409, "改了要付订金", "{number} 这样改要付订金 {deposit} 元，订位没有改动；请客人重新订。"),
    CannotExtendError: Refusal(409, "不能再延长", "{number} 最晚坐到 {until}。"),
    NotTodayError: Refusal(409, "不是今天的订位", "{number} 订的是 {day}。"),
    NotLateYetError: Refusal(409, "还在留位时间内", "{number} 的桌子留到 {until}。"),
    NothingToReviewError: Refusal(409, "不用答复了", "{number} 现在是：{state}。", words=_STATE),
    NoSuchTableError: Refusal(409, "没有这张桌子", "{store}没有桌子：{tables}。"),
    TooFewSeatsError: Refusal(409, "座位不够", "{tables} 只有 {seats} 座，{number} 有 {people} 位；一定要用请带 force。"),
    TablesTakenError: Refusal(409, "桌子有人订了", "{tables} 那段时间已有：{others}。"),
}
