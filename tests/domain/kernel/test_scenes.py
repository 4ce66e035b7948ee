"""Scenes in QR codes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kernel.scenes import Scene, SceneKind, build_scene, parse_scene

SCENES = [
    ("t.s001.A08", SceneKind.TABLE, ("s001", "A08")),
    ("t.s001.包间1", SceneKind.TABLE, ("s001", "包间1")),
    ("d.s001", SceneKind.DOOR, ("s001",)),
    ("c.spring-26.s001.card_2.st9", SceneKind.CAMPAIGN, ("spring-26", "s001", "card_2", "st9")),
    ("i.7KQ2", SceneKind.INVITE, ("7KQ2",)),
    ("g.88ab", SceneKind.GROUP_BUY, ("88ab",)),
    ("b.x9", SceneKind.STAFF_BINDING, ("x9",)),
]


@pytest.mark.parametrize(("text", "kind", "parts"), SCENES)
def test_every_kind_in_its_fixed_form(text: str, kind: SceneKind, parts: tuple[str, ...]) -> None:
    assert build_scene(kind, *parts) == text
    assert parse_scene(text) == Scene(kind, parts)


@pytest.mark.parametrize(
    "text",
    ["", ".", "t", "t.", "t.s1", "t.s1.", "t..A1", "t.s1.A1.x", "T.s1.A1", "x.s1", "d.s1.A1", "d.s 1", "d.s1\n", "\nd.s1", "123", "d.🍜",
     "d." + "s" * 63, "d." + "店" * 21, "d.\udc80", "i.a/b", "i.a%20b"],
)  # fmt: skip
def test_none_of_ours(text: str) -> None:
    assert parse_scene(text) is None


def test_the_longest_one() -> None:
    assert parse_scene("d." + "s" * 62) is not None


@pytest.mark.parametrize("parts", [(), ("s1",), ("s1", ""), ("s1", "A.1"), ("s1", "A 1"), ("s1", "A" * 70), ("s1", "A1", "x")])
def test_what_cannot_be_read_back_is_not_built(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not a scene"):
        build_scene(SceneKind.TABLE, *parts)


@settings(max_examples=200)
@given(text=st.text(max_size=80))
def test_reading_never_fails(text: str) -> None:
    scene = parse_scene(text)

    assert scene is None or build_scene(scene.kind, *scene.parts) == text
