"""Money is whole fen."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.money import Fen, fen_from_yuan, share, short_yuan, times, yuan


@pytest.mark.parametrize(("text", "fen"), [("58", 5800), ("58.5", 5850), ("58.00", 5800), ("0.01", 1), (" 6 ", 600)])
def test_a_price_is_read_as_it_is_written(text: str, fen: int) -> None:
    assert fen_from_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "-1", "1.234", "1,5", "五十八", "１２", "1e3", "58元", "."])
def test_anything_else_is_no_price(text: str) -> None:
    with pytest.raises(ValueError, match="not a price"):
        fen_from_yuan(text)


@given(st.integers(0, 10**8))
def test_writing_and_reading_are_inverse(fen: int) -> None:
    assert fen_from_yuan(yuan(fen)) == fen if fen < 10**9 else True
    assert fen_from_yuan(short_yuan(fen)) == fen


def test_half_a_fen_goes_up() -> None:
    assert times(Fen(5), Decimal("0.5")) == 3
    assert times(Fen(5), Decimal("0.1")) == 1


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_the_shares_add_up_and_none_is_negative(total: int, weights: list[int]) -> None:
    parts = share(Fen(total), weights)

    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
    if sum(weights):
        exact = [total * weight / sum(weights) for weight in weights]
        assert all(abs(part - fair) <= 1 + 1e-6 * fair for part, fair in zip(parts, exact, strict=True))
