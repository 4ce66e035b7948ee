"""Three brands: the demo shop, a chain of malls over cities, and a noodle chain with Latin and numbered names."""

from importlib.resources import files
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.resolvers.stores import StoreEntry, StoreIndex

MALLS = (
    StoreEntry("cd-mx", "成都万象城店", "四川省成都市成华区双庆路8号万象城5层"),
    StoreEntry("cq-mx", "重庆万象城店", "重庆市九龙坡区谢家湾正街55号"),
    StoreEntry("cd-wd", "金牛万达广场店", "成都市金牛区一环路北三段1号", ("金牛万达",)),
    StoreEntry("cq-wd", "万达广场店", "重庆市南岸区江南大道8号万达广场3楼"),
    StoreEntry("xa-wd", "万达广场店", "陕西省西安市碑林区雁塔路北段8号"),
    StoreEntry("sh-jh", "静安嘉里店", "上海市静安区南京西路1515号嘉里中心B1", ("嘉里中心店",)),
)
NOODLES = (
    StoreEntry("ifs", "老麦面馆（IFS店）", "长沙市芙蓉区解放西路188号", ("国金店",)),
    StoreEntry("wyd", "老麦面馆·五一大道店", "长沙市芙蓉区五一大道235号"),
    StoreEntry("tpj", "老麦面馆-太平街总店", "长沙市天心区太平街12号"),
    StoreEntry("yh", "洋湖", "长沙市岳麓区洋湖大道洋湖水街"),
)


@pytest.fixture(scope="module")
def demo():
    shop = yaml.safe_load((files("haowei.demo") / "shop.yaml").read_text("utf-8"))
    return StoreIndex((StoreEntry(store["id"], store["name"], store["address"]) for store in shop["stores"]), shop["brand"]["name"])


@pytest.fixture(scope="module")
def malls():
    return StoreIndex(MALLS, "渝小馆")


@pytest.fixture(scope="module")
def noodles():
    return StoreIndex(NOODLES, "老麦面馆")


def found(index, text, **how):
    return [(set(span.store_ids), span.exact) for span in index.find(text, **how)]


@pytest.mark.parametrize(
    "text",
    [
        "春熙路店",
        "春熙路那家",
        "春熙路分店",
        "好味春熙路",
        "好味（春熙路店）几点关门",
        "好味·春熙路店",
        "春熙路的那家店",
        "我在春熙路",
        "春熙路門店在哪",
        "去春熙路那边吃",
    ],
)
def test_a_name_in_every_dress(demo, text):
    assert found(demo, text) == [({"chunxi"}, True)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("天府广场店有停车位吗", "tianfu"),
        ("宽窄巷子今天几点开门", "kuanzhai"),
        ("建设路店", "jianshe"),
        ("高新软件园店还有位子吗", "gaoxin"),
        ("软件园那家", "gaoxin"),
        ("高新区软件园", "gaoxin"),
    ],
)
def test_the_stores_of_the_demo(demo, text, ids):
    assert found(demo, text) == [({ids}, True)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("窄巷子那家", {"kuanzhai"}),
        ("锦江区有店吗", {"chunxi"}),
        ("青羊区的店", {"tianfu", "kuanzhai"}),
        ("井巷子那家", {"kuanzhai"}),
        ("人民南路的店", {"tianfu"}),
        ("宽窄那家店", {"kuanzhai"}),
        ("春西路店", {"chunxi"}),
        ("建社路店在哪", {"jianshe"}),
    ],
)
def test_parts_and_slips_are_guesses(demo, text, ids):
    assert found(demo, text) == [(ids, False)]


def test_two_stores_in_one_text_are_two(demo):
    assert found(demo, "春熙路店和天府广场店哪个近") == [({"chunxi"}, True), ({"tianfu"}, True)]


@pytest.mark.parametrize(
    ("text", "ids", "exact"),
    [
        ("万象城店", {"cd-mx", "cq-mx"}, True),
        ("成都万象城店", {"cd-mx"}, True),
        ("重庆的万象城", {"cq-mx"}, True),
        ("万达广场店", {"cd-wd", "cq-wd", "xa-wd"}, True),
        ("西安万达广场", {"xa-wd"}, True),
        ("重庆万达那家", {"cq-wd"}, False),
        ("去万达吃", {"cd-wd", "cq-wd", "xa-wd"}, False),
        ("金牛万达店", {"cd-wd"}, True),
        ("渝小馆嘉里中心", {"sh-jh"}, True),
        ("静安店", {"sh-jh"}, False),
        ("南京西路那家", {"sh-jh"}, False),
        ("重庆有几家店", {"cq-mx", "cq-wd"}, False),
        ("江南大道的分店", {"cq-wd"}, False),
    ],
)
def test_malls_over_cities(malls, text, ids, exact):
    assert found(malls, text) == [(ids, exact)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("ifs店", "ifs"),
        ("ＩＦＳ那家", "ifs"),
        ("国金店", "ifs"),
        ("老麦面馆五一大道店", "wyd"),
        ("五一大道", "wyd"),
        ("太平街总店", "tpj"),
        ("洋湖店", "yh"),
        ("老麦面馆（太平街）", "tpj"),
    ],
)
def test_latin_names_aliases_and_brackets(noodles, text, ids):
    assert found(noodles, text) == [({ids}, True)]


@pytest.mark.parametrize(
    "text",
    [
        "附近有店吗",
        "长沙有几家店",
        "店员态度不好",
        "来一份红烧肉",
        "万达会员卡",
        "gifs",
        "南京路店",
        "你们店几点关门",
        "解放军来了",
        "",
        "这家店不错",
    ],
)
def test_other_words_name_no_store(noodles, malls, text):
    assert found(noodles, text) == []
    assert found(malls, text) == []


def test_what_is_taken_is_not_read(demo):
    assert found(demo, "春熙路店", taken=[(0, 4)]) == []


def test_spans_are_offsets_of_what_was_written(demo):
    text = "订 好味（春熙路店） 六位"

    [span] = demo.find(text)

    assert text[span.start : span.end] == span.words == "好味（春熙路店）"


def test_no_stores_no_names():
    assert StoreIndex([]).find("春熙路店") == []


@given(st.text(alphabet="万达广场象城成都重庆西安店那家的（）金牛静安嘉里中心路ＩＦＳ渝小馆\u200b ", max_size=30))
def test_any_text_gives_stores_inside_it_that_do_not_overlap(text):
    index = StoreIndex(MALLS, "渝小馆")
    spans = index.find(text)

    assert all(0 <= span.start < span.end <= len(text) and span.words == text[span.start : span.end] and span.store_ids for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
