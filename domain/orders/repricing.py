"""A cart at the prices of the menu as it is now: drafts cost what the menu says until they are placed."""

from dataclasses import replace

from domain.orders.cart import Cart, CartLine
from domain.orders.making import choose_options, member_price
from domain.shop.snapshot import ShopSnapshot


def at_todays_prices(cart: Cart, shop: ShopSnapshot) -> Cart:
    """The cart at the prices of its store now; a line whose dish is no longer sold stays as it was, and cannot be placed."""
    return replace(cart, lines=tuple(_priced(line, cart.store_id, shop) for line in cart.lines))


def _priced(line: CartLine, store_id: str, shop: ShopSnapshot) -> CartLine:
    dish = shop.dish_for(store_id, line.dish_id)
    if dish is None:
        return line
    price = choose_options(dish, line.options)[2]
    prices = (price, member_price(dish, price), dish.packaging_fen)
    if prices == (line.unit_price_fen, line.member_price_fen, line.packaging_fen):
        return line
    return replace(line, unit_price_fen=prices[0], member_price_fen=prices[1], packaging_fen=prices[2])
