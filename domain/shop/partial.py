"""A shop file with gaps, for trying out understanding: a menu and the hours of one store are enough.

Missing ids, prices and store names are filled in; what is there must be as in a whole shop file.
"""

from typing import Any

from domain.shop.document import ShopDocument
from domain.shop.reading import read_document
from domain.shop.yaml_tree import Tree


def read_partial_shop(raw: bytes) -> ShopDocument:
    """Read what is there of a shop file; nothing else may be done with it than to understand words.

    Args:
        raw: UTF-8 YAML or JSON. `menu` may be a plain list of dishes, `hours` may stand alone beside it.

    Raises:
        ShopFileError: With every fault.
    """
    return read_document(raw, prepare=_fill).document


def _fill(tree: Tree) -> None:
    shop = tree.value
    if not isinstance(shop, dict):
        return
    menu = shop.get("menu")
    if isinstance(menu, list) and menu and not any(isinstance(part, dict) and "dishes" in part for part in menu):
        shop["menu"] = menu = [{"category": "菜单", "dishes": menu}]
    hours = shop.pop("hours", None)
    stores = shop.setdefault("stores", [{}] if hours is None else [{"hours": hours}])
    _number(stores, "s", {"name": "本店"})
    dishes = [dish for part in menu or () if isinstance(part, dict) for dish in part.get("dishes") or ()]
    _number(dishes, "d", {"price": "0"})


def _number(records: Any, letter: str, defaults: dict[str, str]) -> None:
    for n, record in enumerate(records if isinstance(records, list) else (), start=1):
        if isinstance(record, dict):
            for name, value in ({"id": f"{letter}{n}"} | defaults).items():
                record.setdefault(name, value)
