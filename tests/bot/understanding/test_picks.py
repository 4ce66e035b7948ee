"""Which choices a message picks: by number, several, with counts, or by a part of a label."""

from decimal import Decimal

import pytest

from bot.understanding.picks import Pick, label_in_part, numbers_picked


@pytest.mark.parametrize(
    ("text", "picks"),
    [
        ("2", [(2, None)]),
        ("第三个", [(3, None)]),
        ("2和4", [(2, None), (4, None)]),
        ("２、４、５", [(2, None), (4, None), (5, None)]),
        ("我要1 6", [(1, None), (6, None)]),
        ("第四个来三份", [(4, 3)]),
        ("3号两份", [(3, 2)]),
        ("要2号和5号各一份", [(2, 1), (5, 1)]),
        ("1号两份，6号一份", [(1, 2), (6, 1)]),
        ("第一个和第三个各来两份吧", [(1, 2), (3, 2)]),
    ],
)
def test_numbers_pick(text: str, picks: list[tuple[int, int | None]]) -> None:
    assert numbers_picked(text, 8) == tuple(Pick(n, None if count is None else Decimal(count)) for n, count in picks)


@pytest.mark.parametrize("text", ["2份", "3个", "两份和三份", "2和9", "8:30", "138 0013 8000", "红烧肉", "1和鱼", "2大1小", "", "要"])
def test_what_picks_nothing(text: str) -> None:
    assert numbers_picked(text, 8) == ()


LABELS = ("清蒸鲈鱼 68元", "红烧鲈鱼 66元", "松鼠桂鱼 88元")


@pytest.mark.parametrize(("text", "n"), [("清蒸的", 1), ("就要红烧的吧", 2), ("紅燒", 2), ("桂鱼", 3), ("松鼠那道", 3)])
def test_a_part_of_one_label_picks_it(text: str, n: int) -> None:
    assert label_in_part(text, LABELS) == n


@pytest.mark.parametrize("text", ["鲈鱼", "鱼", "水煮的", "的", "取消", "66"])
def test_a_part_of_several_labels_or_of_none_picks_nothing(text: str) -> None:
    assert label_in_part(text, LABELS) is None
