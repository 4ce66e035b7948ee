import json
from pathlib import Path

import pytest

from bot.understanding.resolvers import sounds as module
from bot.understanding.resolvers.sounds import Likeness, fold, fold_letters, likeness, sounds, spellings

CASES = Path(__file__).parents[2] / "cases"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("肉", "肉", Likeness.WRITTEN),
        ("宫", "公", Likeness.SAME),
        ("笼", "龙", Likeness.SAME),
        ("行", "航", Likeness.SAME),  # in one of its readings
        ("三", "山", Likeness.FUZZY),
        ("蒸", "真", Likeness.FUZZY),
        ("牛", "流", Likeness.FUZZY),
        ("飞", "灰", Likeness.FUZZY),
        ("肉", "弱", Likeness.NEAR),
        ("波", "坡", Likeness.NEAR),
        ("鸡", "蟹", Likeness.OTHER),
        ("肉", "鱼", Likeness.OTHER),
        ("肉", "a", Likeness.OTHER),
    ],
)
def test_how_alike_characters_sound(one, other, alike):
    assert likeness(one, other) is likeness(other, one) is alike


@pytest.mark.parametrize(
    ("syllable", "folded"),
    [("zhang", "zan"), ("chi", "ci"), ("shuang", "suan"), ("niang", "lian"), ("hui", "fei"), ("dong", "dong"), ("ying", "yin"), ("e", "e")],
)
def test_syllables_that_many_do_not_keep_apart_are_one(syllable, folded):
    assert fold(syllable) == folded == fold(folded)


def test_typed_letters_are_folded_like_syllables():
    assert fold_letters("zhengjiao") == fold_letters("zenjiao")
    assert fold_letters("niurou") == fold_letters("liurou")
    assert fold_letters("lvcha") == fold_letters("luca") == fold_letters("lüca")


def test_what_has_no_syllables_sounds_like_itself():
    assert sounds("k") == "k"
    assert sounds("7") == "7"
    assert likeness("k", "k") is Likeness.WRITTEN


def test_spellings_begin_with_the_usual_one():
    assert spellings("红烧肉")[0] == "hongshaorou"
    assert "chongqingxiaomian" in spellings("重庆小面")
    assert spellings("7喜")[0] == "7xi"


def test_every_character_of_the_menus_has_a_sound():
    names = [dish["name"] for dish in json.loads((CASES / "menu.json").read_text("utf-8"))]
    silent = {char for name in [*names, "饸饹面", "馕坑肉", "潮汕粿条", "啫啫煲"] for char in name if sounds(char) == char}

    assert silent == set()


def test_the_table_says_where_it_is_from_and_is_well_formed():
    lines = Path(module.__file__).with_name("syllables.txt").read_text("utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    rows = [line.split(" ") for line in lines if not line.startswith("#")]

    assert "pypinyin" in " ".join(header)
    assert "MIT" in " ".join(header)
    assert [row[0] for row in rows] == sorted({row[0] for row in rows})
    assert all(syllable.isascii() and syllable.islower() for syllable, _ in rows)
    usual = "".join(chars.partition("|")[0] for _, chars in rows)
    assert len(usual) == len(set(usual)) > 6763
    assert all(set(chars.partition("|")[2]) <= set(usual) for _, chars in rows)
