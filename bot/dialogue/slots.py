"""Which slot a value goes to, what becomes of the value that stood there, and how a value is read back. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.dialogue.flows import Flow, Flows, Slot
from bot.dialogue.state import Frame
from domain.kernel.money import short_yuan
from domain.kernel.said import day_said

TIME = "time"
PEOPLE = "people"
SESSION_DAY = "session_day"
MORE_YEARS = "more_years"
_COUNTS = frozenset({"adults", "children"})
_WEEKDAYS = "一二三四五六日"
_COUPONS_USED = {"none": "不用券", "all": "券都用上", "auto": "自动选券", "other": "换一张券"}
_POINTS_USED = {"none": "不用积分", "all": "积分都用上", "auto": "自动抵扣", "half": "用一半积分"}
_PARTS = {"morning": "上午", "noon": "中午", "afternoon": "下午", "evening": "晚上", "night": "夜里"}


def place_for(said: str, stack: Sequence[Frame], flows: Flows) -> tuple[int, Slot] | None:
    """The frame and slot that a value goes to: the open question if it takes such a value, else the topmost frame that declares it.

    Args:
        said: A slot's name, or a kind of value.

    Returns:
        The frame's place in the stack and the slot, or None when nobody wants the value.
    """
    if stack and stack[-1].asked is not None:
        asked = flows[stack[-1].flow].slot_for(stack[-1].asked)
        if asked is not None and said in {asked.name, asked.takes}:
            return len(stack) - 1, asked
    for depth in range(len(stack) - 1, -1, -1):
        slot = flows[stack[depth].flow].slot_for(said)
        if slot is not None:
            return depth, slot
    return None


def open_slots(stack: Sequence[Frame], flows: Flows) -> tuple[str | None, frozenset[str]]:
    """What kind of value the open question takes, and what kinds any open flow takes."""
    known = [frame for frame in stack if frame.flow in flows]
    wanted = frozenset(slot.takes for frame in known for slot in flows[frame.flow].slots)
    asked = flows[known[-1].flow].slot_for(known[-1].asked) if known and known[-1].asked else None
    return (asked.takes if asked else None), wanted


def next_question(flow: Flow, slots: Mapping[str, Any]) -> Slot | None:
    """The first empty required slot."""
    return next((slot for slot in flow.slots if slot.name not in slots and slot.required(slots)), None)


def corrected(takes: str, old: Any, new: Any) -> Any:
    """What stands after a correction: 推迟半小时 and 再加两个人 change what was said, 改成八点 keeps the day, 改到明天 keeps the hour."""
    if takes in _COUNTS:
        return _counted(old, new)
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return new
    if takes == MORE_YEARS:
        return {"years": [*old["years"], *new["years"]], "all": False}
    if takes == SESSION_DAY:
        return _corrected_day(old, new)
    if takes == TIME:
        return _corrected_time(old, new)
    if takes == PEOPLE and new.get("delta"):
        return {**old, "n": max(1, old["n"] + new["n"]), "kids": max(0, old["kids"] + new.get("kids", 0))}
    return new


def _counted(old: Any, new: Any) -> Any:
    """How many after 再加一个 (`by`): from what was said, or a change still to be made where nothing was."""
    if not isinstance(new, Mapping) or old is None:
        return new
    return {"by": old["by"] + new["by"]} if isinstance(old, Mapping) else max(0, old + new["by"])


def _corrected_day(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """Another hour keeps the days, other days keep the hour."""
    days, clock = (new if new["days"] or new["month"] else old), (new if new["time"] or new["part"] else old)
    return {"days": days["days"], "month": days["month"], "time": clock["time"], "part": clock["part"]}


def _corrected_time(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    moved = new.get("delta_minutes")
    if moved is not None:
        if not (old.get("date") and old.get("time")):
            return old
        at = datetime.combine(date.fromisoformat(old["date"]), time.fromisoformat(old["time"])) + timedelta(minutes=moved)
        return {**old, "date": at.date().isoformat(), "time": f"{at:%H:%M}", "alternatives": []}
    if new.get("grain") == "week" and new.get("date") and old.get("date") and old.get("grain") != "week":
        new = _same_weekday(old, new)
    if new.get("time") is None and new.get("part") is None and old.get("time"):
        return {**new, "time": old["time"], "part": old.get("part"), "grain": old.get("grain"), "alternatives": []}
    if not new.get("dated", True) and old.get("date"):
        return {**new, "date": old["date"], "alternatives": []}
    return new


def _same_weekday(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """「下周的」 of a day that was said: the same weekday of that week."""
    week, weekday = date.fromisoformat(new["date"]), date.fromisoformat(old["date"]).weekday()
    day = week + timedelta(days=weekday - week.weekday())
    return {**new, "date": day.isoformat(), "grain": "day", "alternatives": []}


def spoken(takes: str, value: Any) -> str:
    """A value as it is read back: 11月28日周六 19:00, 8人（2个孩子）, 5月12日.

    Raises: KeyError: A kind of value with parts that nobody taught to speak: a diner must never read its parts.
    """
    return SPOKEN[takes](value) if isinstance(value, Mapping) else "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _spoken_people(value: Mapping[str, Any]) -> str:
    kids = f"（含{value['kids']}个孩子）" if value.get("kids") else ""
    return f"{value['n']}人{'左右' if value.get('approx') else ''}{kids}"


def _spoken_birthday(value: Mapping[str, Any]) -> str:
    month, day = value.get("month"), value.get("day")
    return f"{'农历' if value.get('lunar') else ''}{f'{month}月' if month else ''}{f'{day}日' if day else ''}"


def _spoken_name(value: Mapping[str, Any]) -> str:
    """Of a dish or a store by its name, or by those it may be."""
    return str(value["name"]) if value.get("name") else "、".join(map(str, value.get("choices", ())))


def _spoken_change(value: Mapping[str, Any]) -> str:
    return f"{'多' if value['by'] > 0 else '少'}{abs(value['by'])}位"


def _spoken_years(value: Mapping[str, Any]) -> str:
    return "、".join(f"{years}岁" for years in value["years"])


def _spoken_days(value: Mapping[str, Any]) -> str:
    days = [_spoken_time({"date": day}) for day in value["days"] or ()]
    month = f"{int(value['month'][5:])}月" if value["month"] else ""
    return " ".join(filter(None, (month, "、".join(days), value["time"] or _PARTS.get(value["part"] or "", ""))))


def _spoken_coupons(value: Mapping[str, Any]) -> str:
    use = value.get("use")
    names = "、".join(f"“{name}”" for name in use) if isinstance(use, list) else _COUPONS_USED.get(str(use), "")
    banned = "、".join(f"“{name}”" for name in value.get("ban", ()))
    return "，".join(part for part in (names, f"不用{banned}" if banned else "") if part)


def _spoken_points(value: Mapping[str, Any]) -> str:
    if "fen" in value:
        return f"抵{short_yuan(value['fen'])}元"
    return _POINTS_USED.get(str(value.get("use")), f"{value.get('use')}积分")


def _spoken_time(value: Mapping[str, Any]) -> str:
    day = date.fromisoformat(value["date"]) if value.get("date") else None
    words = [f"{day_said(day)}周{_WEEKDAYS[day.weekday()]}"] if day else []
    if value.get("time"):
        words.append(value["time"])
    elif value.get("part"):
        words.append(_PARTS[value["part"]])
    return " ".join(words) + ("左右" if value.get("approx") else "")


SPOKEN: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    TIME: _spoken_time,
    PEOPLE: _spoken_people,
    "birthday": _spoken_birthday,
    "dish": _spoken_name,
    "store": _spoken_name,
    "event": _spoken_name,
    "session": _spoken_name,
    SESSION_DAY: _spoken_days,
    **dict.fromkeys(_COUNTS, _spoken_change),
    **dict.fromkeys(("age", "years", MORE_YEARS), _spoken_years),
    "coupon_wish": _spoken_coupons,
    "points_wish": _spoken_points,
}
"""How the values that have parts are spoken, by their kind."""
