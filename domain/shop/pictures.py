"""Pictures of the shop: checked by content, stored under the digest of their bytes, so that one never changes under its name."""

import hashlib
import os
import warnings
from collections.abc import Mapping
from pathlib import Path as FilePath

from domain.shop.document import ShopDocument
from domain.shop.errors import Fault, Path, ShopFileError
from domain.shop.values import shown

MAX_BYTES = 2 * 1024 * 1024
_MAX_PIXELS = 25_000_000
_STORED_IN = "pictures"
_FORMATS = {"PNG": "png", "JPEG": "jpg"}

PictureFiles = Mapping[str, FilePath]
"""Stored name ("pictures/<digest>.png") -> the file it comes from."""


def with_stored_pictures(document: ShopDocument, folder: FilePath) -> tuple[ShopDocument, PictureFiles, list[tuple[Path, str, str]]]:
    """Check every picture file that a document names, and give each the name under which it is stored.

    Args:
        document: With paths as they were written.
        folder: What the paths are relative to.

    Returns:
        The document with stored names, the files behind them, and what is wrong as (path, problem, hint).
    """
    files: dict[str, FilePath] = {}
    faults: list[tuple[Path, str, str]] = []

    def stored(path: Path, picture: str | None) -> dict[str, str]:
        if picture is None or picture.startswith("https://"):
            return {}
        source = (folder / picture).resolve()
        try:
            name = _stored_name(source, folder)
        except ValueError as error:
            faults.append(((*path, "picture"), f"the picture {shown(picture)} {error}", f"PNG or JPEG, at most 2 MB, below {folder}"))
            return {}
        files[name] = source
        return {"picture": name}

    menu = tuple(
        category.model_copy(
            update={
                "dishes": tuple(
                    dish.model_copy(update=stored(("menu", part, "dishes", place), dish.picture))
                    for place, dish in enumerate(category.dishes)
                )
            }
        )
        for part, category in enumerate(document.menu)
    )
    meals = tuple(meal.model_copy(update=stored(("set_meals", place), meal.picture)) for place, meal in enumerate(document.set_meals))
    experiences = tuple(
        one.model_copy(update=stored(("experiences", place), one.picture)) for place, one in enumerate(document.experiences)
    )
    return document.model_copy(update={"menu": menu, "set_meals": meals, "experiences": experiences}), files, faults


def copy_pictures(files: PictureFiles, folder: FilePath) -> None:
    """Copy pictures to where they are served from. What stands there already is left alone.

    Args:
        files: From `ShopFile.pictures`.
        folder: Where pictures are served from: "pictures/<digest>.png" is <digest>.png there.

    Raises:
        ShopFileError: A picture was changed since it was checked.
    """
    for name, source in files.items():
        target = folder / FilePath(name).name
        if target.exists():
            continue
        content = source.read_bytes()
        if _digest(content) != target.stem:
            raise ShopFileError([Fault("", 1, 1, f"{source} was changed while it was read", "import again")])
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(content)
        part.replace(target)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _stored_name(source: FilePath, folder: FilePath) -> str:
    if not source.is_relative_to(folder.resolve()):
        raise ValueError("lies outside the folder of the shop file")
    try:
        with source.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ValueError("is not there" if isinstance(error, FileNotFoundError) else "cannot be read") from error
    if len(content) > MAX_BYTES:
        raise ValueError("is larger than 2 MB")
    return f"{_STORED_IN}/{_digest(content)}.{_format(content)}"


def _format(content: bytes) -> str:
    from io import BytesIO

    from PIL import Image  # only an import needs it: the start stays quick

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is judged below
            with Image.open(BytesIO(content), formats=tuple(_FORMATS)) as picture:
                kind, pixels = str(picture.format), picture.width * picture.height
                picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError("is neither a PNG nor a JPEG") from error
    if pixels > _MAX_PIXELS:
        raise ValueError(f"has {pixels:,} pixels")
    return _FORMATS[kind]
