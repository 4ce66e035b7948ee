"""What a table calls the staff for, and 不用了: closed words on top of the intent that an engine finds."""

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask, Command
from bot.understanding.dining import table_named
from bot.understanding.normal_form import normal_form
from domain.service_calls.rules import MOST_WORDS, CallKind

CALL_WAITER, WITHDRAW_CALL = "call_waiter", "withdraw_call"
_MOST_READ = 24  # characters
_SIGNS = re.compile(r"[\W_]+")
_KINDS: tuple[tuple[CallKind, re.Pattern[str]], ...] = (
    (CallKind.BILL, re.compile("买单|埋单|结账|结帐|刷卡|付现|现金")),
    (
        CallKind.WATER,
        re.compile("[加续倒添].{0,4}[水茶税]|茶水|[热开温冰白]水|[壶杯]子?都?空|[水茶]都?没|没[水茶]|茶.{0,4}淡|水壶|water|\\btea\\b"),
    ),
    (
        CallKind.TISSUE,
        re.compile("纸巾|餐巾|抽纸|卫生纸|湿巾|[拿要给来取没张包点]纸(?![箱盒杯袋碗])|纸.{0,2}(?:没|用完)|napkin|tissue|serviette|🧻"),
    ),
    (CallKind.CHAIR, re.compile("椅|凳|加.{0,3}座|chair|stool")),
    (
        CallKind.CLEAN,
        re.compile(
            "收拾|收(?:一下|下|走|掉)|[撤清]走|撤.{0,3}[盘碗]|空盘|擦|扫一?下|打扫|清理|抹布|洒了?|打[碎翻]|碎了|骨碟|吐了|桌子.{0,3}[脏没]|clean"
        ),
    ),
)
_SOMEBODY = "(?:服务员|小二|店员|人|个人|位服务员|个服务员)"
_COME = f"(?:叫|喊|找|派|来|让|请)(?:一?下|一?个|一?位)?{_SOMEBODY}|{_SOMEBODY}(?:过?来|到)"
_BILL_BY_HAND = re.compile(f"(?:{_COME}).{{0,8}}(?:买单|埋单|结账|结帐|收钱)|(?:买单|埋单|结账|结帐).{{0,4}}(?:{_COME})")
_POUR = re.compile(  # the dish grammar takes 加水 for more of a drink
    f"(?:{_SOMEBODY}|麻烦|请|帮我们?|帮忙|给我们?|我们?|这边|这桌|再|能不能|要|[a-z]{{0,2}}[0-9]{{1,3}}号?桌?)*"
    "[加续添倒](?:一?点|一?些|一?下|一?[杯壶])?(?:热|开|温|冰|白开)?(?:茶?水|茶)(?:了|吧|呗|一下|好吗|行吗|谢谢)*"
)
_NOBODY = re.compile("服务员.{0,6}(?:还没|还不|没有?|不)来|(?:叫|喊|按)了?.{0,6}(?:没人[来理应]|没来|还没来|不来)")
_NEEDED = "(?:服务员|人|水|茶|热水|茶水|纸巾?|餐巾纸|椅子|凳子|座|桌子|桌面|盘子|呼叫)"
_SUMMONS = re.compile("(?:服务员|小二)+(?:呢|在哪|在吗|人呢|来)?|有(?:没有)?服务员[吗么]?")
_NO_MORE = re.compile(
    f"(?:那|哦|啊|好了|先|已经|麻烦|{_SOMEBODY})*(?:(?:不用|不要|不必|别|不需要)(?:再|麻烦)?"
    f"(?:来|过来|叫|喊|加|拿|送|收拾|收|搬|找)(?:过来|来)?{_NEEDED}?(?:了|啦)|(?:不用|不要)(?:水|茶水|热水|纸|纸巾|餐巾纸|椅子|凳子|服务员)了|(?:取消|撤销|撤回)(?:刚才的|刚刚的|这个)?(?:呼叫|叫服务员))(?:谢谢|吧|哈|啊|来了)*"
)


def called_in(text: str) -> tuple[Command, ...]:
    """What a short message says that words alone tell: 加水 is no dish, 「买单叫人来」 wants a person, 「不用来了」 takes the call back."""
    if len(text) > _MOST_READ or "?" in text or "？" in text:
        return ()
    said = _SIGNS.sub("", normal_form(text).text)
    if _NO_MORE.fullmatch(said):
        return (Ask(WITHDRAW_CALL),)
    if _POUR.fullmatch(said) or _NOBODY.search(said) or _BILL_BY_HAND.search(said):
        return (Ask(CALL_WAITER, call_args(text, {})),)
    return ()


def summons(text: str) -> bool:
    """Whether a message is nothing but the name of who serves: 「服务员！」 calls, as it does across a room."""
    return _SUMMONS.fullmatch(_SIGNS.sub("", normal_form(text).text)) is not None


def call_args(text: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `call_waiter`.

    Args:
        args: What is known already: a room.

    Returns:
        `kinds` in the order in which they are listed, the diner's own `words`, and `table` or `room` where one is named.
    """
    spelled = normal_form(text).text
    kinds = [kind.value for kind, words in _KINDS if words.search(spelled)]
    code = table_named(text)
    place = {"table": code} if code else {"room": args["room"]} if "room" in args else {}
    return {"kinds": kinds or [CallKind.OTHER.value], "words": text.strip()[:MOST_WORDS]} | place
