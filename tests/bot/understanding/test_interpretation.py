"""A message understood as a whole: what acts, what asks, what falls back, and the values that come out of the case tables."""

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.commands import Affirm, Ask, Cancel, Clarify, Handoff, Line, LineOp, Nothing, SetSlot, Start
from bot.responses import NLU_DATA, Responses
from bot.understanding.deterministic import read_plainly
from bot.understanding.embedded import EmbeddedEngine
from bot.understanding.interpretation import Decision, Interpreter, Reading, Situation
from bot.understanding.shop_words import ShopWords, words_of
from bot.understanding.training_data import read_test_rows
from domain.shop.partial import read_partial_shop
from domain.shop.snapshot import snapshot_of

CASES = Path(__file__).parents[2] / "cases"
DEMO_SHOP = Path(__file__).parents[3] / "haowei" / "demo" / "shop.yaml"
NOW = datetime(2026, 11, 18, 14, 20, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday
HOURS = {"daily": ["10:30-14:00", "17:00-21:30"]}


@pytest.fixture(scope="session")
def interpreter(engine: EmbeddedEngine) -> Interpreter:
    return Interpreter(engine, Responses.load(NLU_DATA / "responses").intent_titles())


@pytest.fixture(scope="session")
def demo_words() -> ShopWords:
    return words_of(snapshot_of(read_partial_shop(DEMO_SHOP.read_bytes())))


@pytest.fixture(scope="session")
def case_words() -> ShopWords:
    """The menu of the case tables: dishes without ids and prices, and the hours of one store."""
    dishes = [{"name": dish["name"], "aliases": dish["aliases"]} for dish in json.loads((CASES / "menu.json").read_text("utf-8"))]
    shop = {"stores": [{"hours": HOURS}], "menu": dishes}
    return words_of(snapshot_of(read_partial_shop(json.dumps(shop, ensure_ascii=False).encode())))


def rows(name: str) -> list[dict[str, str]]:
    lines = [line for line in (CASES / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def values(reading: Reading, kind: str) -> list[Any]:
    return [item.value for item in reading.understanding.entities if item.entity == kind]


@pytest.mark.parametrize("row", rows("time_cases.tsv"), ids=lambda row: row["id"])
async def test_times_of_the_case_table(interpreter: Interpreter, case_words: ShopWords, row: dict[str, str]) -> None:
    found = values(await interpreter.read(row["text"], case_words, Situation(NOW)), "time")

    if row["date"] == "-":
        assert found == []
    else:
        wanted = (row["date"], row["time"], row["part"], row["approx"] == "1")
        said = [(v["date"], v["time"] or "-", "-" if v["time"] else v["part"] or "-", v["approx"]) for v in found]
        assert wanted in said


@pytest.mark.parametrize("row", rows("quantity_cases.tsv"), ids=lambda row: row["id"])
async def test_people_and_quantities_of_the_case_table(interpreter: Interpreter, case_words: ShopWords, row: dict[str, str]) -> None:
    reading = await interpreter.read(row["text"], case_words, Situation(NOW))

    if row["kind"] == "people":
        [party] = values(reading, "people")
        kids = 0 if row["kids"] == "-" else int(row["kids"])
        assert (party["n"], party["kids"], party["approx"]) == (int(row["n"]), kids, row["approx"] == "1")
    elif row["kind"] == "qty":
        counted = [*values(reading, "quantity"), *values(reading, "dish")]
        assert (float(row["n"]), row["unit"], row["approx"] == "1") in [(v.get("n"), v.get("unit"), v.get("approx")) for v in counted]
    else:
        assert [*values(reading, "quantity"), *values(reading, "people")] == []


@pytest.mark.parametrize("row", rows("dish_cases.tsv"), ids=lambda row: row["id"])
async def test_dishes_of_the_case_table(interpreter: Interpreter, case_words: ShopWords, row: dict[str, str]) -> None:
    found = values(await interpreter.read(row["text"], case_words, Situation(NOW)), "dish")

    if row["gold"].startswith("?"):
        [dish] = found
        assert len(dish["choices"]) > 1
        assert set(dish["choices"]) <= set(row["gold"][1:].split("|"))
    else:
        wanted = dict(part.split(":") for part in row["gold"].split(";") if part)
        assert {dish["name"]: dish["n"] or 1 for dish in found} == {name: float(n) for name, n in wanted.items()}


async def commands(interpreter: Interpreter, words: ShopWords, text: str, **situation: Any) -> tuple[Any, ...]:
    return await interpreter.commands(text, words, Situation(NOW, **situation))


async def test_what_rules_cover_wakes_no_engine(demo_words: ShopWords) -> None:
    class NeverAsked:
        async def parse(self, *_: Any, **__: Any) -> Any:
            raise AssertionError

    interpreter = Interpreter(NeverAsked(), {})
    for text in ("菜单", "两份红烧肉", "再来一碗米饭", "可乐改成3瓶", "好的", "算了", "红烧肉多少钱", "6个人"):
        situation = Situation(NOW, expected="people") if text == "6个人" else Situation(NOW)
        assert Nothing() not in await interpreter.commands(text, demo_words, situation)


@pytest.mark.parametrize(
    ("expected", "text", "value"),
    [
        ("people", "6", {"n": 6, "kids": 0, "approx": False, "delta": False}),
        ("people", "我们四个大人两个小孩", {"n": 6, "kids": 2, "approx": False, "delta": False}),
        ("phone", "我电话是138 0013 8000", "13800138000"),
        ("store", "春熙路那家吧", "chunxi"),
        ("words", "  靠窗的位子 ", "靠窗的位子"),
    ],
)
async def test_the_answer_to_an_open_question(
    interpreter: Interpreter, demo_words: ShopWords, expected: str, text: str, value: Any
) -> None:
    assert await commands(interpreter, demo_words, text, expected=expected) == (SetSlot(expected, value),)


@pytest.mark.parametrize("text", ["春熙路店来一份红烧弱，两碗米饭", "在春熙路来一份红烧弱，两碗米饭"])
async def test_a_slip_is_heard_behind_a_stores_name(interpreter: Interpreter, demo_words: ShopWords, text: str) -> None:
    store, first, second = await commands(interpreter, demo_words, text)

    assert store == SetSlot("store", "chunxi")
    assert (first.dish_id, first.exact, second.dish_id, second.n) == ("hongshaorou", False, "mifan", 2)


async def test_a_place_in_the_text_stays_where_a_keyword_is_passed_over(interpreter: Interpreter, demo_words: ShopWords) -> None:
    text = "好的，来两份宫保鸡丁，下单"
    [dish] = [item for item in (await interpreter.read(text, demo_words, Situation(NOW))).understanding.entities if item.entity == "dish"]

    assert text[dish.start : dish.end] == "宫保鸡丁"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("这个辣不辣", Ask("ask_dish", {"topic": "spice"})),
        ("酸菜鱼卖完了吗", Ask("ask_dish", {"topic": "available", "dish_id": "suancaiyu"})),
        ("酸菜鱼估清了吗", Ask("ask_dish", {"topic": "available", "dish_id": "suancaiyu"})),
        ("催一下酸菜鱼", Ask("rush_order", {"dishes": ["suancaiyu"]})),
        ("怎么还没上", Ask("rush_order", {"dishes": []})),
        ("照上次的再来一遍", Ask("repeat_order")),
        ("我要换20元券", Ask("redeem_points", {"coupon": "20元券", "reward": "20元券"})),
        ("买单，不用券", Start("pay_bill", {"coupons": {"use": "none"}})),
        ("我们AA 一人付一份", Ask("split_bill", {"mode": "even", "n": None, "dishes": []})),
        ("抬头：成都青禾网络科技有限公司", Ask("request_invoice", {"title": "成都青禾网络科技有限公司"})),
        ("麻烦记下 我们家不吃猪肉", Ask("update_profile", {"attribute": "diet", "op": "add", "words": ["不吃猪肉"]})),
    ],
)
async def test_what_exactly_is_asked(interpreter: Interpreter, demo_words: ShopWords, text: str, command: Any) -> None:
    assert await commands(interpreter, demo_words, text) == (command,)


async def test_an_order_may_say_that_its_dishes_wait(interpreter: Interpreter, demo_words: ShopWords) -> None:
    said = await commands(interpreter, demo_words, "一份红烧肉两碗米饭，人齐了再上")

    assert [type(command) for command in said] == [Line, Line, Start]
    assert said[-1] == Start("checkout", {"wait": True})


async def test_finer_questions_are_told_by_their_broad_intent(interpreter: Interpreter, demo_words: ShopWords) -> None:
    said = {"催一下": "order_status", "AA": "pay_bill", "老样子": "order_dishes", "起菜": "checkout", "换到B01桌": "call_waiter"}

    for text, intent in said.items():
        assert (await interpreter.read(text, demo_words, Situation(NOW))).understanding.intent == intent


@pytest.mark.parametrize(("text", "time"), [("8", "20:00"), ("七点半吧", "19:30"), ("改成六点", "18:00")])
async def test_a_time_answers_its_question(interpreter: Interpreter, demo_words: ShopWords, text: str, time: str) -> None:
    [command] = await commands(interpreter, demo_words, text, expected="time")
    assert (command.slot, command.value["time"]) == ("time", time)


async def test_an_open_question_does_not_swallow_commands(interpreter: Interpreter, demo_words: ShopWords) -> None:
    assert await commands(interpreter, demo_words, "算了", expected="people") == (Cancel(),)
    [line] = await commands(interpreter, demo_words, "两份红烧肉", expected="people")
    assert line.op is LineOp.ADD


async def test_a_value_that_an_open_flow_takes_corrects_it(interpreter: Interpreter, demo_words: ShopWords) -> None:
    wanted = frozenset({"time", "people"})
    changed = await commands(interpreter, demo_words, "时间改成八点，人数改成6个人", wanted=wanted)
    assert [command.slot for command in changed] == ["time", "people"]
    assert await commands(interpreter, demo_words, "时间改成八点") != changed[:1]


async def test_a_takeaway_says_when_it_is_fetched(interpreter: Interpreter, demo_words: ShopWords) -> None:
    said = await commands(interpreter, demo_words, "来两份红烧肉打包，晚上七点过来拿")
    assert isinstance(said[0], Line)
    assert isinstance(said[-1], Start)
    assert said[-1].slots["time"]["time"] == "19:00"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("帮我转人工客服好吗", Handoff()),
        ("嗯嗯没错就按这个来", Affirm()),
        ("我会员卡里还有多少积分呢", Ask("points_balance")),
    ],
)
async def test_sure_intents_act(interpreter: Interpreter, demo_words: ShopWords, text: str, command: Any) -> None:
    assert (await commands(interpreter, demo_words, text))[0] == command


