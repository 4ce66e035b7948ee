"""What a set of coupons takes off an order, and off which lines. Pure; whether they may be used together is choosing's matter.

The order is fixed. (3) Coupons for a number of portions, then for every portion of some dishes; (4) coupons for the whole order;
in each of the three, shares before fixed amounts. A portion is reduced by one coupon for portions only, so two gifts of a
dessert take two desserts. Source: RESTAURANT, Checkout (3) and (4).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from domain.coupons.terms import Terms
from domain.kernel.money import Fen, share

_PORTION = 10  # quantities go in tenths


class Hold(StrEnum):
    """Whether an order keeps a coupon."""

    NONE = "none"
    HERE = "here"
    """The order in question: it stays good past its last day."""
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Owned:
    """A coupon in a diner's hands. Good from and until: business days, both included."""

    id: str
    terms: Terms
    good_from: date
    good_until: date
    hold: Hold = Hold.NONE


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the order. `fen` is what it costs in all after member prices."""

    dish_id: str
    quantity: Decimal
    fen: int


@dataclass(frozen=True, slots=True)
class Reduction:
    """What one coupon takes off. `shares` has a part for each line, in the order of the lines, and adds up to `fen`."""

    coupon_id: str
    name: str
    fen: Fen
    shares: tuple[Fen, ...]


def reductions(lines: Sequence[Line], coupons: Iterable[Owned]) -> tuple[Reduction, ...]:
    """What coupons take off, in the order in which they are applied.

    A coupon below its minimum, without its dish or with nothing left to take takes nothing and is left out. The minimum is
    judged on what the lines it is for cost after member prices. A share is rounded half-up, over all its lines at once; what is
    taken is shared over the lines by what is left of each (for portions: by the worth of the portions), largest remainder
    first. No line goes below 0. The order of lines and of coupons does not matter.

    Source: RESTAURANT, Checkout.
    """
    basket = Basket(lines)
    effects = sorted((basket.effect(coupon) for coupon in coupons), key=Effect.rank)
    return basket.reductions(effect for effect in effects if not effect.short_fen)


@dataclass(frozen=True, slots=True)
class Effect:
    """A coupon held against the lines of one basket.

    Attributes:
        scope: The lines it is for, by place in the basket; those with the dearest portion first when it is for portions.
        tenths: Tenths of a portion that it reduces; None: all there are.
        short_fen: What is missing to its minimum.
    """

    coupon: Owned
    scope: tuple[int, ...]
    tenths: int | None
    short_fen: int
    _numerator: int
    _denominator: int

    def rank(self) -> tuple[Any, ...]:
        """The place in the order of application. The id decides only between coupons that promise the same."""
        terms = self.coupon.terms
        stage = 0 if self.tenths is not None else 1 if terms.is_item else 2
        kind = (terms.amount_fen is not None, terms.pay_ratio or 0, -(terms.amount_fen or 0))
        limits = (terms.dishes, terms.portions or 0, terms.minimum_fen, -1 if terms.most_fen is None else terms.most_fen)
        return stage, kind, limits, terms.group, terms.alone, terms.name, terms.stores, terms.channels, self.coupon.id

    def off(self, worth: int) -> int:
        """What it takes off things of this worth, in fen."""
        terms = self.coupon.terms
        taken = min(terms.amount_fen, worth) if terms.amount_fen is not None else _half_up(worth * self._numerator, self._denominator)
        return taken if terms.most_fen is None else min(taken, terms.most_fen)


class Basket:
    """The lines of an order, sorted so that the order in which they were added changes nothing."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._places = sorted(range(len(lines)), key=lambda place: (lines[place].dish_id, lines[place].quantity, lines[place].fen))
        self._lines = tuple(lines[place] for place in self._places)
        self._tenths = tuple(int(line.quantity * _PORTION) for line in self._lines)
        self.fens = tuple(line.fen for line in self._lines)

    def effect(self, coupon: Owned) -> Effect:
        """What a coupon is for among these lines."""
        terms = coupon.terms
        scope = [place for place, line in enumerate(self._lines) if not terms.dishes or line.dish_id in terms.dishes]
        if terms.portions is not None:
            scope.sort(key=lambda place: (-Fraction(self.fens[place], self._tenths[place] or 1), place))
        short = max(0, terms.minimum_fen - sum(self.fens[place] for place in scope))
        numerator, denominator = (1 - (terms.pay_ratio or Decimal(0))).as_integer_ratio()
        tenths = None if terms.portions is None else terms.portions * _PORTION
        return Effect(coupon, tuple(scope), tenths, short, numerator, denominator)

    def untouched(self) -> "Rest":
        """What is left before the first coupon."""
        return Rest(list(self.fens), list(self._tenths))

    def taken(self, effect: Effect, rest: "Rest") -> int:
        """What a coupon takes off what the ones before it left."""
        return effect.off(sum(self._worths(effect, rest, self._portions(effect, rest))))

    def take(self, effect: Effect, rest: "Rest") -> tuple[int, "Rest"]:
        """Apply a coupon to what the ones before it left.

        Returns:
            What it takes off, and what it leaves; `rest` itself when it takes nothing: then it uses up no portions either.
        """
        portions = self._portions(effect, rest)
        worths = self._worths(effect, rest, portions)
        taken = effect.off(sum(worths))
        if taken <= 0:
            return 0, rest
        fens, tenths = rest.fens.copy(), rest.tenths
        for place, part in zip(effect.scope, share(Fen(taken), worths), strict=True):
            fens[place] -= part
        if portions is not None:
            tenths = tenths.copy()
            for place, count in zip(effect.scope, portions, strict=True):
                tenths[place] -= count
        return taken, Rest(fens, tenths)

    def reductions(self, effects: Iterable[Effect]) -> tuple[Reduction, ...]:
        """What coupons take off one after the other. Args: effects: by rank."""
        found = []
        rest = self.untouched()
        for effect in effects:
            before = rest.fens
            taken, rest = self.take(effect, rest)
            if taken:
                parts = dict(zip(self._places, (Fen(was - now) for was, now in zip(before, rest.fens, strict=True)), strict=True))
                shares = tuple(parts[place] for place in range(len(parts)))
                found.append(Reduction(effect.coupon.id, effect.coupon.terms.name, Fen(taken), shares))
        return tuple(found)

    def _portions(self, effect: Effect, rest: "Rest") -> list[int] | None:
        """Tenths of portions of each line in scope that a coupon for portions reduces."""
        if effect.tenths is None:
            return None
        counts, wanted = [], effect.tenths
        for place in effect.scope:
            count = min(wanted, rest.tenths[place])
            wanted -= count
            counts.append(count)
        return counts

    def _worths(self, effect: Effect, rest: "Rest", portions: list[int] | None) -> list[int]:
        if portions is None:
            return [rest.fens[place] for place in effect.scope]
        return [self._worth(place, rest.tenths[place], count) if count else 0 for place, count in zip(effect.scope, portions, strict=True)]

    def _worth(self, place: int, free: int, count: int) -> int:
        """What the next portions of a line cost: the differences of a rounded running sum, so that all of them cost what the line does."""
        used, every, fen = self._tenths[place] - free, self._tenths[place], self.fens[place]
        return _half_up(fen * (used + count), every) - _half_up(fen * used, every)


@dataclass(frozen=True, slots=True)
class Rest:
    """What coupons have left: of each line in fen, and the tenths of its portions that no coupon for portions has reduced."""

    fens: list[int]
    tenths: list[int]


def _half_up(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor) if divisor else 0
