"""Words under a read-back (「确认下单吗？」): what is its yes, what is not yet.

`confirming` is the flow that was read back and waits for its yes, or None: then nothing here applies.
"""

import re

from bot.dialogue.commands import Affirm, Ask, Command, Deny
from bot.understanding.booking_words import BOOK, CANCEL, CHANGE
from bot.understanding.engine import Understanding
from bot.understanding.normal_form import normal_form
from bot.understanding.remarks import WAITS

_YES = "affirm"
_SHORT = 16  # characters
_NO_DOUBT = re.compile("没问题|没错|没毛病|没事|不错|不用改|不变")
_NAMES_IT = re.compile("确认|确定|同意|[下落]单|提交")
_PUT_RIGHT = frozenset({BOOK, CHANGE})
_WRONG = re.compile("(?:哎呀?|哦|啊|呃)*(?:不对|[说写搞弄记]?错了?|不是这样的?)+(?:[啊呀哦的了吧])*")
_KEEPS = re.compile(
    "(?:那|算了|还是|就|先|我们?|不|别|要|帮我|给我)*(?:留着|保留|留下|不取消|别取消|[去来]的?)(?:[吧了啊呀哦的]|这个位置?|位置?)*"
)
_DOUBTS = re.compile("[不别没谁吗么？?]|先|待会|等会|等下|晚点|一会|回头|再说|怎么|之前|以后|之后")
_NOT_YET = re.compile(
    "[那就我们咱哎啊嗯呃]*(?:先|还|暂时|现在)*(?:不|别|不要|不用|没|没有|还没|待会儿?|等会儿?|等下|晚点|晚些|一会儿?|回头)(?:再|要|急着?|想)*"
    "(?:下单|提交|落单|点完|点好|选好|选完|想好|好|确认|确定)(?:[了吧呢啊呀哈]|再说|先不下单|不要下单|别下单)*"
)


def refused_for_now(text: str, confirming: str | None) -> tuple[Command, ...]:
    """「先不下单」, 「还没点完呢」, 「待会再下单」 under a read-back say no to it."""
    if confirming is None:
        return ()
    if confirming in _PUT_RIGHT and _WRONG.fullmatch("".join(filter(str.isalnum, normal_form(text).text))):
        return (Ask(WAITS),)  # what is wrong comes next: the booking stays open for it
    if confirming == CANCEL and _KEEPS.fullmatch("".join(filter(str.isalnum, normal_form(text).text))):
        return (Deny(),)
    words = "".join(filter(str.isalnum, normal_form(text).text))
    return (Deny(),) if len(words) <= _SHORT and _NOT_YET.fullmatch(words) else ()


def confirmed(text: str, commands: tuple[Command, ...], confirming: str | None) -> tuple[Command, ...]:
    """「就这样」 or 「下单」 under 「确认下单吗？」 is its yes; no word of doubt may stand beside it."""
    if len(commands) == 1 and commands[0] == Ask(confirming or "") and not _DOUBTS.search(_NO_DOUBT.sub("", text)):
        return (Affirm(named=True),)
    return named_yes(text, commands, confirming)


def named_yes(text: str, commands: tuple[Command, ...], confirming: str | None) -> tuple[Command, ...]:
    """A yes that says to what is meant for the read-back, whatever was said since."""
    if confirming is None or Affirm() not in commands or not _NAMES_IT.search(text):
        return commands
    return tuple(Affirm(named=True) if command == Affirm() else command for command in commands)


def expecting_yes(understood: Understanding, confirming: str | None) -> Understanding:
    """The ranking where a yes is waited for: asking again for what was read back is one."""
    sure = dict(understood.intents)
    yes = min(1.0, sure.get(_YES, 0.0) + sure.get(confirming or "", 0.0))
    if confirming is None or yes == sure.get(_YES, 0.0) or _DOUBTS.search(_NO_DOUBT.sub("", understood.text)):
        return understood
    others = [(name, share) for name, share in understood.intents if name not in {_YES, confirming}]
    ranked = sorted([*others, (_YES, yes)], key=lambda item: -item[1])
    return Understanding(understood.text, tuple(ranked), understood.entities)
