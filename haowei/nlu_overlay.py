"""A chain's own folder of examples, words and texts, looked through before anything of it is used.

What would only show later, in front of a diner, is a fault here: an intent that no skill serves, a text that nothing says, a value in
{braces} that this text is not given.
"""

import string
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

import yaml

from bot.responses import NLU_DATA
from bot.understanding.model_files import data_files
from bot.understanding.rasa_format import Example, Fault, TrainingDataError, compose, entries, read_items
from haowei.settings import PREFIX, SettingsError

EXAMPLES, TEXTS = "nlu", "responses"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # PyYAML built without libyaml reads the same, slower


def check_overlay(overlay: Path) -> None:
    """Look through a chain's folder.

    Raises:
        SettingsError: With every fault, by file and line.
    """
    faults: list[Fault] = []
    if not any((overlay / name).is_dir() for name in (EXAMPLES, TEXTS)):
        faults.append(Fault(str(overlay), 1, f"has neither a folder {EXAMPLES} nor a folder {TEXTS}"))
    if (overlay / EXAMPLES).is_dir():
        faults += _faults_of_examples(overlay / EXAMPLES)
    if (overlay / TEXTS).is_dir():
        faults += _faults_of_texts(overlay / TEXTS)
    if faults:
        raise SettingsError([f"{PREFIX}NLU_OVERLAY: {fault}" for fault in faults])


def _faults_of_examples(folder: Path) -> list[Fault]:
    domain = yaml.load((NLU_DATA / "domain.yml").read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506  # texts only
    faults: list[Fault] = []
    for path in data_files(folder):
        for _, _, found in read_items(path, faults):
            if isinstance(found, Example):
                line = int(found.place.rpartition(":")[2])
                names = {("intent", found.intent), *(("entity", item.entity) for item in found.entities)}
                known = {"intent": domain["intents"], "entity": domain["entities"]}
                faults += [Fault(str(path), line, _unknown(kind, name, known[kind])) for kind, name in names if name not in known[kind]]
    return faults


def _faults_of_texts(folder: Path) -> list[Fault]:
    ours = [found for path in (NLU_DATA / TEXTS).glob("*.yml") for found in _texts_in(path, [])]
    fields = {name: _fields(text for _, text in texts) for _, name, texts in ours}
    faults = [Fault(str(path), 1, "is not read: its name must end in .yml") for path in sorted(folder.glob("*.yaml"))]
    first: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for line, name, texts in _texts_in(path, faults):
            before = first.setdefault(name, f"{path}:{line}")
            if before != f"{path}:{line}":
                faults.append(Fault(str(path), line, f"{name} stands in {before} already"))
            if name not in fields:
                faults.append(Fault(str(path), line, _unknown("text", name, fields)))
                continue
            faults += [Fault(str(path), at, problem) for at, text in texts for problem in _wrong_values(text, fields[name])]
    return faults


def _texts_in(path: Path, faults: list[Fault]) -> Iterator[tuple[int, str, list[tuple[int, str]]]]:
    """(line, name, its variants with their lines) of every text in a file of Rasa's `responses:`."""
    try:
        root = compose(path)
    except TrainingDataError as error:
        faults += error.faults
        return
    responses = entries(root).get("responses")
    if not isinstance(responses, yaml.MappingNode):
        faults.append(Fault(str(path), 1, "no map `responses:`"))
        return
    for name, variants in responses.value:
        texts = [entries(item).get("text") for item in variants.value] if isinstance(variants, yaml.SequenceNode) else []
        written = [(text.start_mark.line + 1, text.value) for text in texts if isinstance(text, yaml.ScalarNode)]
        if not texts or len(written) < len(texts):
            faults.append(Fault(str(path), name.start_mark.line + 1, f"{name.value} needs the form {name.value}: [{{text: …}}]"))
        else:
            yield name.start_mark.line + 1, str(name.value), written


def _wrong_values(text: str, known: frozenset[str]) -> Iterator[str]:
    try:
        found = _fields([text])
    except ValueError as error:
        yield f"braces hold the name of a value, {{{{ and }}}} stand for braces: {error}"
        return
    for name in sorted(found - known):
        yield f"nothing fills in {{{name}}} here; known: {', '.join(sorted(known)) or 'none'}"


def _fields(texts: Iterable[str]) -> frozenset[str]:
    """The names in braces.

    Raises:
        ValueError: Something else stands in braces.
    """
    found = [piece[1:] for text in texts for piece in string.Formatter().parse(text)]
    for name, form, conversion in found:
        if name is not None and (form or conversion or not name.isidentifier()):
            raise ValueError(f"{{{name}}} is no plain name")
    return frozenset(name for name, _, _ in found if name is not None)


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"there is no {kind} {name}" + (f"; did you mean {close[0]}?" if close else "")
