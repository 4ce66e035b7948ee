"""`haowei nlu train|test|compare`: every form of data, every engine, and what is told when something is missing."""

import asyncio
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.responses import NLU_DATA
from bot.understanding.model_settings import ModelSettings, write_model_settings
from bot.understanding.serving_cost import measure_serving
from haowei import nlu_evaluation
from haowei.settings import load_settings
from tests.bot.understanding.small_data import write_small_data
from tests.line.programs import run
from tests.servers import free_port

pytestmark = pytest.mark.usefixtures("engine")  # learned before a process is asked: learning is told on standard error
ROWS = [
    {"text": "来两碗凉皮", "intent": "order_dishes", "entities": [{"entity": "dish", "start": 3, "end": 5, "value": "凉皮"}]},
    {"text": "我要结账", "intent": "pay_bill"},
    {"text": "查一下积分", "intent": "points_balance", "entities": []},
]
YAML = """\
nlu:
- intent: order_dishes
  examples: |
    - 来两碗[凉皮](dish)
- intent: pay_bill
  examples: |
    - 我要结账
- intent: points_balance
  examples: |
    - 查一下积分
"""
DEMO = str(NLU_DATA.parent / "haowei" / "demo" / "shop.yaml")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder to learn from, sentences in every form to be judged on."""
    write_small_data(tmp_path / "learn")
    (tmp_path / "rows.yml").write_text(YAML, encoding="utf-8")
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / "some.yml").write_text(YAML, encoding="utf-8")
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def models_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where engines of other data are kept, for the commands that run in this process."""
    monkeypatch.setattr(nlu_evaluation, "_OTHER_MODELS", tmp_path / "models")
    return tmp_path / "models"


@pytest.mark.parametrize("rows", ["rows.yml", "rows", "rows.jsonl"])
async def test_sentences_may_come_in_every_form(data: Path, capsys: pytest.CaptureFixture[str], rows: str) -> None:
    code = await nlu_evaluation.test(load_settings(), data / rows, [data / "learn"], None, None)

    said = capsys.readouterr().out
    assert code == 0
    assert "| sentences | 3 |" in said
    assert "| intent accuracy (macro F1) | 1.000 (1.000) |" in said
    assert "confused: nothing" in said


