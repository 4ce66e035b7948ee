"""Which coupons an order uses: the combination that takes off most, and for each of the others why not. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.coupons.reductions import Basket, Effect, Hold, Line, Owned, Reduction
from domain.coupons.searching import go_together, search
from domain.coupons.terms import Terms
from domain.kernel.money import ZERO, Fen
from domain.shop.value_records import StackingRecord


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where, how and on which business day the coupons are to be used. Channel: "dine_in", "takeaway", "delivery"."""

    store_id: str
    channel: str
    day: date


class Outcome(StrEnum):
    """What became of a coupon. Details in brackets."""

    USED = "used"
    SHORT = "short"
    """Below its minimum (short_fen: what is to be ordered more)."""
    NOT_STARTED = "not_started"
    """(good_from)"""
    EXPIRED = "expired"
    """(good_until)"""
    OTHER_STORE = "other_store"
    """(stores)"""
    OTHER_CHANNEL = "other_channel"
    """(channels)"""
    NO_DISH = "no_dish"
    """None of its dishes is on the order (dishes)."""
    NOT_TOGETHER = "not_together"
    """Not beside coupons that are used (with: their names)."""
    SAVES_NOTHING = "saves_nothing"
    NOT_WANTED = "not_wanted"
    """The diner said so."""
    BUSY = "busy"
    """Another order of the diner keeps it."""


@dataclass(frozen=True, slots=True)
class Why:
    """What became of one coupon. `saved_fen` is 0 for those that are not used."""

    coupon_id: str
    name: str
    outcome: Outcome
    saved_fen: Fen
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Choice:
    """The best combination, what it takes off, and a word on every coupon."""

    used: tuple[str, ...]
    reductions: tuple[Reduction, ...]
    why: tuple[Why, ...]

    @property
    def saved_fen(self) -> Fen:
        """What is taken off in all."""
        return Fen(sum(reduction.fen for reduction in self.reductions))


NO_COUPONS = Choice((), (), ())
"""The choice of a diner who has none."""


def choose(
    lines: Sequence[Line],
    owned: Sequence[Owned],
    stacking: StackingRecord,
    occasion: Occasion,
    *,
    spent: Sequence[Terms] = (),
    pinned: frozenset[str] = frozenset(),
    banned: frozenset[str] = frozenset(),
    limit: int = 12,
) -> Choice:
    """Choose the coupons for an order.

    The combination that takes off most is found exactly; of two that take off the same the one with fewer coupons, then the one
    whose coupons expire sooner, then by id. Of coupons that promise the same only as many are looked at as may go together,
    soonest expiry first. Above `limit` others, the search is exact over the `limit` that take off most each on their own; what
    is left over joins afterwards, one by one, where the rules leave room and more is taken off.

    Args:
        lines: After member prices. Their order does not matter, nor does that of the coupons.
        owned: The diner's coupons, also those that cannot be used: every one gets a word.
        spent: Coupons that the diner used on other parts of the same bill; the rules of stacking count them in.
        pinned: Coupons the diner asked for, by id: used whenever they can be, even where others would take off more.
        banned: Coupons the diner does not want to use, by id.
        limit: Coupons the exact search looks at. Its work grows with 2 to the power of it.

    Source: RESTAURANT, Coupons.
    """
    if not owned:
        return NO_COUPONS
    basket = Basket(lines)
    stacking, room = _beside(stacking, spent), stacking
    refused: dict[str, _Refusal] = {}
    usable: list[Effect] = []
    for coupon in owned:
        effect = basket.effect(coupon)
        refusal = _refusal(effect, occasion, banned) or _beside_spent(effect.coupon.terms, room, spent)
        if refusal is None:
            usable.append(effect)
        else:
            refused[coupon.id] = refusal
    alone = {effect.coupon.id: basket.taken(effect, basket.untouched()) for effect in usable}

    def first(effect: Effect) -> tuple[object, ...]:
        coupon = effect.coupon
        return coupon.id not in pinned, -alone[coupon.id], coupon.good_until, coupon.id

    candidates = sorted(_without_copies(usable, stacking, pinned), key=first)
    best = search(basket, sorted(candidates[:limit], key=Effect.rank), stacking, pinned)
    used = _with_more(basket, best.effects, candidates[limit:], stacking)
    taken = basket.reductions(used)
    for effect in usable:
        if effect not in used:
            refused[effect.coupon.id] = _left_out(effect, used, stacking, alone[effect.coupon.id])
    others = sorted((coupon for coupon in owned if coupon.id in refused), key=lambda coupon: (coupon.good_until, coupon.id))
    return Choice(
        used=tuple(effect.coupon.id for effect in used),
        reductions=taken,
        why=(
            *(Why(part.coupon_id, part.name, Outcome.USED, part.fen, {}) for part in taken),
            *(Why(coupon.id, coupon.terms.name, refused[coupon.id][0], ZERO, refused[coupon.id][1]) for coupon in others),
        ),
    )


