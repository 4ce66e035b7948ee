"""Money is whole fen (1 yuan = 100 fen), never a float. Ratios are Decimal."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

Fen = NewType("Fen", int)

ZERO = Fen(0)
_YUAN = re.compile(r"(\d{1,7})(?:\.(\d{1,2}))?")


def fen_from_yuan(text: str) -> Fen:
    """Read a price written in yuan, as a shop owner types it.

    Args:
        text: Yuan with at most two decimals: "58", "58.5", "58.00". No sign, no currency mark.

    Raises:
        ValueError: Anything else.
    """
    match = _YUAN.fullmatch(text.strip())
    if not match or not text.isascii():
        raise ValueError(f"not a price in yuan with at most two decimals: {text!r}")
    whole, cents = match.groups()
    return Fen(int(whole) * 100 + int((cents or "0").ljust(2, "0")))


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals: 5850 -> "58.50"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def short_yuan(fen: int) -> str:
    """Write fen as a person would say it: 5800 -> "58", 5850 -> "58.5"."""
    text = yuan(fen)
    return text.rstrip("0").rstrip(".") if "." in text else text


def times(fen: Fen, quantity: Decimal) -> Fen:
    """Price times quantity, half-up to whole fen. Source: RESTAURANT, Checkout (1)."""
    return Fen(int((Decimal(fen) * quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def share(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """Split an amount over weights by largest remainder, so that the parts add up exactly.

    Args:
        total: Fen to split; not negative.
        weights: Not negative. All zero: everything falls on the first part.

    Returns:
        One part for each weight, in order; equal remainders favour the earlier part.
    """
    whole = sum(weights)
    if not weights:
        return []
    if whole == 0:
        return [total, *[ZERO] * (len(weights) - 1)]
    floors = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(floors)]:
        floors[i] += 1
    return [Fen(part) for part in floors]
