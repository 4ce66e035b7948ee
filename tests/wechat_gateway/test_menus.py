"""The account's menu bar."""

import copy
from typing import Any

import pytest

from wechat_gateway.menus import account_menu, check_menu


def keys(menu: dict[str, Any]) -> list[str]:
    return [entry["key"] for button in menu["button"] for entry in button.get("sub_button", [button])]


def test_three_groups_with_an_intent_behind_every_tap() -> None:
    menu = account_menu()

    assert [button["name"] for button in menu["button"]] == ["点餐", "会员", "帮助"]
    assert keys(menu) == [
        "menu.view_menu",
        "menu.view_cart",
        "menu.checkout",
        "menu.pay_bill",
        "menu.points_balance",
        "menu.member_card",
        "menu.help",
    ]
    assert all(button["type"] == "click" for button in menu["button"] if "sub_button" not in button)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda menu: menu["button"].extend([menu["button"][2]]), "1 to 3 buttons"),
        (lambda menu: menu["button"].clear(), "1 to 3 buttons"),
        (lambda menu: menu["button"][0]["sub_button"].extend(menu["button"][0]["sub_button"][:2]), "1 to 5 buttons"),
        (lambda menu: menu["button"][0]["sub_button"].clear(), "1 to 5 buttons"),
        (lambda menu: menu["button"][0].update(name="点餐点餐点"), "1 to 4 Chinese"),
        (lambda menu: menu["button"][0].update(name=""), "1 to 4 Chinese"),
        (lambda menu: menu["button"][0]["sub_button"][0].update(name="菜单菜单菜单菜单菜"), "1 to 8 Chinese"),
        (lambda menu: menu["button"][2].update(key=""), "key of"),
        (lambda menu: menu["button"][2].update(key="饭" * 43), "key of"),
    ],
)
def test_limits_of_the_platform(change: Any, says: str) -> None:
    menu = copy.deepcopy(account_menu())
    change(menu)

    with pytest.raises(ValueError, match=says):
        check_menu(menu)


def test_latin_letters_count_half() -> None:
    menu = account_menu()
    menu["button"][2]["name"] = "Help me!"

    check_menu(menu)
