"""What whoever stands at the door's till reads when a number cannot be moved."""

from collections.abc import Mapping

from console.api.refusals import Refusal, Refusals
from domain.waitlist.errors import (
    BookedTableTakenError,
    NobodyWaitsError,
    NumberMovedError,
    PartySizeError,
    QueueClosedError,
    RequeueTooLateError,
    TableBookedError,
    TableHeldError,
    UnknownNumberError,
)
from domain.waitlist.rules import TicketState

STATES: Mapping[str, str] = {
    TicketState.WAITING: "在排队",
    TicketState.REQUEUED: "重新排着",
    TicketState.CALLED: "已叫号",
    TicketState.ON_THE_WAY: "在路上",
    TicketState.ARRIVED: "已到门口",
    TicketState.SEATED: "已入座",
    TicketState.MISSED: "已过号",
    TicketState.LEFT: "已退号",
    TicketState.VOID: "已作废",
}

REFUSALS: Refusals = {
    QueueClosedError: Refusal(409, "现在不取号", "{store}现在没有营业，不取号。"),
    PartySizeError: Refusal(409, "坐不下", "{store}最大的桌子坐 {most} 位。"),
    UnknownNumberError: Refusal(404, "没有这个号", "本店没有这个号。"),
    NumberMovedError: Refusal(409, "这一步做不了", "{number} 现在是：{state}。", words={"state": STATES}),
    NobodyWaitsError: Refusal(409, "没有人在等", "没有适合 {table} 的客人在等。"),
    TableHeldError: Refusal(409, "桌子有人", "{table} 已叫给 {number}，或客人还坐着。"),
    TableBookedError: Refusal(409, "桌子有人订了", "{table} {at} 有人订了，现在坐下来不及。"),
    BookedTableTakenError: Refusal(409, "桌子有别的客人", "{table} 现在是{who}的，{number} 不能坐；空着又坐得下的：{others}。"),
    RequeueTooLateError: Refusal(409, "过号太久", "{number} 过号超过 {minutes} 分钟，请重新取号。"),
}
