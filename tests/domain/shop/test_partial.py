"""Shop files with gaps: every short form reads like the long one, and a fault is told where it was written."""

import json
from typing import Any

import pytest

from domain.shop.document import ShopDocument
from domain.shop.errors import ShopFileError
from domain.shop.partial import read_partial_shop
from tests.domain.shop.files import DEMO, SMALL, document

HOURS = ["10:30-14:00", "17:00-02:00"]
DISHES = [{"name": "红烧肉", "aliases": ["烧肉"]}, {"name": "米饭"}]
FORMS: dict[str, dict[str, Any]] = {
    "a list of dishes, hours beside it": {"menu": DISHES, "hours": {"daily": HOURS}},
    "hours without daily": {"menu": DISHES, "hours": HOURS},
    "hours in one line": {"menu": DISHES, "hours": "10:30-14:00, 17:00-02:00"},
    "a store without a name": {"menu": DISHES, "stores": [{"hours": {"daily": HOURS}}]},
    "one store": {"menu": DISHES, "store": {"hours": HOURS}},
    "hours of stores that name none": {"menu": DISHES, "stores": [{"name": "本店"}], "hours": HOURS},
    "a category": {"menu": [{"category": "菜单", "dishes": DISHES}], "hours": HOURS},
    "a category without a name": {"menu": [{"dishes": DISHES}], "hours": HOURS},
    "categories as a map": {"menu": {"菜单": DISHES}, "hours": HOURS},
    "dishes that say their category": {"menu": [dish | {"category": "菜单"} for dish in DISHES], "hours": HOURS},
    "gaps as JSON writes them": {"menu": [dish | {"id": None, "price": None, "unit": None} for dish in DISHES], "hours": HOURS},
}


def read(shop: Any) -> ShopDocument:
    return read_partial_shop(json.dumps(shop, ensure_ascii=False).encode())


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_short_forms_say_the_same(form: dict[str, Any]) -> None:
    found = read(form)

    assert found == read({"menu": DISHES, "hours": {"daily": HOURS}})
    [store], [part] = found.stores, found.menu
    assert store.hours is not None
    assert (store.name, list(store.hours.daily)) == ("本店", HOURS)
    assert [(dish.name, dish.aliases, dish.price) for dish in part.dishes] == [("红烧肉", ("烧肉",), 0), ("米饭", (), 0)]


def test_dishes_may_be_names_only() -> None:
    found = read({"menu": {"热菜": ["红烧肉"], "主食": ["米饭", {"name": "面", "unit": "碗"}]}})

    assert [(part.category, [dish.name for dish in part.dishes]) for part in found.menu] == [("热菜", ["红烧肉"]), ("主食", ["米饭", "面"])]
    assert len({dish.id for part in found.menu for dish in part.dishes}) == 3
    [store] = found.stores
    assert store.hours is None


def test_what_is_there_is_kept() -> None:
    found = read(
        {"menu": [{"id": "d1", "name": "面", "price": 12.5}, {"name": "饭"}], "stores": [{"id": "e", "name": "东"}, {"name": "西"}]}
    )

    assert [(dish.id, dish.price) for dish in found.menu[0].dishes] == [("d1", 1250), ("d2", 0)]
    assert [(store.id, store.name) for store in found.stores] == [("e", "东"), ("s1", "西")]


@pytest.mark.parametrize("raw", [SMALL.encode(), DEMO.read_bytes()], ids=["small", "demo"])
def test_a_whole_shop_is_read_as_it_is(raw: bytes) -> None:
    assert read_partial_shop(raw) == document(raw.decode())


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json_as_any_program_writes_it(indent: int | str | None) -> None:
    shop = {"menu": [{"name": "𰻞𰻞面"}, {"name": '辣"子"鸡'}], "hours": HOURS}

    found = read_partial_shop(json.dumps(shop, indent=indent).encode())

    assert [dish.name for dish in found.menu[0].dishes] == ["𰻞𰻞面", '辣"子"鸡']


FAULTS = [
    ("menu:\n- name: 面\n- name: 饭\n  prise: 3\n", "menu[1].prise", 3 + 1, "did you mean price"),
    ("menu:\n  主食:\n  - 面\n  - {nam: 饭}\n", "menu.主食[1].nam", 4, "no key"),
    ("menu: [面]\nhours:\n- 10:30-14:00\n- 25:00-26:00\n", "hours[1]", 4, "not a window"),
    ("menu: [面]\nhours: zehn bis zwei\n", "hours[0]", 2, "not a window"),
    ("menu: [面]\nstore:\n  hours: {montag: []}\n", "store.hours.montag", 3, "no key"),
    ("menu:\n- 面\n- 面\n", "menu[1].name", 3, "first in menu[0].name"),
    ("menu:\n- name: 面\n- {}\n", "menu[1].name", 3, "is missing"),
    ("menu: 面\n", "menu", 1, "a list belongs here"),
    ("- 面\n", "", 1, "a map belongs here"),
    ("menu:\n- name: 面\n  price: 3\n  price: 4\n", "menu[0].price", 4, "stands twice"),
    ("menu: [面\n", "", 2, "not YAML"),
    ("", "", 1, "neither stores nor a menu"),
]


@pytest.mark.parametrize(("text", "path", "line", "word"), FAULTS, ids=[f"{fault[1]}-{fault[3]}" for fault in FAULTS])
def test_a_fault_is_told_where_it_was_written(text: str, path: str, line: int, word: str) -> None:
    with pytest.raises(ShopFileError) as refused:
        read_partial_shop(text.encode())

    told = [fault for fault in refused.value.faults if fault.path == path and word in str(fault)]
    assert [fault.line for fault in told] == [line], str(refused.value)


def test_all_faults_are_told_together() -> None:
    with pytest.raises(ShopFileError) as refused:
        read_partial_shop("hours: never\nmenu:\n- {name: 面, unit: 一二三四五六七八九}\n- {price: x, name: 饭}\n".encode())

    assert [(fault.line, fault.path) for fault in refused.value.faults] == [(1, "hours[0]"), (3, "menu[0].unit"), (4, "menu[1].price")]
