"""Draws every picture of the demo shop into a folder, when it is not there yet."""

import hashlib
import random
from pathlib import Path

from domain.shop.document import ShopDocument
from domain.shop.menu_records import DishRecord
from haowei.demo.pictures import drinks, food, scenes, vessels
from haowei.demo.pictures.canvas import colour
from haowei.demo.pictures.recipes import RECIPES

_SERVED_IN = {
    "bowl": vessels.bowl,
    "glass_bowl": vessels.glass_bowl,
    "plate": vessels.plate,
    "steamer": vessels.steamer,
}
_DRUNK_FROM = {
    "bottled": drinks.bottled,
    "can": drinks.can,
    "gaiwan": drinks.gaiwan,
    "mug": drinks.mug,
    "tumbler": drinks.tumbler,
}
_BY_HAND = {"roujiamo": scenes.roujiamo, "skewers": scenes.skewers}


def draw_pictures(folder: Path, document: ShopDocument) -> None:
    """Draw what the shop file of the demo points to, a banner (banner.png) and a store front (store.png).

    Pictures of an earlier run by the same code are left alone, so that a second start does not wait for them.

    Args:
        folder: What the picture paths of the document are relative to.
        document: The demo shop, with picture paths as written in its file.
    """
    stamp = folder / "drawn.txt"
    digest = _digest(document)
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for part in document.menu:
        for dish in part.dishes:
            if dish.picture is not None:
                target = folder / dish.picture
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(draw_dish(dish, part.category))
    (folder / "banner.png").write_bytes(scenes.banner())
    (folder / "store.png").write_bytes(scenes.store_front())
    stamp.write_text(digest, encoding="ascii")


def draw_dish(dish: DishRecord, category: str) -> bytes:
    """One dish as a PNG of 360 × 200; the same bytes each time."""
    recipe = RECIPES[dish.id]
    dice = random.Random(dish.id)
    c = vessels.table(category).copy()
    if recipe.vessel in _DRUNK_FROM:
        _DRUNK_FROM[recipe.vessel](c, colour(recipe.sauce), colour(recipe.ware or "ffffff"))
        return c.png()
    if recipe.vessel in _BY_HAND:
        _BY_HAND[recipe.vessel](c, category, recipe, dice)
        return c.png()
    if recipe.vessel != "glass_bowl":
        vessels.chopsticks(c, category)
    if recipe.vessel in {"bowl", "glass_bowl"}:
        vessels.spoon(c, category)
    else:
        vessels.saucer(c, category, colour(dice.choice(("5a2a14", "a8320f", "3a2014"))))
    reach = _SERVED_IN[recipe.vessel](c, category, colour(recipe.ware), colour(recipe.sauce or "000000"))
    if recipe.noodles:
        food.noodles(c, colour(recipe.noodles), vessels.MIDDLE, reach, dice)
    for layer in recipe.layers:
        food.heap(c, layer.piece, layer.colours.split(), layer.count, layer.size, vessels.MIDDLE, reach * layer.reach, dice)
    return c.png()


def _digest(document: ShopDocument) -> str:
    code = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    named = [(part.category, dish.id, dish.picture) for part in document.menu for dish in part.dishes]
    return hashlib.sha256(code + repr(named).encode()).hexdigest()
