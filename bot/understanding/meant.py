"""From commands back to the intent they amount to: for the ranking, for evaluation and for eyes."""

from collections.abc import Iterable, Mapping

from bot.dialogue.commands import Affirm, Ask, Cancel, Command, Deny, Handoff, Line, LineOp, Resume, SetSlot, Start, Undo
from bot.understanding.booking_words import CANCEL, CHANGE, GONE
from bot.understanding.finer_intents import BROAD
from bot.understanding.order_lines import SOLD_BY_UNIT
from bot.understanding.paying import ASK_REFUND
from bot.understanding.queue_words import LATE
from bot.understanding.remarks import AVOIDS, WAITS

_NAMES: Mapping[type[Command], str] = {
    Affirm: "affirm",
    Deny: "deny",
    Cancel: "cancel_flow",
    Undo: "undo",
    Resume: "resume_flow",
    Handoff: "talk_to_human",
}
_CALLED = {
    "clear_cart": "change_order",
    "keep_only": "change_order",
    "smile": "out_of_scope",
    WAITS: "deny",
    AVOIDS: "ask_dish",
    SOLD_BY_UNIT: "order_dishes",
    ASK_REFUND: "out_of_scope",
    GONE: CANCEL,
    LATE: CHANGE,
    **BROAD,
}  # flows of ours that are no intents of CONVERSATION §3


def intent_of(commands: Iterable[Command]) -> str | None:
    """The intent of CONVERSATION §3 that commands amount to: the first that says one; None for a bare answer to a question."""
    lines = [command for command in commands if isinstance(command, Line)]
    for command in commands:
        match command:
            case Line():
                return "order_dishes" if all(line.op is LineOp.ADD for line in lines) else "change_order"
            case Ask(intent):
                return _CALLED.get(intent, intent)
            case Start(flow):
                return _CALLED.get(flow, flow)
            case SetSlot():
                continue
            case _ if type(command) in _NAMES:
                return _NAMES[type(command)]
    return None
