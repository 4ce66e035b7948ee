"""Picture files are checked by what they are, and stored under the digest of their bytes."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from domain.shop.errors import ShopFileError
from domain.shop.pictures import copy_pictures
from domain.shop.reading import ShopFile, read_shop, read_shop_file

TEXT = "menu: [{{category: 主食, dishes: [{{id: rice, name: 米饭, price: 2,\n  picture: {}}}]}}]"


def image(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "red").save(target, kind)
    return target.getvalue()


def read(folder: Path, written: str = "rice.png") -> ShopFile:
    path = folder / "shop.yaml"
    path.write_text(TEXT.format(written), encoding="utf-8")
    return read_shop_file(path)


@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg")])
def test_a_picture_gets_the_name_of_its_content(tmp_path: Path, kind: str, ending: str):
    content = image(kind)
    (tmp_path / "rice.png").write_bytes(content)

    found = read(tmp_path)

    name = f"pictures/{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
    assert found.document.menu[0].dishes[0].picture == name
    assert found.pictures == {name: tmp_path / "rice.png"}


def test_pictures_are_copied_once(tmp_path: Path):
    (tmp_path / "rice.png").write_bytes(image())
    found = read(tmp_path)
    target = tmp_path / "var" / "pictures"

    copy_pictures(found.pictures, target)
    copied = next(target.iterdir())
    before = copied.stat().st_mtime_ns
    copy_pictures(found.pictures, target)

    assert [path.read_bytes() for path in target.iterdir()] == [image()]
    assert f"pictures/{copied.name}" == found.document.menu[0].dishes[0].picture
    assert copied.stat().st_mtime_ns == before


def test_a_link_is_left_alone(tmp_path: Path):
    found = read(tmp_path, "https://example.com/rice.png")

    assert found.document.menu[0].dishes[0].picture == "https://example.com/rice.png"
    assert found.pictures == {}


def test_without_a_folder_pictures_are_not_looked_at():
    assert read_shop(TEXT.format("rice.png").encode()).document.menu[0].dishes[0].picture == "rice.png"


def test_pictures_may_lie_in_another_folder_than_the_file(tmp_path: Path):
    drawn = tmp_path / "drawn"
    drawn.mkdir()
    (drawn / "rice.png").write_bytes(image())
    path = tmp_path / "shop.yaml"
    path.write_text(TEXT.format("rice.png"), encoding="utf-8")

    assert read_shop_file(path, pictures_in=drawn).pictures


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "is not there"),
        (b"", "neither a PNG nor a JPEG"),
        (b"GIF89a", "neither a PNG nor a JPEG"),
        (b"<svg/>", "neither a PNG nor a JPEG"),
        (image("GIF"), "neither a PNG nor a JPEG"),
        (image("BMP"), "neither a PNG nor a JPEG"),
        (image()[:40], "neither a PNG nor a JPEG"),
        (image() + b"x" * 2_097_152, "larger than 2 MB"),
        (image(size=(6000, 5000)), "30,000,000 pixels"),
        (image(size=(20000, 10000)), "neither a PNG nor a JPEG"),
    ],
    ids=["missing", "empty", "gif-head", "svg", "gif", "bmp", "cut", "large", "many-pixels", "bomb"],
)
def test_what_is_no_fit_picture_is_a_fault_with_its_line(tmp_path: Path, content: bytes | None, word: str):
    if content is not None:
        (tmp_path / "rice.png").write_bytes(content)

    with pytest.raises(ShopFileError) as refused:
        read(tmp_path)

    assert [(fault.path, fault.line) for fault in refused.value.faults] == [("menu[0].dishes[0].picture", 2)]
    assert word in str(refused.value)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(image())
    (folder / "rice.png").symlink_to(tmp_path / "secret.png")

    with pytest.raises(ShopFileError, match="lies outside"):
        read(folder)


def test_a_picture_that_changed_since_it_was_checked_is_refused(tmp_path: Path):
    (tmp_path / "rice.png").write_bytes(image())
    found = read(tmp_path)
    (tmp_path / "rice.png").write_bytes(image(size=(9, 9)))

    with pytest.raises(ShopFileError, match="was changed"):
        copy_pictures(found.pictures, tmp_path / "pictures")

    assert not (tmp_path / "pictures").exists()
