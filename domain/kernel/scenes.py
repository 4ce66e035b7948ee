"""The scenes in our QR codes, built and read. Their form is public and fixed (ARCHITECTURE §6).

t.<store>.<table> table · d.<store> door · c.<campaign>.<store>.<card>.<staff> campaign · i.<code> invite ·
g.<code> group buy · b.<code> staff binding
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST_SCENE: Final = 64  # of scene_str. Source: reference wechat §1.7. Counted in bytes here, so that both readings of the rule hold
_PART = re.compile(r"[\w-]+")


class SceneKind(StrEnum):
    """What stands behind a QR code of ours."""

    TABLE = "t"
    DOOR = "d"
    CAMPAIGN = "c"
    INVITE = "i"
    GROUP_BUY = "g"
    STAFF_BINDING = "b"


_PARTS = {
    SceneKind.TABLE: 2,
    SceneKind.DOOR: 1,
    SceneKind.CAMPAIGN: 4,
    SceneKind.INVITE: 1,
    SceneKind.GROUP_BUY: 1,
    SceneKind.STAFF_BINDING: 1,
}
_KINDS = {kind.value: kind for kind in SceneKind}


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene read: `parts` in the order of the module's list, as many as its kind has."""

    kind: SceneKind
    parts: tuple[str, ...]


def build_scene(kind: SceneKind, *parts: str) -> str:
    """Write a scene.

    Args:
        parts: Letters, digits, "_" and "-"; no dots, which part them.

    Raises:
        ValueError: The wrong number of parts, a sign that is not allowed, or over 64 bytes in all.
    """
    scene = ".".join((kind.value, *parts))
    if parse_scene(scene) != Scene(kind, parts):
        raise ValueError(f"not a scene of at most {LONGEST_SCENE} bytes with {_PARTS[kind]} plain parts: {scene!r}")
    return scene


def parse_scene(scene: str) -> Scene | None:
    """Read a scene; None when it is none of ours."""
    if not 1 <= len(scene) <= LONGEST_SCENE or len(scene.encode("utf-8", "surrogatepass")) > LONGEST_SCENE:
        return None
    letter, *parts = scene.split(".")
    kind = _KINDS.get(letter)
    if kind is None or len(parts) != _PARTS[kind] or not all(_PART.fullmatch(part) for part in parts):
        return None
    return Scene(kind, tuple(parts))