_Refusal = tuple[Outcome, Mapping[str, object]]


def _refusal(effect: Effect, occasion: Occasion, banned: frozenset[str]) -> _Refusal | None:
    """Why a coupon cannot be used here, whatever else is used; None when it can."""
    coupon, terms = effect.coupon, effect.coupon.terms
    if coupon.hold is Hold.ELSEWHERE:
        return Outcome.BUSY, {}
    if coupon.id in banned:
        return Outcome.NOT_WANTED, {}
    if occasion.day < coupon.good_from:
        return Outcome.NOT_STARTED, {"good_from": coupon.good_from}
    if occasion.day > coupon.good_until and coupon.hold is Hold.NONE:
        return Outcome.EXPIRED, {"good_until": coupon.good_until}
    if terms.stores and occasion.store_id not in terms.stores:
        return Outcome.OTHER_STORE, {"stores": terms.stores}
    if terms.channels and occasion.channel not in terms.channels:
        return Outcome.OTHER_CHANNEL, {"channels": terms.channels}
    if terms.dishes and not effect.scope:
        return Outcome.NO_DISH, {"dishes": terms.dishes}
    if effect.short_fen:
        return Outcome.SHORT, {"short_fen": effect.short_fen}
    return None


def _beside_spent(terms: Terms, stacking: StackingRecord, spent: Sequence[Terms]) -> _Refusal | None:
    """Why a coupon cannot be used beside those on other parts of the bill; None when it can."""
    same = [other for other in spent if other.group == terms.group]
    if len(same) >= stacking.groups.get(terms.group, 1):
        return Outcome.NOT_TOGETHER, {"with": tuple(other.name for other in same)}
    if len(spent) >= stacking.most or (spent and terms.alone) or any(other.alone for other in spent):
        return Outcome.NOT_TOGETHER, {"with": tuple(other.name for other in spent)}
    return None


def _beside(stacking: StackingRecord, spent: Sequence[Terms]) -> StackingRecord:
    """What the rules of stacking leave room for."""
    groups = dict(stacking.groups)
    for terms in spent:
        groups[terms.group] = groups.get(terms.group, 1) - 1
    return StackingRecord.model_construct(most=stacking.most - len(spent), groups=groups)


def _without_copies(effects: list[Effect], stacking: StackingRecord, pinned: frozenset[str]) -> list[Effect]:
    """Without those that promise the same as others and would be one more than may go together."""
    kept: list[Effect] = []
    counts: Counter[Terms] = Counter()
    for effect in sorted(effects, key=lambda effect: (effect.coupon.id not in pinned, effect.coupon.good_until, effect.coupon.id)):
        terms = effect.coupon.terms
        counts[terms] += 1
        if counts[terms] <= min(stacking.groups.get(terms.group, 1), stacking.most, 1 if terms.alone else stacking.most):
            kept.append(effect)
    return kept


def _with_more(basket: Basket, chosen: tuple[Effect, ...], spare: list[Effect], stacking: StackingRecord) -> tuple[Effect, ...]:
    """Let those the search had no room for join, each when it makes the sum bigger and no other useless."""
    saved = sum(part.fen for part in basket.reductions(chosen))
    for effect in spare:
        more = tuple(sorted((*chosen, effect), key=Effect.rank))
        if go_together(more, stacking):
            parts = basket.reductions(more)
            if len(parts) == len(more) and sum(part.fen for part in parts) > saved:
                chosen, saved = more, sum(part.fen for part in parts)
    return chosen


def _left_out(effect: Effect, used: tuple[Effect, ...], stacking: StackingRecord, alone_fen: int) -> _Refusal:
    """Why a coupon that could be used is not."""
    if not alone_fen or go_together((*used, effect), stacking):
        return Outcome.SAVES_NOTHING, {}
    terms = effect.coupon.terms
    same = [other for other in used if other.coupon.terms.group == terms.group]
    by_group = len(same) >= stacking.groups.get(terms.group, 1) and not terms.alone
    return Outcome.NOT_TOGETHER, {"with": tuple(other.coupon.terms.name for other in (same if by_group else used))}
