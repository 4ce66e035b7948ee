"""Renders nlu_data/responses: Rasa's `responses:` format, several variants allowed, {values} in braces."""

import string
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

NLU_DATA = Path(__file__).resolve().parent.parent / "nlu_data"


_TITLE = "utter_intent_"


class ResponsesError(ValueError):
    """A responses file is not in Rasa's format; the message says where."""


class Responses:
    """Every reply text, by name."""

    def __init__(self, texts: Mapping[str, tuple[str, ...]]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, *folders: Path) -> "Responses":
        """Read every .yml in the folders; a later folder (a chain's overlay) replaces names of an earlier one.

        Raises:
            ResponsesError: A file does not have the form `responses: {utter_x: [{text: …}]}`.
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
        variants = self._texts[f"utter_{name}"]
        chosen = variants[zlib.crc32(f"{seed}{name}".encode()) % len(variants)]
        return _FORMATTER.vformat(chosen, (), values)

    def names(self) -> frozenset[str]:
        """Every name, without "utter_"."""
        return frozenset(name.removeprefix("utter_") for name in self._texts)


    def intent_titles(self) -> dict[str, str]:
        """What each intent is called in a question (「查积分」): the responses named utter_intent_…"""
        return {name.removeprefix(_TITLE): texts[0] for name, texts in self._texts.items() if name.startswith(_TITLE)}


class _Formatter(string.Formatter):
    """Plain {name} only: no attribute and no index reaches into a value."""

    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        return kwargs[field_name], field_name


_FORMATTER = _Formatter()


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
