"""The account's menu bar. Its keys are `menu.<intent>` (CONVERSATION §3), so a tap needs no understanding."""

from typing import Any, Final

MOST_BUTTONS: Final = 3  # Source of the four limits: reference wechat §1.7
MOST_SUB_BUTTONS: Final = 5
LONGEST_NAME: Final = 4  # Chinese characters
LONGEST_SUB_NAME: Final = 8
LONGEST_KEY: Final = 128  # bytes

_BAR: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("点餐", (("菜单", "view_menu"), ("购物车", "view_cart"), ("下单", "checkout"), ("买单", "pay_bill"))),
    ("会员", (("我的积分", "points_balance"), ("会员卡", "member_card"))),
    ("帮助", (("帮助", "help"),)),
)


def account_menu() -> dict[str, Any]:
    """The menu bar as the body of menu/create. A group of one entry is a button without a sub-menu."""
    menu = {"button": [_group(name, entries) for name, entries in _BAR]}
    check_menu(menu)
    return menu


def check_menu(menu: dict[str, Any]) -> None:
    """Hold a menu against the platform's limits before it is sent.

    Raises:
        ValueError: Which button breaks which limit.
    """
    _check_buttons(menu["button"], MOST_BUTTONS, LONGEST_NAME)
    for button in menu["button"]:
        if "sub_button" in button:
            _check_buttons(button["sub_button"], MOST_SUB_BUTTONS, LONGEST_SUB_NAME)


def _group(name: str, entries: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    if len(entries) == 1:
        return _tap(name, entries[0][1])
    return {"name": name, "sub_button": [_tap(label, intent) for label, intent in entries]}


def _tap(name: str, intent: str) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": f"menu.{intent}"}


def _check_buttons(buttons: list[dict[str, Any]], most: int, longest: int) -> None:
    if not 1 <= len(buttons) <= most:
        raise ValueError(f"a menu has 1 to {most} buttons on this level, not {len(buttons)}")
    for button in buttons:
        name = button["name"]
        if not name or _halves(name) > 2 * longest:
            raise ValueError(f"the name of a button here has 1 to {longest} Chinese characters: {name!r}")
        if "sub_button" not in button and not 1 <= len(button.get("key", "").encode()) <= LONGEST_KEY:
            raise ValueError(f"the key of {name!r} has 1 to {LONGEST_KEY} bytes")


def _halves(name: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in name)
