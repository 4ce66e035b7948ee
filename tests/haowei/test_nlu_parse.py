"""`haowei nlu parse` as whoever judges us runs it: the shape of its lines, shops with gaps, bytes that are no text."""

import asyncio
import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.understanding.interpretation import Decision
from tests.line.programs import command, environment, run

pytestmark = pytest.mark.usefixtures("engine")  # learned before a process is asked: learning is told on standard error
WEDNESDAY = "2026-11-18T14:20"
SHOP = """
menu:
- {name: 毛血旺, aliases: [血旺], unit: 锅}
- {name: 三杯鸡}
- {name: 三杯鸡腿饭, unit: 份}
hours: ["17:00-02:00"]
"""
LINES = [
    "来两锅血旺",
    "明天8点4大2小订个包间",
    "三杯鸡",
    "",
    "   ",
    "囧rz#¥%",
    "<xml>&'\"{0}%s</xml>",
    "我要投诉" * 2500,
    "买\x00单\x1b[31m",
    "买单\x0b再\x0c见\x1c",
    "买单\x85\u2028\u2029谢谢",
    "👨‍👩‍👧‍👦",
    "\ufeff你好",
    "多少钱\r",
]
NO_TEXT = [b"\xff\xfe\x80", "来两锅血旺".encode("gbk"), "来两".encode()[:-1], b"\xed\xa0\x80"]


async def parsed(*arguments: str, stdin: bytes, folder: Path, **settings: str) -> list[dict[str, Any]]:
    ended = await run("nlu", "parse", *arguments, settings=settings, folder=folder, stdin=stdin)
    assert (ended.returncode, ended.stderr) == (0, "")
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.fixture
def shop(tmp_path: Path) -> str:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP, encoding="utf-8")
    return str(file)


async def test_each_line_is_answered_by_one_object_in_rasas_shape(tmp_path: Path, shop: str) -> None:
    stdin = b"\n".join([*(line.encode() for line in LINES), *NO_TEXT])  # the last line does not end

    found = await parsed("--shop", shop, "--now", WEDNESDAY, stdin=stdin, folder=tmp_path, LC_ALL="C", PYTHONUTF8="0")

    texts = [*(line.rstrip("\r") for line in LINES), *(raw.decode(errors="replace") for raw in NO_TEXT)]
    assert [answer["text"] for answer in found] == texts
    for answer in found:
        assert list(answer) == ["text", "intent", "intent_ranking", "entities", "decision", "choices"]
        assert answer["intent"] == answer["intent_ranking"][0]
        sure = [one["confidence"] for one in answer["intent_ranking"]]
        assert sure == sorted(sure, reverse=True)
        assert sum(sure) < 1 + 1e-6
        assert answer["decision"] in set(Decision)
        assert bool(answer["choices"]) == (answer["decision"] == "ask")
        assert len(answer["choices"]) <= 3
        for item in answer["entities"]:
            assert list(item) == ["entity", "value", "start", "end"]
            assert 0 <= item["start"] < item["end"] <= len(answer["text"])


async def test_values_come_from_the_shop_and_the_clock_that_were_given(tmp_path: Path, shop: str) -> None:
    stdin = "来两锅血旺\n后天8点4大2小\n三杯鸡".encode()

    dish, booking, whole_name = await parsed("--shop", shop, "--now", WEDNESDAY, stdin=stdin, folder=tmp_path)

    assert dish["decision"] == "act"
    assert dish["intent"]["name"] == "order_dishes"
    [item] = dish["entities"]
    assert dish["text"][item["start"] : item["end"]] == "血旺"
    value = {"name": "毛血旺", "n": 2, "unit": "锅", "approx": False, "per_person": False, "options": [], "exact": True}
    assert (item["entity"], item["value"]) == ("dish", value)
    values = {item["entity"]: item["value"] for item in booking["entities"]}
    assert set(values["time"]) == {"date", "time", "part", "grain", "approx", "delta_minutes", "alternatives"}
    assert (values["time"]["date"], values["time"]["time"]) == ("2026-11-20", "20:00")  # it opens at five
    assert values["people"] == {"n": 6, "kids": 2, "approx": False, "delta": False}
    [item] = whole_name["entities"]
    assert (item["value"]["name"], item["start"], item["end"]) == ("三杯鸡", 0, 3)  # its number is part of the name


@pytest.mark.parametrize(
    ("now", "date"),
    [
        ("2026-11-18T23:30", "2026-11-19"),
        ("2026-11-18T23:30+08:00", "2026-11-19"),
        ("2026-11-18T23:30Z", "2026-11-20"),  # half past seven in the morning, a day later, where the shop is
        ("2026-11-18", "2026-11-19"),
    ],
)
async def test_now_may_name_a_zone(tmp_path: Path, now: str, date: str) -> None:
    [answer] = await parsed("--now", now, stdin="明天下午六点".encode(), folder=tmp_path)

    [time] = answer["entities"]
    assert (time["value"]["date"], time["value"]["time"]) == (date, "18:00")


async def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("menu:\n- {name: 面, prise: 3}\n- {name: 饭, unit: [碗]}\nhours: never\n", encoding="utf-8")
    file, missing, folder, clock, engine = await asyncio.gather(
        run("nlu", "parse", "--shop", str(wrong), settings={}, folder=tmp_path),
        run("nlu", "parse", "--shop", "nowhere.yaml", settings={}, folder=tmp_path),
        run("nlu", "chat", "--shop", str(tmp_path), settings={}, folder=tmp_path),
        run("nlu", "parse", "--now", "tomorrow", settings={}, folder=tmp_path),
        run("nlu", "parse", "--engine", "rasa", settings={}, folder=tmp_path),
    )

    assert [ended.returncode for ended in (file, missing, folder, clock, engine)] == [2] * 5
    assert [line.partition(": ")[0] for line in file.stderr.splitlines()[1:]] == [
        "line 2, menu[0].prise",
        "line 3, menu[1].unit",
        "line 4, hours[0]",
    ]
    assert "nowhere.yaml" in missing.stderr
    assert str(tmp_path) in folder.stderr
    assert "--now: 'tomorrow'" in clock.stderr
    assert "HAOWEI_RASA_URL" in engine.stderr
    assert not any("Traceback" in ended.stderr + ended.stdout for ended in (file, missing, folder, clock, engine))


def started(*arguments: str, folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command("nlu", *arguments),
        env=environment({}),
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("name", ["parse", "chat"])
def test_an_answer_comes_before_the_next_line_and_ctrl_c_ends_the_waiting(tmp_path: Path, name: str) -> None:
    with started(name, folder=tmp_path) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("我的积分\n".encode())
        process.stdin.flush()
        assert "积" in process.stdout.readline().decode()
        process.send_signal(signal.SIGINT)

        assert process.wait(30) == 130
        assert process.stderr.read() == b""


def test_who_reads_may_stop_reading(tmp_path: Path) -> None:
    with started("parse", folder=tmp_path) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("买单\n".encode() * 2000)
        process.stdin.close()
        assert json.loads(process.stdout.readline())["intent"]["name"] == "pay_bill"
        process.stdout.close()

        assert process.wait(30) == 1
        assert process.stderr.read() == b""
