"""Experiences are named as diners name things: by half a name, with a slip, by what is told of them; never by a word that is too common."""

import pytest

from bot.understanding.resolvers.experiences import ExperienceEntry, ExperienceIndex

INDEX = ExperienceIndex(
    (
        ExperienceEntry("bake", "亲子烘焙", "家长和孩子一起做小蛋糕"),
        ExperienceEntry("latte", "咖啡拉花课", "咖啡师手把手教"),
        ExperienceEntry("wine", "新年品酒会"),
        ExperienceEntry("dim", "非遗面点手作", "跟老师傅捏花馍"),
    )
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("亲子烘焙怎么报", ["bake"]),
        ("亲 子·烘焙", ["bake"]),
        ("烘焙还有位吗", ["bake"]),
        ("亲子烘培报名", ["bake"]),
        ("親子烘焙點報名", ["bake"]),
        ("拉画课几点", ["latte"]),
        ("咖啡课", ["latte"]),
        ("品酒会报两位", ["wine"]),
        ("品九会", ["wine"]),
        ("非遗手作", ["dim"]),
        ("面点课", ["dim"]),
        ("捏花馍那个", ["dim"]),
        ("做蛋糕的活动", ["bake"]),
        ("酒品那个", ["wine"]),
    ],
)
def test_a_part_a_slip_or_what_is_told_of_it_names_an_experience(text: str, ids: list[str]) -> None:
    found = INDEX.find(text)
    assert found is not None
    assert list(found.ids) == ids


@pytest.mark.parametrize("text", ["插花课报名", "有什么活动", "我想报名", "体验课", "两碗米饭", "周六有课吗", "喝酒", ""])
def test_words_that_many_names_have_name_none(text: str) -> None:
    assert INDEX.find(text) is None


def test_a_whole_name_is_told_from_a_guess_and_from_a_hint() -> None:
    exact, part, hint = INDEX.find("我报亲子烘焙"), INDEX.find("烘焙报名"), INDEX.find("做蛋糕的活动")
    assert exact is not None
    assert (exact.start, exact.end, exact.exact) == (2, 6, True)
    assert part is not None
    assert (part.exact, part.named) == (False, True)
    assert hint is not None
    assert not hint.named


def test_words_that_fit_several_equally_give_them_all() -> None:
    index = ExperienceIndex((ExperienceEntry("a", "亲子烘焙"), ExperienceEntry("b", "亲子包饺子")))
    found = index.find("亲子活动什么时候")
    assert found is not None
    assert set(found.ids) == {"a", "b"}


def test_a_day_that_is_said_is_no_part_of_a_name() -> None:
    index = ExperienceIndex((ExperienceEntry("tea", "下午茶品鉴会"), ExperienceEntry("bake", "亲子烘焙")))
    assert index.find("下午那场", taken=((0, 2),)) is None


def test_a_shop_without_experiences_finds_none() -> None:
    assert not ExperienceIndex(())
    assert ExperienceIndex(()).find("亲子烘焙") is None
