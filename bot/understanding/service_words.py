"""What a table calls the staff for, and 不用了: closed words on top of the intent that an engine finds."""

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask, Command
from bot.understanding.dining import table_named
from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.dishes import MenuIndex
from domain.service_calls.rules import MOST_WORDS, CallKind

CALL_WAITER, WITHDRAW_CALL = "call_waiter", "withdraw_call"
_MOST_READ = 24  # characters
_LONGEST_BESIDE = 60
_NOT_SEATED = re.compile("排队|取号|拿号|等位|排号")
_CLAUSES = re.compile(r"([,，。;；!！\n~～]+\s*(?:顺便|另外|然后|还有|再)?(?=[^\s]))")
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
_THINGS = (  # what lies on a table and is on no bill; 「来两碗」 is of a dish
    "骨碟|碟子|(?<=[个只副套空小大])[碗杯盘碟]子?|碗筷|筷子?|勺子?|汤勺|漏勺|公筷|公勺|叉子?|刀叉|盘子|杯子|茶杯|酒杯|吸管|餐具|牙签|纸|纸巾|餐巾纸?|湿巾"
    "|毛巾|热毛巾|围裙|手套|皮筋|发圈|打火机|开瓶器|充电宝|充电线|椅子|凳子|垫子|烟灰缸|打包盒|打包袋|袋子|热水|开水|温水"
)
_FETCHED = re.compile(  # 「拿两包纸，再来个碗」
    f"(?:(?:{_SOMEBODY}|麻烦|请|帮我们?|帮忙|给我们?|我们?|这边|这桌|再|能不能|可以|可不可以|要|想要|和|跟|还有|还|那个?|现在|先|顺便|多|加|添|拿|来|给|换|送|上|取|点|有没有)*"
    f"(?:[0-9]{{1,2}}|[一二两三四五六七八九十几半])?(?:[个双副只条把套包份根张盒卷壶杯碟对件]|点|些|下)*(?:小|大|空|干净的?)?(?:{_THINGS})(?:过?来|吧|呗|好吗|行吗|吗|谢谢|一下|哈|啊|嘛|了)*)+"
)
_FETCHES = re.compile("拿|来|给|要|换|加|添|送|取|有没有")
_NOBODY = re.compile("服务员.{0,6}(?:还没|还不|没有?|不)来|(?:叫|喊|按)了?.{0,6}(?:没人[来理应]|没来|还没来|不来)")
_NEEDED = "(?:服务员|人|水|茶|热水|茶水|纸巾?|餐巾纸|椅子|凳子|座|桌子|桌面|盘子|呼叫)"
_SUMMONS = re.compile("(?:服务员|小二)+(?:呢|在哪|在吗|人呢|来)?|有(?:没有)?服务员[吗么]?")
_NO_MORE = re.compile(
    f"(?:那|哦|啊|好了|先|已经|麻烦|{_SOMEBODY})*(?:(?:不用|不要|不必|别|不需要)(?:再|麻烦)?"
    f"(?:来|过来|叫|喊|加|拿|送|收拾|收|搬|找)(?:过来|来)?{_NEEDED}?(?:了|啦)|(?:不用|不要)(?:水|茶水|热水|纸|纸巾|餐巾纸|椅子|凳子|服务员)了|(?:取消|撤销|撤回)(?:刚才的|刚刚的|这个)?(?:呼叫|叫服务员))(?:谢谢|吧|哈|啊|来了)*"
)


def called_in(text: str, menu: MenuIndex | None = None) -> tuple[Command, ...]:
    """What a short message says that words alone tell: 加水 is no dish, 「买单叫人来」 wants a person, 「不用来了」 takes the call back.

    Args:
        menu: What is sold is ordered: 「来包湿巾」 where 湿巾 is on the menu.
    """
    if len(text) > _MOST_READ or "?" in text or "？" in text:
        return ()
    said = _SIGNS.sub("", normal_form(text).text)
    if _NO_MORE.fullmatch(said):
        return (Ask(WITHDRAW_CALL),)
    fetched = _FETCHED.fullmatch(said) and _FETCHES.search(said) and not (menu is not None and any(dish.exact for dish in menu.find(text)))
    if fetched or _POUR.fullmatch(said) or _NOBODY.search(said) or _BILL_BY_HAND.search(said):
        return (Ask(CALL_WAITER, call_args(text, {})),)
    return ()


def calls_beside(text: str, menu: MenuIndex) -> tuple[str, tuple[Command, ...]]:
    """A message without the parts that only call somebody, with spaces for them, and what they call for: 「加水，再来一份毛肚」.

    Nothing is taken out of a message that is a call alone.
    """
    if len(text) > _LONGEST_BESIDE or _NOT_SEATED.search(text) or not _CLAUSES.search(text):
        return text, ()
    pieces = _CLAUSES.split(text)
    asks = {at: called_in(pieces[at], menu) for at in range(0, len(pieces), 2) if pieces[at].strip()}
    calls = {at: ask for at, ask in asks.items() if ask and isinstance(ask[0], Ask) and ask[0].intent == CALL_WAITER}
    if not calls or len(calls) == len(asks):
        return text, ()
    rest = "".join(" " * len(piece) if at in calls or at - 1 in calls else piece for at, piece in enumerate(pieces))
    kinds = list(dict.fromkeys(kind for (ask,) in calls.values() if isinstance(ask, Ask) for kind in ask.args["kinds"]))
    first = next(ask for (ask,) in calls.values() if isinstance(ask, Ask))
    return rest, (Ask(CALL_WAITER, first.args | {"kinds": kinds, "words": "，".join(pieces[at].strip() for at in calls)[:MOST_WORDS]}),)


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
