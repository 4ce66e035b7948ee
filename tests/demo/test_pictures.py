"""The demo draws its own pictures: one for each dish, small, the same each time, and only once."""

import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from domain.shop.document import ShopDocument
from domain.shop.reading import read_shop, read_shop_file
from haowei.demo.pictures import draw_pictures
from haowei.demo.pictures.drawing import draw_dish
from tests.domain.shop.files import DEMO


@pytest.fixture(scope="module")
def document() -> ShopDocument:
    return read_shop(DEMO.read_bytes()).document


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory, document: ShopDocument) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    draw_pictures(folder, document)
    return folder


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def test_every_dish_of_the_demo_has_a_picture_that_the_import_takes(drawn: Path):
    found = read_shop_file(DEMO, pictures_in=drawn)

    dishes = [dish for part in found.document.menu for dish in part.dishes]
    assert found.warnings == ()
    assert len(found.pictures) == len(dishes)  # no two look the same


def test_pictures_are_small_and_in_the_shape_of_a_card(drawn: Path):
    files = sorted((drawn / "pictures").iterdir())

    assert max(path.stat().st_size for path in files) < 25_000
    assert {size(path) for path in files} == {(360, 200)}


def test_the_banner_and_the_store_front_are_drawn(drawn: Path):
    assert size(drawn / "banner.png") == (480, 204)
    assert size(drawn / "store.png") == (360, 200)


def test_a_picture_is_the_same_each_time_and_colourful(document: ShopDocument):
    dish = document.menu[0].dishes[0]

    one, again = draw_dish(dish, "热销"), draw_dish(dish, "热销")

    assert one == again
    colours = Image.open(BytesIO(one)).convert("RGB").getcolors(360 * 200)
    assert colours is not None
    assert len(colours) > 40


def test_what_is_drawn_is_not_drawn_again(drawn: Path, document: ShopDocument):
    picture = drawn / "pictures" / "mifan.png"
    before = picture.stat().st_mtime_ns

    started = time.monotonic()
    draw_pictures(drawn, document)

    assert picture.stat().st_mtime_ns == before
    assert time.monotonic() - started < 0.5
