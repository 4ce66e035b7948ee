"""A trained model as one file: several parts, a checksum over them, and a name made of everything it was learned from.

Written beside its place and then renamed, so that a reader sees a whole file or none; two processes that train at once write the same.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_MAGIC = b"haowei-nlu-model-1\n"
_LEARNING = (
    "calibration.py",
    "embedded.py",
    "features.py",
    "model_settings.py",
    "normal_form.py",
    "rasa_format.py",
    "training.py",
    "training_data.py",
)
_ENDING = ".model"
_KEPT = 4


class BrokenModelError(ValueError):
    """A file is not a whole model."""


def data_files(folder: Path) -> list[Path]:
    """The files of training data below a folder, in the order in which they are read."""
    return sorted(path for ending in ("yml", "yaml") for path in folder.rglob(f"*.{ending}"))


def model_name(sources: Iterable[Path]) -> str:
    """A file name made of everything that is learned from: the bytes of data and settings, and the code that learns.

    Args:
        sources: Folders of data, and files; one that does not exist counts as empty.
    """
    digest = hashlib.sha256()
    code = [Path(__file__).with_name(name) for name in _LEARNING]
    for source in (*sources, *code):
        files = data_files(source) if source.is_dir() else [source] if source.is_file() else []
        digest.update(b"%d sources\n" % len(files))
        for path in files:
            content = path.read_bytes()
            digest.update(b"%d bytes\n" % len(content))
            digest.update(content)
    return f"{digest.hexdigest()[:24]}{_ENDING}"


def write_model(path: Path, parts: Mapping[str, bytes]) -> None:
    """Keep a model; the oldest of many kept ones go.

    Raises:
        OSError: The folder cannot be written to.
    """
    sizes = json.dumps([[name, len(part)] for name, part in parts.items()]).encode() + b"\n"
    content = sizes + b"".join(parts.values())
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f"{path.stem}-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + hashlib.sha256(content).digest() + content)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    _forget_oldest(sorted(path.parent.glob(f"*{_ENDING}"), key=_written, reverse=True)[_KEPT:], path)


def read_model(path: Path) -> dict[str, bytes]:
    """The parts of a model.

    Raises:
        BrokenModelError: There is no such file, or it is cut short or changed.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BrokenModelError(f"{path}: {error}") from error
    start = len(_MAGIC) + 32
    content = memoryview(raw)[start:]
    if raw[: len(_MAGIC)] != _MAGIC or hashlib.sha256(content).digest() != raw[len(_MAGIC) : start]:
        raise BrokenModelError(f"{path}: not a whole model")
    head = raw.index(b"\n", start) + 1
    parts: dict[str, bytes] = {}
    for name, size in json.loads(raw[start:head]):
        parts[name] = raw[head : head + size]
        head += size
    return parts


def _forget_oldest(paths: Sequence[Path], but: Path) -> None:
    for path in paths:
        if path != but:
            path.unlink(missing_ok=True)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process has just removed it
        return 0.0
