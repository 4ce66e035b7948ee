"""The exact search for the combination of coupons that takes off most. Pure.

Coupons are tried in the order in which they are applied, each once with and once without. A branch ends as soon as all that is
still ahead, each at what it takes alone, cannot reach the best combination found.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from domain.coupons.reductions import Basket, Effect, Rest
from domain.shop.value_records import StackingRecord


@dataclass(frozen=True, slots=True)
class Found:
    """A combination: coupons in the order of application, how many of them the diner asked for, and what they take off."""

    effects: tuple[Effect, ...] = ()
    pinned: int = 0
    saved_fen: int = 0

    def beats(self, other: "Found") -> bool:
        """Whether it is to be preferred: what was asked for, then most taken off, then fewest, then those that expire soonest."""
        mine = (self.pinned, self.saved_fen, -len(self.effects))
        others = (other.pinned, other.saved_fen, -len(other.effects))
        return mine > others if mine != others else self._expiries() < other._expiries()

    def _expiries(self) -> list[tuple[date, str]]:
        return sorted((effect.coupon.good_until, effect.coupon.id) for effect in self.effects)


def go_together(effects: Sequence[Effect], stacking: StackingRecord) -> bool:
    """Whether these coupons may be used on one order."""
    if len(effects) > stacking.most or (len(effects) > 1 and any(effect.coupon.terms.alone for effect in effects)):
        return False
    groups = Counter(effect.coupon.terms.group for effect in effects)
    return all(count <= stacking.groups.get(group, 1) for group, count in groups.items())


def search(basket: Basket, effects: Sequence[Effect], stacking: StackingRecord, pinned: frozenset[str]) -> Found:
    """The best combination; it may be empty.

    Args:
        effects: By rank; none below its minimum. The work grows with 2 to the power of their number.
        pinned: Ids of coupons to be used before all others.
    """
    return _Search(basket, effects, stacking, pinned).found()


class _Search:
    def __init__(self, basket: Basket, effects: Sequence[Effect], stacking: StackingRecord, pinned: frozenset[str]) -> None:
        self._basket = basket
        self._effects = effects
        self._stacking = stacking
        self._pins = [effect.coupon.id in pinned for effect in effects]
        self._pins_ahead = [sum(self._pins[place:]) for place in range(len(effects) + 1)]
        self._items = sum(effect.coupon.terms.is_item for effect in effects)  # they come first
        alone = [self._most_of(effect) for effect in effects]
        # [place][n]: what the n strongest from this place on take off at most
        self._ahead = [[0, *accumulate(sorted(alone[place:], reverse=True))] for place in range(len(effects) + 1)]
        self._best = Found()

    def _most_of(self, effect: Effect) -> int:
        taken = self._basket.taken(effect, self._basket.untouched())
        # Later portions of a line may be worth more than the first ones by rounding, by less than 2 fen.
        return taken if effect.tenths is None else taken + 2 * len(effect.scope)

    def found(self) -> Found:
        self._visit(0, Found(), self._basket.untouched(), sum(self._basket.fens), Counter())
        return self._best

    def _visit(self, place: int, chosen: Found, rest: Rest, left: int, groups: Counter[str]) -> None:
        """Try every coupon from this place on beside those chosen.

        Args:
            rest: What is left line by line, as coupons for dishes need it; behind the last of them it stays as it was.
            left: The sum of what is left.
        """
        for number in range(place, len(self._effects)):
            if not self._may_reach(number, chosen, left):
                return
            effect = self._effects[number]
            terms = effect.coupon.terms
            if chosen.effects and (terms.alone or groups[terms.group] >= self._stacking.groups.get(terms.group, 1)):
                continue
            after = rest
            if number >= self._items:
                taken = effect.off(left)
            elif number == self._items - 1:
                taken = self._basket.taken(effect, rest)
            else:
                taken, after = self._basket.take(effect, rest)
            if not taken:
                continue  # without it the same is taken off by fewer
            more = Found((*chosen.effects, effect), chosen.pinned + self._pins[number], chosen.saved_fen + taken)
            if more.beats(self._best):
                self._best = more
            if not terms.alone:
                groups[terms.group] += 1
                self._visit(number + 1, more, after, left - taken, groups)
                groups[terms.group] -= 1

    def _may_reach(self, place: int, chosen: Found, left: int) -> bool:
        slots = self._stacking.most - len(chosen.effects)
        if slots <= 0:
            return False
        ahead = self._ahead[place]
        saved = chosen.saved_fen + min(left, ahead[min(slots, len(ahead) - 1)])
        reach, aim = (chosen.pinned + self._pins_ahead[place], saved), (self._best.pinned, self._best.saved_fen)
        return reach > aim or (reach == aim and len(chosen.effects) < len(self._best.effects))