async def test_the_report_stands_beside_its_picture(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = data / "wrong.yml"
    wrong.write_text(YAML.replace("points_balance", "greet"), encoding="utf-8")

    assert await nlu_evaluation.test(load_settings(), wrong, [data / "learn"], None, data / "out" / "r.md") == 0

    assert "greet → points_balance ×1" in capsys.readouterr().out
    text = (data / "out" / "r.md").read_text(encoding="utf-8")
    [picture] = (data / "out").glob("*.svg")
    assert f"]({picture.name})" in text
    assert "查一下积分" in text
    assert ET.fromstring(picture.read_text(encoding="utf-8")).tag.endswith("svg")


async def test_with_a_shop_the_whole_understanding_is_judged(data: Path) -> None:
    rows = data / "rows.jsonl"
    rows.write_text(json.dumps({"text": "两份夫妻肺片", "intent": "order_dishes"}), encoding="utf-8")  # 肺片 is in no example

    ended = await run("nlu", "test", str(rows), "--shop", DEMO, settings={}, folder=data)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "the whole understanding" in ended.stdout
    assert "decisions: act 100.0%, ask 0.0%, fallback 0.0%" in ended.stdout


@pytest.mark.parametrize("path", ["learn", "learn/noodles.yml"], ids=["a folder", "a file"])
async def test_compare_without_rasa_says_so_and_measures_ours(
    data: Path, capsys: pytest.CaptureFixture[str], models_of_this_test: Path, path: str
) -> None:
    code = await nlu_evaluation.compare(load_settings(), data / "rows.yml", [data / path], "")

    said = capsys.readouterr().out
    assert code == 0
    assert "Rasa DIET was not asked: give --rasa-url" in said
    rows = {line.split("|")[1].strip(): line.split("|")[2].strip() for line in said.splitlines() if line.startswith("|")}
    assert rows["sentences"] == "3"
    assert float(rows["load"].removesuffix(" s")) >= 0
    assert float(rows["resident memory of the process"].removesuffix(" MB")) > 5
    assert float(rows["parses a second"]) > 0
    assert len(list(models_of_this_test.glob("*.model"))) == 1


async def test_other_data_may_bring_its_own_settings(data: Path, capsys: pytest.CaptureFixture[str], models_of_this_test: Path) -> None:
    await nlu_evaluation.compare(load_settings(), data / "rows.yml", [data / "learn" / "noodles.yml"], "")
    write_model_settings(data / "learn" / "embedded.yml", ModelSettings(resolved=False))
    await nlu_evaluation.compare(load_settings(), data / "rows.yml", [data / "learn" / "noodles.yml"], "")
    assert len(list(models_of_this_test.glob("*.model"))) == 2

    (data / "learn" / "embedded.yml").write_text("orders: [0]\n")
    assert await nlu_evaluation.compare(load_settings(), data / "rows.yml", [data / "learn"], "") == 2
    assert "embedded.yml: orders cannot be [0]" in capsys.readouterr().err


async def test_a_rasa_that_does_not_answer_is_named_and_ours_is_still_shown(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"

    code = await nlu_evaluation.compare(load_settings(), data / "rows.yml", [data / "learn"], nobody)

    said = capsys.readouterr().out
    assert code == 1
    assert "| sentences | 3 |" in said
    assert "Rasa DIET is not in the table" in said


async def test_data_that_cannot_be_used_is_named(data: Path) -> None:
    broken = data / "broken" / "broken.yml"
    broken.parent.mkdir()
    broken.write_text("nlu:\n- intent: pay_bill\n  examples: |\n    - 结账\n    买单\n", encoding="utf-8")
    rows = str(data / "rows.yml")
    endings = await asyncio.gather(
        run("nlu", "test", "nowhere.yml", settings={}, folder=data),
        run("nlu", "test", str(broken), settings={}, folder=data),
        run("nlu", "test", "--learn-from", str(broken), rows, settings={}, folder=data),
        run("nlu", "compare", "--learn-from", str(data / "learn"), "--learn-from", str(data / "nowhere"), rows, settings={}, folder=data),
        run("nlu", "test", rows, "--shop", str(broken), settings={}, folder=data),
        run("nlu", "test", rows, "--engine", "rasa", settings={}, folder=data),
    )

    assert [ended.returncode for ended in endings] == [2] * len(endings)
    words = ["nowhere.yml:1:", "broken.yml:5:", f"{broken}:5:", "nowhere:1: no such folder", "line 1, nlu", "HAOWEI_RASA_URL is missing"]
    assert [word in ended.stderr for word, ended in zip(words, endings, strict=True)] == [True] * len(endings), endings
    assert not any("Traceback" in ended.stderr for ended in endings)


def test_learning_by_a_chosen_way_keeps_the_choice(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small, chosen = [data / "learn"], tmp_path / "embedded.yml"
    monkeypatch.setattr(nlu_evaluation, "training_folders", lambda _: small)
    monkeypatch.setattr(nlu_evaluation, "SETTINGS_FILE", chosen)

    assert nlu_evaluation.train(load_settings(), tuned=True) == 0

    said = capsys.readouterr().out
    assert f"kept in {chosen}: out of fold: intent accuracy" in said
    assert "sentences of" in said
    assert "intent_c2: " in chosen.read_text(encoding="utf-8")


async def test_two_processes_that_start_at_once_with_no_model_both_work_and_leave_one(data: Path) -> None:
    learned = [data / "learn"], data / "embedded.yml", data / "new", ["买单"] * 3
    both = await asyncio.gather(*(asyncio.to_thread(measure_serving, *learned) for _ in range(2)))

    assert all(cost.speed.per_second > 0 for cost in both)
    [model] = (data / "new").iterdir()
    assert model.suffix == ".model"


async def test_help_names_every_command_and_option(tmp_path: Path) -> None:
    names = ("train", "test", "compare", "parse", "chat")
    every, *each = await asyncio.gather(
        run("nlu", "--help", settings={}, folder=tmp_path), *(run("nlu", name, "--help", settings={}, folder=tmp_path) for name in names)
    )

    assert all(f"    {name} " in every.stdout for name in names)
    options = ["--tune", "--report", "--rasa-url", "--now", "--show"]
    assert [option in ended.stdout for option, ended in zip(options, each, strict=True)] == [True] * len(names)
