"""What a party says while it waits for a table beside asking how long: that it is on its way, that it is here, the digits of the door.

Closed words, and only when the message says nothing else.
"""

import re
from collections.abc import Sequence
from typing import Any

from bot.dialogue.commands import Ask, Command, Nothing
from bot.understanding.booking_words import CHANGE
from bot.understanding.normal_form import normal_form
from bot.understanding.phrases import read_number

JOIN, STATUS, LEAVE = "join_queue", "queue_status", "leave_queue"
ON_THE_WAY, HERE, DIGITS, PARTY, DOOR = "queue_on_the_way", "queue_here", "door_digits", "party_changed", "scan_door"
LATE = "party_late"
DOOR_CODE = "door_code"
TAKE, PLACE, DISTANCE = "take_number", "queue_place", "distance"
AMONG = "among_stores"  # the stores that the words fit: 「成都店」
_MOST_READ = 20  # characters
_SIGNS = re.compile(r"[\W_]+")
_WE = "(?:好的?|好嘞|收到|知道了|行|ok|嗯|我们?|咱们?|已经|都|现在|刚刚?|就)*"
_ON_THE_WAY = re.compile(
    f"{_WE}(?:正?在路上|(?:马上|立刻|这就|快|就|正)+(?:到|来|过来|过去|赶过来|往[这那]边?走)|正?(?:在)?往回(?:走|赶)|来了来了|往店里走)(?:了|啦|的|呢|哈|啊)*"
    f"|{_WE}(?:还有|再有|再|大概|差不多|等|要)*(?:[0-9一二两三四五六七八九十几]{{1,3}})分钟(?:左右|后|之后|内|以内)*(?:就|能|马上|可以)*(?:到|来|过来)(?:了|啦|的|哈|啊)*"
    "|(?:好的?|好嘞|收到|知道了|行|ok|嗯|等(?:哈|下|一下|会儿?|等)?我?们?|别急|莫急|稍等)*(?:马上|这就|立马|即刻|就)(?:就)?(?:到|来|过来|过去)?(?:了|啦|哈|啊|来)*"
)
_HERE = re.compile(f"{_WE}(?:到|来|回来)(?:了|啦)?(?:店里|店|门口|前台|店门口|你们门口)?(?:了|啦|哈|啊)*(?P<code>[0-9]{{4}})?")
_COUNT_BEHIND = re.compile(  # 「观音桥店排队 4」, 「queue for 2」
    r"(?:(?:队|号|位|桌|店|queue|line)\s*|\bfor\s+)(?P<n>[1-9][0-9]?|[一二两三四五六七八九十])(?:\s*$|(?<=[0-9])\s+(?=[^\x00-\x7f]))",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\s*([0-9０-９]{4})\s*")
_ARRIVED = re.compile("[到回]|来了$")


def queue_said(text: str) -> tuple[Command, ...]:
    """「我在路上」, 「我到了」, 「我到了 4821」; nothing when a message says anything else."""
    if len(text) > _MOST_READ or "?" in text or "？" in text:
        return ()
    said = _SIGNS.sub("", normal_form(text).text)
    if _ON_THE_WAY.fullmatch(said):
        return (Ask(ON_THE_WAY),)
    here = _HERE.fullmatch(said)
    if here is None or not _ARRIVED.search(said):
        return ()
    return (Ask(HERE, {DOOR_CODE: here["code"]} if here["code"] else {}),)


def join_args(text: str, args: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `join_queue` with how many come, where a number alone says so behind the wish: 「观音桥店排队 4」."""
    behind = _COUNT_BEHIND.search(normal_form(text).text)
    n = read_number(behind["n"]) if behind is not None and "people" not in args else None
    return args | {"people": {"n": n, "kids": 0, "approx": False, "delta": False}} if n else args


def of_the_queue(text: str, commands: Sequence[Command]) -> tuple[Command, ...]:
    """Commands that may be about a number as well: whoever has one knows, and passes on what is not about it.

    「改成6个人」 may change a booking or a party that waits, 「晚到10分钟」 be of a booking or of who was called; four digits that
    say nothing else may be those of the door.
    """
    digits = _DIGITS.fullmatch(text)
    if digits is not None and tuple(commands) == (Nothing(),):
        return (Ask(DIGITS, {DOOR_CODE: normal_form(digits[1]).text}),)
    return tuple(_of_the_number(one) for one in commands)


def _of_the_number(command: Command) -> Command:
    if not isinstance(command, Ask) or command.intent != CHANGE:
        return command
    if command.args.keys() == {"people"}:
        return Ask(PARTY, command.args)
    later = command.args.keys() == {"time"} and (command.args["time"].get("delta_minutes") or 0) > 0
    return Ask(LATE, command.args) if later else command
