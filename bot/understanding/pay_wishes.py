"""Coupons and points as diners speak of them at paying: 「用那张20元的券」, 「券别用了」, 「积分全用上」, 「用200积分」. Closed words."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.understanding.normal_form import normal_form
from bot.understanding.resolvers.amounts import LIKE_NUMBER, NUMBER, PLAIN_NUMBER, read_amount

_FEN = 100
_ALL = "(?:全部|全都|全|都|通通|统统|所有的?)"
_REFUSED = "(?:别|不要|不用|不想|不需要|不必|不消|不得|不|甭|莫要|莫|唔好|唔要|唔用|唔使|唔|冇|咪|勿|毋须)"
_NO = f"(?:先|就|暂时)?{_REFUSED}(?:再|要|想|给我|帮我)*"
_NOT = f"(?:先|就|都|还是|暂时|我)*{_REFUSED}"
_KEPT = (
    "(?:我|还是|先|都|就)*(?:留|攒|存|省)(?:着|起来|起)?"
    "(?:(?:到|给|等)?(?:下次|下回|以后|改天)(?:再|来)*(?:用(?!那|这|满|[0-9]|生日))?|(?<=[着来起]))"
)
_POINTS = "(?:会员|我的?)?积分"
_TICKET = "(?:优惠|代金|折扣|现金|抵用)?(?:券|卷)"
_COUNT = "(?:[0-9]|[一二两三四五六七八九])"
_SAVE = "(?:[抵减付扣用使花]+|来付|抵扣|优惠)"
# A coupon as it is called: 20元券, 八折那张, 满100减20的券, 生日券.
_MARKED = (
    f"(?:满{NUMBER}(?:块|元)?(?:立?减{NUMBER}|-{PLAIN_NUMBER})(?:块|元)?|{NUMBER}(?:块钱?|元)|[1-9一二三四五六七八九](?:\\.?[1-9五一二三四六七八九])?折"
    f"|{NUMBER}(?=的?[那这]一?张|的(?:{_TICKET}|别|不|$))|生日(?=的?[那这]一?张))"
)
_NO_NAME = "(?:这|那|张|最|哪|优惠|代金|折扣|现金|抵用|不|别|我|用|什么|啥|几|有|能|可以|要|一|两|所有|任何|换|把|和|跟|其他|别的)"
_NAMED = f"(?!{_NO_NAME}+(?:的|张)*(?:券|卷|[这那]张))(?:(?![换把和跟用我有的时])[一-鿿]){{1,6}}?"
_COUPON = (
    f"(?:(?:{_MARKED}|{_NAMED})的?{_TICKET}|{_MARKED}的?(?:优惠)?[那这]一?张(?:{_TICKET})?"
    f"|{_NAMED}的?[那这]一?张|{_MARKED}(?:的(?={_REFUSED}))?(?=的?$|的?[\\W_]|{_REFUSED}))"
)
_POLITE = re.compile(
    "(?:麻烦|帮我|帮忙|给我|请|我们?|咱们?|想|需要|要|就|那么?|再|然后|还有|和|跟|先|把|吧|啊|呀|哈|呢|哦|嘛|了|谢谢|好的?|嗯|这次|这顿|这单|这桌|今天|一下"
    "|(?:其余|其他|剩下|剩余|余下)的?(?:我|再|就|用)*(?:微信|支付宝|现金|刷卡|银行卡)?(?:付|支付|给)?|留着下次用?|顺便|直接|还是|算了|也|的|[\\W_])+"
)
_PAYS = re.compile("(?:买|埋)(?:个|一?下)?单|结(?:个|一?下)?[账帐]|付(?:个|一?下)?[款钱账]|支付|算账")
_QUESTION = re.compile(
    "怎么(?!划算|最?省|最?优惠|最?便宜)|什么|哪里|哪儿|为什么|为啥|多少钱|几张|过期|[吗么嘛](?:$|[?？])|能不能|可不可以|[?？]|有没有"
)
_MAY_WISH = re.compile("[券卷折]|原价|积分|[0-9百千]分|张|[块元]的|满|优惠|划算|自动|省|便宜|[全都]用|看着")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_NO_POINTS = _any(
    f"{_NO}(?:用|使用|扣|抵扣?|动|花|使|减)?{_POINTS}(?:抵扣?|扣|了)*",
    f"{_POINTS}(?:一个?分?|半[个分])?(?:都|也)?{_NOT}(?:用|扣|抵扣?|动|要|花|使)(?:了|掉)*",
    f"{_POINTS}{_KEPT}",
)
_HALF_POINTS = _any(
    f"(?:只|就|改)*(?:用|使用|花|拿|抵)?(?:掉)?(?:我的?)?(?:一半|半数)的?{_POINTS}(?:来?{_SAVE}|掉|上)*",
    f"{_POINTS}(?:只|就|改成|改)*(?:用|抵扣?|使|花)(?:掉)?(?:其中)?的?(?:一半|半数)",
)
# A number that no points or money can be: 0.5积分, -5积分, 9999999999积分.
_ODD_POINTS = _any(
    f"(?:只|就|改)*(?:用|使用|抵扣?|花|扣|使|拿|改成)?(?:掉|成)?(?P<odd>{LIKE_NUMBER})(?:个|点)?(?:{_POINTS}|分)(?![都也钱开])来?(?:{_SAVE}|掉|上)*",
    f"{_POINTS}(?:只|就|改成|改)*(?:用|抵扣?|使|扣|花|付|减)(?:个|掉)?(?P<odder>{LIKE_NUMBER}(?:块钱?|元)?)(?:个|点|分)?",
)
_ALL_POINTS = _any(
    f"{_SAVE}?(?:上|掉)?{_ALL}的?{_POINTS}(?:都|{_SAVE}|上|掉|了|光)*",
    f"{_POINTS}(?:给我|帮我)?{_ALL}(?:给我|帮我)?{_SAVE}(?:上|掉|了|光|完)*",
    f"(?:能用|能抵|可用)的?{_POINTS}{_ALL}?{_SAVE}(?:上|掉|了)*",
    f"{_POINTS}能[抵用扣](?:多少|几[块元个]?)?就[抵用扣](?:多少|几[块元个]?)?",
    f"能[抵用扣]多少{_POINTS}就[抵用扣]多少",
    f"{_POINTS}{_SAVE}?(?:到|得)?(?:最多|最大|上限|满)",
    f"用最多的?{_POINTS}",
    f"(?:用光|用完|多用[点些]?){_POINTS}",
)
_SOME_POINTS = _any(
    f"{_POINTS}(?P<worth>[抵付减](?:扣|掉)?(?P<yuan>{NUMBER}|[0-9]{{1,5}}\\.[0-9]{{1,2}})(?:块钱?|元))",
    f"(?:只|改)?(?:用|使用|抵扣?|花|扣|使|拿|改成)(?:掉|成)?(?P<n>{NUMBER})(?:个|点)?(?:{_POINTS}|分)(?:来)?(?:{_SAVE}|掉|上)*",
    f"{_POINTS}(?:只|就|改成|改)*(?:用|抵扣?|使|扣|花)(?:个|掉)?(?P<m>{NUMBER})(?:个|点|分)?(?![块元])",
)
_BARE_POINTS = _any(
    f"(?P<n>{NUMBER})(?:个|点)?(?:{_POINTS}|分)(?![都也钱开])(?:来?{_SAVE}|掉|上)*",
    f"(?:用|使用|拿)(?:上|我的)?{_POINTS}(?:来?{_SAVE}|上|掉)*",
    f"{_POINTS}{_SAVE}(?:上|掉)*",
)
_A_FEW_POINTS = _any(
    f"(?:用|使用|拿)?(?:点儿?|一点|一些)?{_POINTS}(?:来?{_SAVE})?(?:一点|点|一些|一下)(?:{_SAVE})*", f"用(?:点儿?|一点|一些){_POINTS}"
)
_WRONG = re.compile("(?:啊|哦|噢|呃|哎|诶)?(?:不对不对|不对|说错了?|错了|搞错了?|不是不是)(?:[,，。、\\s]|是|应该|我说)*")
_BEST = _any(
    f"(?:就|按|选|要|给我|帮我)*(?<!用)最(?:划算|省钱?|优惠|便宜|合适|划得来)的(?!(?:那?一?张)?{_TICKET})(?:那[个种样])?(?:来|算|付|方案|办法|方式)*",
    "(?:怎么|咋|哪[个样种])最?(?:划算|省钱?|优惠|便宜|合适)(?:就|的)?(?:怎么|咋|用哪[个样种]|哪[个样种])?(?:来|用|弄|付|算)*",
    "你(?:看着|帮我)(?:办|用|选|算)(?:最?(?:划算|省|优惠|便宜)的)?",
    "自动(?:选|用|算|抵扣?)?(?:最?(?:优|划算|省|便宜)的?)?",
)
_NO_COUPONS = _any(
    f"{_NO}(?:用|使用|使|抵)?(?:任何|所有的?|什么)?{_TICKET}",
    f"(?:那|这|所有的?)?(?:一?张)?{_TICKET}{_NOT}(?:用|使|抵|要)",
    f"{_TICKET}{_KEPT}",
)
_NOTHING_OFF = _any(
    f"(?:优惠)?{_TICKET}(?:和|跟|、|还有){_POINTS}{_ALL}?{_NOT}(?:用|使|抵)",
    f"{_POINTS}(?:和|跟|、|还有)(?:优惠)?{_TICKET}{_ALL}?{_NOT}(?:用|使|抵)",
    f"{_NO}(?:用|使用)?(?:优惠)?{_TICKET}(?:和|跟|、|也不用){_POINTS}",
    f"(?:什么|啥|任何)(?:优惠)?(?:都|也){_NOT}(?:用|使|抵)",
    f"{_NO}用?(?:任何|什么)?优惠(?!券|卷)",
    "(?:就|按)?原价(?:付|买单|结账|支付|就行)",
)
_BOTH_OFF = _any(
    f"(?:优惠)?{_TICKET}(?:和|跟|、|还有){_POINTS}(?:给我|帮我)?{_ALL}(?:给我|帮我)?{_SAVE}(?:上|掉)*",
    f"{_POINTS}(?:和|跟|、|还有)(?:优惠)?{_TICKET}(?:给我|帮我)?{_ALL}(?:给我|帮我)?{_SAVE}(?:上|掉)*",
)
_ONLY_COUPONS = _any(f"(?:只|就)用(?:优惠)?{_TICKET}")
_ONLY_POINTS = _any(f"(?:只|就)用{_POINTS}")
_BOTH_OF_THEM = re.compile(f"{_ALL}(?:给我|帮我)?(?:用|使|抵)(?:上|掉)*")
_NOT_COUPON = _any(
    f"(?:那|这)(?:一?张)(?P<that>{_MARKED})的?{_NOT}(?:用|使|抵|要)",
    f"{_NO}(?:用|使用|使)(?:我)?(?:那|这)?(?:一?[张个])?的?(?P<name>{_COUPON})",
    f"(?P<named>{_COUPON}){_NOT}(?:用|使|抵|要)(?:上|掉)*",
    f"(?P<kept>{_COUPON}){_KEPT}",
)
_OTHER_COUPON = _any(
    f"(?:换|改用|改成)(?:一?张|个)?(?:别的|其他的?|另外的?|另一张)?的?{_TICKET}",
    "(?:换|改用)(?:一张|别的|其他的?|另外的?|另一张)(?=[吧试看啊呀]*[\\W_]*$)",
    f"用(?:别的|其他的?|另外的?|另)(?:一?张)?的?{_TICKET}",
)
_ALL_COUPONS = _any(
    f"(?:那|这)?(?:{_COUNT}|俩|几)张(?:{_TICKET})?{_ALL}(?:给我|帮我)?(?:用|使|抵)(?:上|掉)*",
    f"(?:能用的|我的|所有的?|可用的)*{_TICKET}{_ALL}(?:给我|帮我)?(?:用|使|抵)(?:上|掉)*",
    f"(?:用|使用)(?:上|掉)?{_ALL}的?{_TICKET}",
    f"能用的{_ALL}?用上",
)
_ALL_OF_THEM = _any(f"{_ALL}(?:给我|帮我)?用(?:上|掉)")
_INSTEAD = _any(f"把?(?:那|这)?(?:一?张)?(?P<old>{_COUPON})(?:换成?|改成?|改用|换用)(?:那|这)?(?:一?张)?的?(?P<new>{_COUPON})")
_BARE_COUPON = _any(f"(?:那|这)?(?:一?张)?(?P<name>{_COUPON})")
_BEST_COUPON = _any(
    "(?:哪张|什么券|啥券)最?(?:划算|省|优惠|便宜|合适|好)就?用(?:哪张|什么券|啥券)",
    f"(?:用|选|挑)(?:一?张|个)?最(?:划算|省|优惠|便宜|合适|好)的(?:那?一?张)?(?:{_TICKET})?",
    f"(?:用|使用)(?:一?张|上|个)?{_TICKET}(?:来?{_SAVE})*",
    f"有{_TICKET}就用",
    f"{_TICKET}(?:给我|帮我)?(?:用|抵扣?)(?:上|掉|一下)+",
    f"(?:选|挑)一?张{_TICKET}",
)
_VERB = "(?:有|换成?|改成?|改用|换用|换上|使用|选|用上?|使|拿)"
_NAMED_COUPON = _any(
    f"(?P<verb>{_VERB})(?:我|那|这)*(?:一?[张个])?的?(?P<name>{_COUPON})(?:来?{_SAVE}|上|掉)*",
    f"(?:那|这)?(?:一?张)?(?P<named>{_COUPON})(?:给我|帮我)?(?:用|使|抵扣?|抵)(?:上|掉|个)*",
)


_OFF_TOGETHER = (  # coupons and points in one
    (_NOTHING_OFF, "none", "none"),
    (_BOTH_OFF, "all", "all"),
    (_ONLY_COUPONS, "auto", "none"),
    (_ONLY_POINTS, "none", "all"),
)


@dataclass(slots=True)
class Wishes:
    """Which coupons and how many points to use, as a message says it.

    Attributes:
        coupons: `use` (names, none, all, auto: the best, or other: not those on the bill), and `ban`, names that are not to be used;
            None when nothing was said.
        points: `use` (how many, all, half, none or auto), or `fen` (of the bill that points are to pay), or `odd`, a number that points
            cannot be; None when nothing was said.
        pays: The bill is asked for too.
        changes: 换: only of what stands already.
        of_points: What was said last is of points.
        weak: It says little where no bill is open.
        rest: What is none of it.
    """

    pays: bool = False
    coupons: dict[str, Any] | None = None
    points: dict[str, Any] | None = None
    changes: bool = False
    of_points: bool = False
    weak: bool = False
    rest: str = ""

    @property
    def slots(self) -> dict[str, Any]:
        """The slots of pay_bill that are filled: `coupons`, `points`."""
        return {name: value for name, value in (("coupons", self.coupons), ("points", self.points)) if value is not None}


def read_wishes(text: str, *, at_bill: bool) -> Wishes:
    """Wish by wish from left to right; what none of them is goes to `rest`.

    Args:
        text: As the diner wrote it.
        at_bill: A bill is open or spoken of, so a question about a coupon (「能用生日券吗」) wishes for it too.
    """
    spelled = normal_form(text).text
    said = Wishes()
    if not _MAY_WISH.search(spelled):
        said.rest = spelled
        return said
    if not at_bill and _QUESTION.search(spelled):
        said.rest = spelled
        return said
    at = 0
    while at < len(spelled):
        points = said.points
        stop = _wish_at(spelled, at, said)
        said.of_points = said.points is not points if stop > at else said.of_points
        if stop == at:
            polite = _POLITE.match(spelled, at)
            stop = polite.end() if polite else at + 1
            said.rest += "" if polite else spelled[at]
        at = stop
    return said


def _wish_at(text: str, at: int, said: Wishes) -> int:
    """Take the wish that begins at a place. Returns: where it ends, or the place itself when none begins there."""
    wrong = _WRONG.match(text, at)
    if wrong is not None and (said.coupons or said.points):  # 「用八折券，不对，用20元券」
        if said.of_points:
            said.points = None
        else:
            said.coupons = None
        return wrong.end()
    pays = _PAYS.match(text, at)
    if pays is not None:
        said.pays = True
        return pays.end()
    for pattern, use in ((_NO_POINTS, "none"), (_HALF_POINTS, "half"), (_ALL_POINTS, "all"), (_A_FEW_POINTS, "auto")):
        match = pattern.match(text, at)
        if match is not None:
            said.points = {"use": use}
            return match.end()
    match = _SOME_POINTS.match(text, at)
    if match is not None:
        return _some_points(match, said, at)
    odd, match = _ODD_POINTS.match(text, at), _BARE_POINTS.match(text, at)
    if odd is not None and not (match and match["n"]):
        said.points = {"odd": odd["odd"] or odd["odder"]}
        return odd.end()
    if match is not None:
        said.weak = True
        n = read_amount(match["n"]) if match["n"] else None
        said.points = {"use": n if n is not None else "all"}
        return match.end()
    match = _BEST.match(text, at)
    if match is not None:
        said.coupons, said.points, said.weak = {"use": "auto"}, {"use": "auto"}, True
        return match.end()
    return _coupon_at(text, at, said)


def _some_points(match: re.Match[str], said: Wishes, at: int) -> int:
    if match["yuan"]:
        fen = _fen(match["yuan"])
        said.points = {"fen": fen} if fen is not None else said.points
        return match.end() if fen is not None else at
    n = read_amount(match["n"] or match["m"])
    if n is None:
        return at
    said.points = {"use": n} if n else {"use": "none"}
    return match.end()


def _fen(yuan: str) -> int | None:
    """Money in fen: 20, 二十, 0.5; None when it is none."""
    if "." in yuan:
        return int(Decimal(yuan) * _FEN)
    amount = read_amount(yuan)
    return None if amount is None else amount * _FEN


def _coupon_at(text: str, at: int, said: Wishes) -> int:
    for pattern, coupons, points in _OFF_TOGETHER:
        match = pattern.match(text, at)
        if match is not None:
            said.coupons, said.points = {"use": coupons}, {"use": points}
            return match.end()
    match = _BOTH_OF_THEM.match(text, at)
    if match is not None and said.coupons and isinstance(said.coupons["use"], list):  # 「八折券和生日券都用」
        said.weak = False
        return match.end()
    for pattern, use in ((_NO_COUPONS, "none"), (_ALL_COUPONS, "all"), (_BEST_COUPON, "auto"), (_OTHER_COUPON, "other")):
        match = pattern.match(text, at)
        if match is not None:
            said.coupons = {"use": use}
            said.changes |= use == "other"
            return match.end()
    match = _INSTEAD.match(text, at)
    if match is not None:
        said.changes = True
        _ban(said, match["old"])
        _use(said, match["new"])
        return match.end()
    match = _NOT_COUPON.match(text, at)
    if match is not None:
        _ban(said, match["name"] or match["named"] or match["kept"] or match["that"])
        return match.end()
    match = _NAMED_COUPON.match(text, at)
    if match is not None:
        said.changes |= bool(match["verb"]) and match["verb"][0] in "换改选"
        said.weak |= bool(match["verb"]) and match["verb"] in "有拿" and not said.pays
        _use(said, match["name"] or match["named"])
        return match.end()
    match = _BARE_COUPON.match(text, at)
    if match is not None:
        said.weak |= said.coupons is None
        _use(said, match["name"])
        return match.end()
    match = _ALL_OF_THEM.match(text, at)
    if match is None:
        return at
    said.coupons, said.weak = {"use": "all"}, True
    return match.end()


def _use(said: Wishes, words: str) -> None:
    """One more coupon that is named."""
    named = (said.coupons or {}).get("use")
    said.coupons = {**(said.coupons or {}), "use": [*(named if isinstance(named, list) else []), _name_of(words)]}


def _ban(said: Wishes, words: str) -> None:
    """One more coupon that is not to be used."""
    banned = [*(said.coupons or {}).get("ban", []), _name_of(words)]
    said.coupons = {"use": "auto", **(said.coupons or {}), "ban": banned}


def _name_of(words: str) -> str:
    """八折那张 is called 八折, 20元的券 20元券."""
    plain = re.sub("[那这]一?张", "", words).removesuffix("的")
    return re.sub(f"的(?={_TICKET}$)", "", plain)