async def test_nonsense_falls_back_and_never_acts(interpreter: Interpreter, demo_words: ShopWords) -> None:
    for text in ("囧囧囧", "asdkjh qwe", "……", "{0}%s<b>"):
        reading = await interpreter.read(text, demo_words, Situation(NOW))
        assert reading.decision is not Decision.ACT or reading.understanding.intent in {"out_of_scope", "help"}


async def test_when_unsure_it_asks_with_at_most_three_choices(interpreter: Interpreter, demo_words: ShopWords) -> None:
    asked = 0
    for row in rows("dish_cases.tsv") + rows("time_cases.tsv"):
        reading = await interpreter.read(row["text"] + "那个什么来着", demo_words, Situation(NOW))
        if reading.decision is Decision.ASK:
            asked += 1
            [clarify] = reading.commands
            assert isinstance(clarify, Clarify)
            assert 1 <= len(clarify.labels) == len(clarify.options) <= 3
            assert all(sure >= 0.1 for name, sure in reading.understanding.intents if name in reading.choices)
    assert asked


async def test_only_staff_are_understood_as_staff(interpreter: Interpreter, demo_words: ShopWords) -> None:
    text = "叫下一个号"
    assert (await interpreter.read(text, demo_words, Situation(NOW, staff=True))).understanding.intent == "call_next_number"
    assert (await interpreter.read(text, demo_words, Situation(NOW))).understanding.intent != "call_next_number"


async def test_what_the_rules_cover_no_other_reader_reads_otherwise(interpreter: Interpreter, demo_words: ShopWords) -> None:
    texts = {row.text for path in (NLU_DATA / "nlu", NLU_DATA / "evaluation" / "diners.yml") for row in read_test_rows(path)}
    covered = [text for text in sorted(texts) if read_plainly(text, demo_words.menu).covered]
    assert len(covered) > 300

    for text in covered:  # the quick way of `commands` beside the long one
        assert (
            await interpreter.commands(text, demo_words, Situation(NOW))
            == (await interpreter.read(text, demo_words, Situation(NOW))).commands
        ), text
