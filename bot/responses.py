"""Renders nlu_data/responses: Rasa's `responses:` format, several variants allowed, {values} in braces."""

import string
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

NLU_DATA = Path(__file__).resolve().parent.parent / "nlu_data"
_TITLE = "utter_intent_"

_Template = tuple[tuple[str, str | None], ...]  # words, and the name of the value that follows them


class ResponsesError(ValueError):
    """A responses file is not in Rasa's format, or a text has other braces than {name}; the message says where."""


class Responses:
    """Every reply text, by name."""

    def __init__(self, texts: Mapping[str, tuple[str, ...]]) -> None:
        """Raises: ResponsesError: A text has other braces than {name}."""
        self._texts = texts
        self._templates = {name: tuple(_parsed(name, text) for text in variants) for name, variants in texts.items()}

    @classmethod
    def load(cls, *folders: Path) -> "Responses":
        """Read every .yml in the folders; a later folder (a chain's overlay) replaces names of an earlier one.

        Raises:
            ResponsesError: A file does not have the form `responses: {utter_x: [{text: …}]}`, or a text has other braces than {name}.
        """
        texts: dict[str, tuple[str, ...]] = {}
        for folder in folders:
            seen: dict[str, Path] = {}
            for path in sorted(folder.glob("*.yml")):
                for name, variants in _read(path).items():
                    if name in seen:
                        raise ResponsesError(f"{path}: {name} stands in {seen[name].name} already")
                    seen[name] = path
                    texts[name] = variants
        return cls(texts)

    def __contains__(self, name: str) -> bool:
        return f"utter_{name}" in self._texts

    def render(self, name: str, values: Mapping[str, Any], *, seed: str) -> str:
        """The text of a response.

        Args:
            name: Without "utter_".
            values: What its {braces} stand for.
            seed: Decides among variants: the same turn always says the same.
        """
        variants = self._templates[f"utter_{name}"]
        chosen = variants[zlib.crc32(f"{seed}{name}".encode()) % len(variants)]
        return "".join([words if value is None else f"{words}{values[value]}" for words, value in chosen])

    def names(self) -> frozenset[str]:
        """Every name, without "utter_"."""
        return frozenset(name.removeprefix("utter_") for name in self._texts)

    def intent_titles(self) -> dict[str, str]:
        """What each intent is called in a question (「查积分」): the responses named utter_intent_…"""
        return {name.removeprefix(_TITLE): texts[0] for name, texts in self._texts.items() if name.startswith(_TITLE)}


def _parsed(name: str, text: str) -> _Template:
    """Plain {name} only: no attribute and no index reaches into a value."""
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError as error:
        raise ResponsesError(f"{name}: {error}: {text}") from error
    for _, value, form, conversion in pieces:
        if value is not None and (not value.isidentifier() or form or conversion):
            raise ResponsesError(f"{name}: only plain {{names}} may stand in braces: {text}")
    return tuple((words, value) for words, value, _, _ in pieces)


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    responses = data.get("responses") if isinstance(data, dict) else None
    if not isinstance(responses, dict):
        raise ResponsesError(f"{path}: no `responses:`")
    texts = {}
    for name, variants in responses.items():
        if not name.startswith("utter_") or not isinstance(variants, list) or not variants:
            raise ResponsesError(f"{path}: {name} needs the form utter_name: [{{text: …}}]")
        texts[name] = tuple(str(variant["text"]).rstrip("\n") for variant in variants)
    return texts
