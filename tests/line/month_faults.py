"""What must never have happened in a month, found by comparing the phones with the records. It has its own numbers, not the program's."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.messages.models import Message
from haowei.simulators.wechat import ChatItem
from tests.line.month import Month

_BRAND = ZoneInfo("Asia/Shanghai")
_STORES = {"dongmen": _BRAND, "manhadun": ZoneInfo("America/New_York")}
_QUIET = {"booking", "reminder", "marketing"}
_TWICE = {"safety", "call", "payment", "reply"}  # may be said once more when nobody knows whether they came
_DAY_BEGINS, _DAY_ENDS = 9 * 60, 21 * 60 + 30
_QUOTA = {45009, 45011, 45015, 45028, 45047, 43101, 43004, 40003}
_PROMOTION = ("上新尝鲜", "券", "优惠", "立减")
_REASONED = {"suppressed", "expired", "failed", "unknown"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message of ours on a phone."""

    item: ChatItem
    diner_id: str
    of: tuple[Message, ...]  # whichever of them it may be: mostly one, two of the same words at the most


def arrivals_of(month: Month) -> list[Arrival]:
    """Everything that the account sent on its own, with the messages that it may be."""
    by_diner: defaultdict[str, list[Message]] = defaultdict(list)
    for record in month.records:
        by_diner[record.diner_id].append(record)
    found = []
    for openid, diner in month.restaurant.platform.diners.items():
        diner_id = month.ids[openid]
        for item in diner.chat:
            if item.channel:
                may_be = [record for record in by_diner[diner_id] if _is(record, item, month.words.get(record.id))]
                exact = [record for record in may_be if record.departed_at == item.at]  # the clock stood still while it was sent
                found.append(Arrival(item, diner_id, tuple(exact or may_be)))
    return found


def faults_of(month: Month, shown: Sequence[Mapping[str, Any]]) -> list[str]:
    """Everything that must never happen and did.

    Args:
        shown: What `haowei show messages --json` lists.
    """
    arrivals = arrivals_of(month)
    faults = [f"{code} ×{count}" for code, count in month.restaurant.platform.refusals.items() if code in _QUOTA]
    faults += [f"nobody asked for: {arrival.item.words!r}" for arrival in arrivals if not arrival.of]
    faults += [fault for arrival in arrivals for fault in _faults_of_one(arrival)]
    faults += _doubled(arrivals)
    faults += _not_settled(month, arrivals)
    faults += _forgotten_reminders(month)
    faults += _not_listed(month, shown)
    faults += [f"{month.given_up} deliveries were given up"] * bool(month.given_up)
    return faults


def lost(month: Month) -> list[Message]:
    """Messages that were handed over and came to no phone."""
    came = Counter(id(record) for arrival in arrivals_of(month) for record in arrival.of)
    return [record for record in month.records if record.state in {"unknown", "sent", "sending"} and not came[id(record)]]


def _is(record: Message, item: ChatItem, content: Mapping[str, Any] | None) -> bool:
    if content is None or record.requested_at > item.at:
        return False
    if record.channel != item.channel and record.sends < 2:  # what is said once more may go another way, and only that one is kept
        return False
    if item.channel == "customer":
        text = content["reply"]["text"]
        return bool(text) and text.strip() in item.words
    values = content.get("template", {}).get("fields", {})
    return bool(values) and all(str(value)[:10] in item.words for name, value in values.items() if name != "note")


def _faults_of_one(arrival: Arrival) -> list[str]:
    item, faults = arrival.item, []
    for record in arrival.of:
        local = item.at.astimezone(ZoneInfo(record.zone) if record.zone else _BRAND)
        if record.purpose in _QUIET and not _DAY_BEGINS <= local.hour * 60 + local.minute < _DAY_ENDS:
            faults.append(f"{record.key} ({record.purpose}) came at {local:%H:%M}")
        if record.purpose == "marketing" and item.channel != "customer":
            faults.append(f"{record.key} is marketing, and came by {item.channel}")
    if arrival.of and all(item.at >= record.expires_at for record in arrival.of):
        faults.append(f"{[record.key for record in arrival.of]} came too late")
    if item.channel != "customer" and any(word in item.words for word in _PROMOTION):
        faults.append(f"a {item.channel} says {item.words!r}")
    return faults


def _doubled(arrivals: list[Arrival]) -> list[str]:
    """What came more often than it was asked for, and than it may be said."""
    groups: list[tuple[set[str], int]] = []
    for arrival in arrivals:
        ids, count = {record.id for record in arrival.of}, 1
        for other in [group for group in groups if group[0] & ids]:  # those that cannot be told apart are counted together
            groups.remove(other)
            ids, count = ids | other[0], count + other[1]
        groups.append((ids, count))
    records = {record.id: record for arrival in arrivals for record in arrival.of}
    faults = []
    for ids, count in groups:
        most = min(sum(1 + (records[one].purpose in _TWICE) for one in ids), sum(records[one].sends for one in ids))
        if ids and count > most:
            faults.append(f"{[records[one].key for one in ids]} came {count} times and not {most}")
    return faults


def _not_settled(month: Month, arrivals: list[Arrival]) -> list[str]:
    came = {record.id for arrival in arrivals for record in arrival.of}
    faults = [
        f"{record.key} is still {record.state}"
        for record in month.records
        if record.state in {"queued", "sending"} and record.expires_at < month.clock.now()
    ]
    faults += [
        f"{record.key} is {record.state} without a reason" for record in month.records if record.state in _REASONED and not record.reason
    ]
    faults += [
        f"{record.key} is sent ({record.channel}, {record.sends}× until {record.departed_at}), and never came"
        for record in month.records
        if record.state == "sent" and record.id not in came
    ]
    faults += [
        f"{record.key} is {record.state}, and came"
        for record in month.records
        if record.state in {"suppressed", "expired"} and record.sends == 0 and record.id in came and record.channel is not None
    ]
    return faults


def _forgotten_reminders(month: Month) -> list[str]:
    """Bookings that stand as they were made must have had their reminders asked for, or dropped with a reason."""
    keys = {record.key for record in month.records}
    faults = []
    for booking in month.bookings:
        if booking.state in {"held", "requested", "expired", "cancelled"} or booking.version != 1 or booking.diner_id is None:
            continue
        for kind, before in (("24h", timedelta(hours=24)), ("3h", timedelta(hours=3))):
            due = booking.starts_at - before
            was_there = booking.booked_at < due - timedelta(minutes=30) and (booking.settled_at is None or due < booking.settled_at)
            if was_there and due < month.clock.now() and f"booking:{kind}:{booking.id}:1" not in keys:
                faults.append(f"{booking.number} of {booking.store_id}: nobody thought of {kind}")
    return faults


def _not_listed(month: Month, shown: Sequence[Mapping[str, Any]]) -> list[str]:
    listed = {row["id"]: row for row in shown}
    faults = []
    for record in month.records:
        row = listed.get(record.id)
        if row is None or row["state"] != record.state:
            faults.append(f"{record.key} is not listed")
        elif record.state in _REASONED and not (row["reason"] and ":" in row["in_words"]):
            faults.append(f"{record.key} is listed without a reason: {row}")
    return faults
