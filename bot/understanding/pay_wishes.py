"""Coupons and points as diners speak of them at paying: 「用那张20元的券」, 「券别用了」, 「积分全用上」, 「用200积分」. Closed words."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.understanding.normal_form import normal_form
from bot.understanding.pay_words import (
    A_FEW_POINTS,
    ALL_COUPONS,
    ALL_OF_THEM,
    ALL_POINTS,
    BARE_COUPON,
    BARE_POINTS,
    BEST,
    BEST_COUPON,
    BOTH_OF_THEM,
    BOTH_OFF,
    HALF_POINTS,
    INSTEAD,
    MAY_WISH,
    NAMED_COUPON,
    NO_COUPONS,
    NO_POINTS,
    NOT_COUPON,
    NOTHING_OFF,
    ODD_POINTS,
    ONLY_COUPONS,
    ONLY_POINTS,
    OTHER_COUPON,
    PAYS,
    POLITE,
    QUESTION,
    SOME_POINTS,
    TICKET,
    WRONG,
)
from bot.understanding.resolvers.amounts import read_amount

_FEN = 100
_OFF_TOGETHER = (  # coupons and points in one
    (NOTHING_OFF, "none", "none"),
    (BOTH_OFF, "all", "all"),
    (ONLY_COUPONS, "auto", "none"),
    (ONLY_POINTS, "none", "all"),
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
    if not MAY_WISH.search(spelled):
        said.rest = spelled
        return said
    if not at_bill and QUESTION.search(spelled):
        said.rest = spelled
        return said
    at = 0
    while at < len(spelled):
        points = said.points
        stop = _wish_at(spelled, at, said)
        said.of_points = said.points is not points if stop > at else said.of_points
        if stop == at:
            polite = POLITE.match(spelled, at)
            stop = polite.end() if polite else at + 1
            said.rest += "" if polite else spelled[at]
        at = stop
    return said


def _wish_at(text: str, at: int, said: Wishes) -> int:
    """Take the wish that begins at a place. Returns: where it ends, or the place itself when none begins there."""
    wrong = WRONG.match(text, at)
    if wrong is not None:  # 「用八折券，不对，用20元券」: of a bill, or of what was said a moment ago
        if said.of_points:
            said.points = None
        else:
            said.coupons = None
        return wrong.end()
    pays = PAYS.match(text, at)
    if pays is not None:
        said.pays = True
        return pays.end()
    for pattern, use in ((NO_POINTS, "none"), (HALF_POINTS, "half"), (ALL_POINTS, "all"), (A_FEW_POINTS, "auto")):
        match = pattern.match(text, at)
        if match is not None:
            said.points = {"use": use}
            return match.end()
    match = SOME_POINTS.match(text, at)
    if match is not None:
        return _some_points(match, said, at)
    odd, match = ODD_POINTS.match(text, at), BARE_POINTS.match(text, at)
    if odd is not None and not (match and match["n"]):
        said.points = {"odd": odd["odd"] or odd["odder"]}
        return odd.end()
    if match is not None:
        said.weak = True
        n = read_amount(match["n"]) if match["n"] else None
        said.points = {"use": n if n is not None else "all"}
        return match.end()
    match = BEST.match(text, at)
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
    match = BOTH_OF_THEM.match(text, at)
    if match is not None and said.coupons and isinstance(said.coupons["use"], list):  # 「八折券和生日券都用」
        said.weak = False
        return match.end()
    for pattern, use in ((NO_COUPONS, "none"), (ALL_COUPONS, "all"), (BEST_COUPON, "auto"), (OTHER_COUPON, "other")):
        match = pattern.match(text, at)
        if match is not None:
            said.coupons = {"use": use}
            said.changes |= use == "other"
            return match.end()
    match = INSTEAD.match(text, at)
    if match is not None:
        said.changes = True
        _ban(said, match["old"])
        _use(said, match["new"])
        return match.end()
    match = NOT_COUPON.match(text, at)
    if match is not None:
        _ban(said, match["name"] or match["named"] or match["kept"] or match["that"])
        return match.end()
    match = NAMED_COUPON.match(text, at)
    if match is not None:
        said.changes |= bool(match["verb"]) and match["verb"][0] in "换改选"
        said.weak |= bool(match["verb"]) and match["verb"] in "有拿" and not said.pays
        _use(said, match["name"] or match["named"])
        return match.end()
    match = BARE_COUPON.match(text, at)
    if match is not None:
        said.weak |= said.coupons is None
        _use(said, match["name"])
        return match.end()
    match = ALL_OF_THEM.match(text, at)
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
    return re.sub(f"的(?={TICKET}$)", "", plain)
