"""What a short message means by what came just before it: 不用了 after a call, 收到 after a number was called, 还是订吧 after a no.

Closed words, and only when the message says nothing else and nothing else waits for an answer.
"""

import re

from bot.dialogue.commands import Ask, Command, Line, SetSlot, Start, command_to_json
from bot.dialogue.flows import Flows
from bot.dialogue.state import Frame, State
from bot.understanding.booking_words import BOOK
from bot.understanding.experience_words import NO, YES
from bot.understanding.normal_form import normal_form

NOT_NEEDED, CALL_HEARD, WAIT_FOR_ME, STILL_WAITS = "not_needed", "call_heard", "wait_for_me", "still_waits"
DEPOSIT_PAID, ORDERED_ELSEWHERE = "deposit_paid", "ordered_elsewhere"
_MOST_READ = 16  # characters
_SIGNS = re.compile(r"[\W_]+")
_NUMBER = "[0-9一二两三四五六七八九十几]{1,3}"
_NOT_NEEDED = re.compile("(?:哦|啊|嗯|那|好了?|谢谢|算了|先|都|现在)*(?:不用|不需要|不必|用不着|不麻烦)(?:了|啦)*(?:谢谢你?|哈|啊|吧)*")
_NEVER_MIND = re.compile("(?:哦|啊|嗯|那|好了?)*(?:算了|不要了|不必了|没事了|取消)(?:吧|哈|啊|谢谢)*")
_HEARD = re.compile(
    "(?:(?:好|好的|好嘞|好滴|行|嗯|嗯嗯|收到|知道|晓得|看到|ok|okay)(?:了|啦|的|哈|啊|呀)*)+(?:谢谢你?|多谢|我们?这就来|我们?马上来|来了)*"
)
_FINISHED = re.compile("[好行][了啦]$")  # 「好了」 ends an order
_WAITS_MINUTES = re.compile(
    f"(?:好的?|收到|麻烦|请|再|稍|稍微|能不能|可以)*等(?:我们?|一?下我们?|一下)?(?:个)?{_NUMBER}分钟(?:左右|就到|马上到|行吗|可以吗|好吗|吧|啊|哈|谢谢)*"
)
_WAITS = re.compile(
    "(?:好的?|收到|麻烦|请|再|稍|稍微)*等(?:一?下|下)?我们?(?:一?会儿?|一?下下?|几分钟)?(?:就到|马上到|马上来|吧|啊|哈|谢谢)*"
)
_STILL = re.compile(
    "(?:点|按|说|发|弄)?错?了?(?:不好意思|不是|等等)*(?:那|我们?|咱们?|算了)*还(?:是)?(?:要|想|得|在)?(?:继续)?(?:排|等位|等)(?:队|号|着|位)?(?:的|啊|呀|呢|吧|了)*"
)
_AFTER_ALL = re.compile(
    "(?:算了|那|嗯|我们?|咱们?|想了想)*还是(?:要|想)?(?P<act>订|预订|下|下单|点|排|取|换|兑|改|开|报|要|来|办)(?:单|位|座|号|桌|名|上|掉|了|吧|啦|一下|的|好了)*"
)
_ANY_ACT = frozenset("要来办")
_SAYS_DEPOSIT = re.compile("订金|定金|押金")
_PAID = re.compile(
    "(?=.*(?:[了吗嘛没么好过完]|到账|收到))"
    "(?:那|我们?|咱们?|刚才?|刚刚|已经|都|的|订金|定金|押金|钱|款)*(?:付|交|支付|转|到账|收到)(?:款|钱|订金|定金|押金|成功|好|过|完)*(?:了|啦)*"
    "(?:吗|嘛|没有?|么|吧|啊|呀|哈|订金|定金|押金)*"
)
_TO_GO = re.compile("打包|带走|外带|自取|自提")
ELSE = "else"  # the intent that a yes or a no is passed on to
_KEPT = (Line, SetSlot, Ask, Start)


def short_reply(text: str, state: State, flows: Flows, *, asked: bool) -> tuple[Command, ...]:
    """What a short message answers to what was said before it; nothing when it says anything else.

    Args:
        state: Where the conversation stands.
        asked: A question is open: then every word is for it.
    """
    waits = asked or state.clarifying or (state.top is not None and state.top.version is not None)
    if waits or len(text) > _MOST_READ:
        return ()
    said = _SIGNS.sub("", normal_form(text).text)
    after_all = _after_all(said, state, flows)
    if after_all is not None:
        return (Start(after_all.flow, dict(after_all.slots)),)
    if _PAID.fullmatch(said) and (state.done == BOOK or _SAYS_DEPOSIT.search(said)):
        return (Ask(DEPOSIT_PAID),)
    if "?" in text or "？" in text:
        return ()
    called = state.choices is not None and "不用了" in state.choices.labels and state.top is None  # a call was the last that was told
    if _NOT_NEEDED.fullmatch(said) or (called and _NEVER_MIND.fullmatch(said)):
        return (Ask(NOT_NEEDED),)
    if _STILL.fullmatch(said) and "排" in said:
        return (Ask(STILL_WAITS),)
    if _WAITS_MINUTES.fullmatch(said) or (state.top is None and _WAITS.fullmatch(said) and "我" in said):
        return (Ask(WAIT_FOR_ME),)
    heard = state.top is None and _HEARD.fullmatch(said) and not _FINISHED.search(said)
    return (Ask(CALL_HEARD),) if heard else ()


def passed_on(commands: tuple[Command, ...], *, experiences: bool) -> tuple[Command, ...]:
    """A yes or a no that is not about a call may be to places in an experience that are offered. Args: experiences: It may be so now."""
    match commands:
        case (Ask(intent),) if experiences and intent in {CALL_HEARD, NOT_NEEDED}:
            return (Ask(intent, {ELSE: YES if intent == CALL_HEARD else NO}),)
    return commands


def ordered_elsewhere(text: str, commands: tuple[Command, ...]) -> tuple[Command, ...]:
    """Dishes that are named with a store, or to take away: whoever waits for a table elsewhere is asked before they become a pre-order."""
    lines = [command for command in commands if isinstance(command, Line)]
    stores = [command.value for command in commands if isinstance(command, SetSlot) and command.slot == "store"]
    to_go = _TO_GO.search(normal_form(text).text) is not None
    if not lines or not (stores or to_go) or not all(isinstance(command, _KEPT) for command in commands):
        return commands
    args = {"commands": [command_to_json(command) for command in commands], "to_go": to_go}
    return (Ask(ORDERED_ELSEWHERE, args | ({"store": stores[-1]} if stores else {})),)


def _after_all(said: str, state: State, flows: Flows) -> Frame | None:
    """「还是订吧」: what was left open after a no, or set aside, if it is of that kind; the newest first."""
    act = _AFTER_ALL.fullmatch(said)
    if act is None:
        return None
    open_ = [frame for frame in (*state.parked, *state.stack) if frame.flow in flows]
    fits = [frame for frame in open_ if act["act"] in _ANY_ACT or act["act"][0] in flows[frame.flow].title]
    return fits[-1] if fits else None
