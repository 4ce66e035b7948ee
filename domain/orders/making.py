"""How a portion is made, and how many there may be: a diner's wishes against the menu."""

from collections.abc import Sequence
from decimal import Decimal

from domain.kernel.money import Fen
from domain.orders.errors import UnknownOptionError, WrongQuantityError
from domain.orders.rules import MOST_OF_ONE_DISH
from domain.shop.dish import Dish


def choose_options(dish: Dish, words: Sequence[str]) -> tuple[tuple[str, ...], str, Fen]:
    """Sort a diner's wishes into choices of the menu and a note, and price one portion.

    An option that must be chosen and was not takes its first choice, which the read-back shows.

    Returns:
        Choices in the menu's order, the note, and the price of one portion in fen.

    Raises:
        UnknownOptionError: More choices of one option than it allows.
    """
    wanted = list(dict.fromkeys(words))
    chosen: list[str] = []
    price = int(dish.price_fen)
    for option in dish.options:
        taken = [choice for choice in option.choices if choice.name in wanted]
        if len(taken) > option.maximum:
            raise UnknownOptionError(dish=dish.name, option=option.name, most=option.maximum)
        taken += [choice for choice in option.choices if choice not in taken][: max(0, option.minimum - len(taken))]
        chosen += [choice.name for choice in taken]
        price += sum(choice.price_fen for choice in taken)
    note = " ".join(word for word in wanted if word not in chosen)[:64]
    return tuple(chosen), note, Fen(price)


def member_price(dish: Dish, price_fen: Fen) -> Fen | None:
    """What members pay for a portion that costs `price_fen` with its choices; None where they pay the same."""
    return None if dish.member_price_fen is None else Fen(dish.member_price_fen + price_fen - dish.price_fen)


def checked_quantity(dish: Dish, n: Decimal) -> Decimal:
    """A quantity this dish is sold in. Raises: WrongQuantityError."""
    if n <= 0 or n > MOST_OF_ONE_DISH or n % dish.step != 0:
        raise WrongQuantityError(dish=dish.name, step=str(dish.step), unit=dish.unit, most=MOST_OF_ONE_DISH)
    return n


def rivals(dish: Dish, choice: str, wanted: Sequence[str]) -> bool:
    """Whether another choice of the same option is wanted in the place of this one."""
    for option in dish.options:
        names = {item.name for item in option.choices}
        if choice in names:
            return any(word in names and word != choice for word in wanted)
    return False
