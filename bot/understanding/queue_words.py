"""What a party says while it waits for a table beside asking how long: that it is on its way, that it is here, the digits of the door.

Closed words, and only when the message says nothing else.
"""

import re
from collections.abc import Sequence

from bot.dialogue.commands import Ask, Command, Nothing
from bot.understanding.booking_words import CHANGE
from bot.understanding.normal_form import normal_form

JOIN, STATUS, LEAVE = "join_queue", "queue_status", "leave_queue"
ON_THE_WAY, HERE, DIGITS, PARTY, DOOR = "queue_on_the_way", "queue_here", "door_digits", "party_changed", "scan_door"
LATE = "party_late"
DOOR_CODE = "door_code"
TAKE, PLACE, DISTANCE = "take_number", "queue_place", "distance"
_MOST_READ = 20  # characters
_SIGNS = re.compile(r"[\W_]+")
_WE = "(?:好的?|嗯|我们?|咱们?|已经|都|现在|刚刚?|就)*"
_ON_THE_WAY = re.compile(
    f"{_WE}(?:正?在路上|(?:马上|立刻|这就|快|就|正)+(?:到|来|过来|过去|赶过来|往[这那]边?走)|正?(?:在)?往回(?:走|赶)|来了来了|往店里走)(?:了|啦|的|呢|哈|啊)*"
)
_HERE = re.compile(f"{_WE}(?:到|来|回来)(?:了|啦)?(?:店里|店|门口|前台|店门口|你们门口)?(?:了|啦|哈|啊)*(?P<code>[0-9]{{4}})?")
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
