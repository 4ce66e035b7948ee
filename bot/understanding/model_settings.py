"""How the embedded engine learns: what `haowei nlu train --tune` has chosen by cross-validation, kept beside the training data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import yaml

_HEAD = "# Chosen by `haowei nlu train --tune`: cross-validation on nlu_data/nlu. Starting only learns with these settings.\n"


class ModelSettingsError(ValueError):
    """The file of settings says something else; the message says what."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """How both models learn.

    Attributes:
        orders: Lengths of the intent's n-grams.
        scaled: Weigh an intent's features by how many there are.
        resolved: Resolvers will tell what they found: learn with it and without. The intent is read with it replaced by its type,
            so that a dish of any menu looks like every dish.
        intent_c1, intent_c2, slot_c1, slot_c2: How much large weights cost (absolute, squared).
        intent_rounds, slot_rounds: At most so many steps of the optimiser.
        slot_least: Features of the slot model that occur less often are not learned.
        temperature: Fitted on out-of-fold sentences; see calibration.
    """

    orders: tuple[int, ...] = (1, 2)
    scaled: bool = True
    resolved: bool = True
    intent_c1: float = 0.0
    intent_c2: float = 0.005
    intent_rounds: int = 120
    slot_c1: float = 0.1
    slot_c2: float = 0.02
    slot_rounds: int = 80
    slot_least: int = 2
    temperature: float = 1.0


def read_model_settings(path: Path) -> ModelSettings:
    """Settings from a file; without one, the defaults.

    Raises:
        ModelSettingsError: Not a map of known names to values of their type.
    """
    if not path.exists():
        return ModelSettings()
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ModelSettingsError(f"{path}: {error}") from error
    if not isinstance(written, Mapping):
        raise ModelSettingsError(f"{path}: must be a map")
    default = ModelSettings()
    values: dict[str, Any] = {}
    for name, value in written.items():
        if name not in {field.name for field in fields(default)}:
            raise ModelSettingsError(f"{path}: there is no setting {name}")
        wanted = getattr(default, name)
        if isinstance(wanted, tuple):
            fits = isinstance(value, list) and bool(value) and all(isinstance(one, int) and 1 <= one <= 6 for one in value)
            values[name] = tuple(value) if fits else None
        elif isinstance(wanted, bool):
            fits, values[name] = isinstance(value, bool), value
        else:
            fits = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
            values[name] = type(wanted)(value) if fits else None
        if not fits:
            raise ModelSettingsError(f"{path}: {name} cannot be {value!r}")
    return ModelSettings(**values)


def write_model_settings(path: Path, settings: ModelSettings, note: str = "") -> None:
    """Keep settings; `note` says below the head how well they did."""
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(settings).items()}
    comment = "".join(f"# {line}\n" for line in note.splitlines())
    path.write_text(_HEAD + comment + yaml.safe_dump(values, sort_keys=False, default_flow_style=None), encoding="utf-8")
