"""A chain's own examples, words and texts: they change what is understood and said, and what is wrong in them stops every command."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.responses import NLU_DATA
from bot.understanding.embedded import EmbeddedEngine
from haowei.settings import SettingsError
from haowei.understanding import embedded_engine, load_responses, training_folders
from tests.line.programs import run

# Cantonese for paying. 埋数 is shown in sentences, 找数 only named as a word of a class that our data has.
EXAMPLES = """\
nlu:
- intent: pay_bill
  examples: |
    - 埋数
    - 唔该埋数
    - 而家埋数啦
    - 边度埋数
    - 我想埋数先
- lookup: pay_words
  examples: |
    - 埋数
    - 找数
"""
TEXTS = """\
responses:
  utter_greet:
  - text: 欢迎光临{brand}，饮茶未？
"""
WRONG_EXAMPLES = """\
nlu:
- intent: pay_bil
  examples: |
    - 埋数
- intent: book_table
  examples: |
    - 订[今晚](tme)
    今晚有位吗
"""
WRONG_TEXTS = """\
responses:
  utter_gret:
  - text: 你好
  utter_greet:
  - text: 你好{brnd}
  utter_thank:
  - txt: 谢谢
  utter_goodbye:
  - text: 再见{
"""
FAULTS = [
    ("nlu/own.yml:4", "no intent pay_bil; did you mean pay_bill?"),
    ("nlu/own.yml:7", "no entity tme; did you mean time?"),
    ("nlu/own.yml:8", "begins with a dash"),
    ("responses/own.yml:2", "no text utter_gret; did you mean utter_greet?"),
    ("responses/own.yml:5", "nothing fills in {brnd} here; known: brand"),
    ("responses/own.yml:6", "utter_thank needs the form"),
    ("responses/own.yml:9", "braces"),
]


def overlay(folder: Path, examples: str, texts: str) -> Path:
    for name, text in (("nlu", examples), ("responses", texts)):
        (folder / name).mkdir(parents=True)
        (folder / name / "own.yml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return overlay(tmp_path_factory.mktemp("own"), EXAMPLES, TEXTS)


@pytest.fixture(scope="module")
def taught(own: Path) -> EmbeddedEngine:
    """Kept by its content like every model: learned once, not once a run."""
    return embedded_engine(own)


@pytest.mark.parametrize("text", ["我要埋数了", "靓女 找数"], ids=["by examples", "by a word of a class"])
def test_it_is_understood_where_it_was_not(engine: EmbeddedEngine, taught: EmbeddedEngine, text: str) -> None:
    before, now = (dict(one.understand(text, most=99).intents).get("pay_bill", 0.0) for one in (engine, taught))

    assert before < 0.3
    assert taught.understand(text).intent == "pay_bill"
    assert now >= 0.7


def test_what_was_understood_still_is(engine: EmbeddedEngine, taught: EmbeddedEngine) -> None:
    assert taught.intents == engine.intents
    for text in ("帮我结账", "明天晚上订个包间", "还有多少积分"):
        assert taught.understand(text).intent == engine.understand(text).intent


def test_its_texts_stand_in_place_of_ours(own: Path) -> None:
    ours, texts = load_responses(None), load_responses(own)

    assert texts.render("greet", {"brand": "好味"}, seed="1") == "欢迎光临好味，饮茶未？"
    assert texts.names() == ours.names()
    assert texts.intent_titles() == ours.intent_titles()


async def test_the_commands_use_it(own: Path, taught: EmbeddedEngine, tmp_path: Path) -> None:
    settings = {"HAOWEI_NLU_OVERLAY": str(own)}
    parsed, said = await asyncio.gather(
        run("nlu", "parse", settings=settings, folder=tmp_path, stdin="我要埋数了".encode()),
        run("nlu", "chat", settings=settings, folder=tmp_path, stdin="你好".encode()),
    )

    answer = json.loads(parsed.stdout)
    assert (answer["intent"]["name"], answer["decision"]) == ("pay_bill", "act")
    assert "饮茶未" in said.stdout
    assert parsed.stderr == said.stderr == ""  # nothing is learned: the model is there


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_fault_is_named_by_every_command(tmp_path: Path, database_url: str) -> None:
    wrong = overlay(tmp_path / "wrong", WRONG_EXAMPLES, WRONG_TEXTS)
    settings = {
        "HAOWEI_NLU_OVERLAY": str(wrong),
        "HAOWEI_DATABASE_URL": database_url,
        "HAOWEI_PUBLIC_URL": "http://127.0.0.1:1",
        "HAOWEI_SECRET_KEY": "k" * 48,
        "HAOWEI_WECHAT_APP_ID": "wx0123456789abcdef",
        "HAOWEI_WECHAT_APP_SECRET": "s" * 32,
        "HAOWEI_WECHAT_TOKEN": "token",
        "HAOWEI_WECHAT_AES_KEY": "k" * 43,
        "HAOWEI_WECHAT_API_URL": "http://127.0.0.1:1",
    }
    without_account = {name: value for name, value in settings.items() if "WECHAT_APP" not in name}
    sentences = str(NLU_DATA / "evaluation" / "diners.yml")
    endings = await asyncio.gather(
        *(run(name, settings=settings, folder=tmp_path) for name in ("serve", "web", "worker")),
        *(run("nlu", name, settings=settings, folder=tmp_path) for name in ("train", "parse", "chat")),
        *(run("nlu", name, sentences, settings=settings, folder=tmp_path) for name in ("test", "compare")),
        run("demo", settings=without_account, folder=tmp_path),
    )

    for ended in endings:
        assert ended.returncode == 2, ended
        told = [line.removeprefix(f"  HAOWEI_NLU_OVERLAY: {wrong}/") for line in ended.stderr.splitlines() if "NLU_OVERLAY" in line]
        assert [line.partition(": ")[0] for line in told] == [place for place, _ in FAULTS], ended
        assert all(word in line for (_, word), line in zip(FAULTS, told, strict=True)), ended
        assert "Traceback" not in ended.stderr


JUNK = [
    ("nlu", b"nlu: [", "not YAML"),
    ("nlu", b"nlu: 3", "must be a list"),
    ("nlu", "nlu: 买单".encode("gbk"), "UTF-8"),
    ("responses", b"responses: [", "not YAML"),
    ("responses", b"responses: 3", "no map"),
    ("responses", b"", "no map"),
    ("responses", "responses: 买单".encode("gbk"), "UTF-8"),
    ("responses", b"responses:\n  utter_greet: hello\n", "needs the form"),
    ("responses", b"responses:\n  utter_greet: []\n", "needs the form"),
    ("responses", b"responses:\n  utter_greet:\n  - text: [a]\n", "needs the form"),
    ("responses", b"responses:\n  utter_greet:\n  - text: a{brand.__class__}\n", "no plain name"),
    ("responses", b"responses:\n  utter_greet:\n  - text: a{}\n", "no plain name"),
    ("responses", b"responses:\n  utter_greet: [{text: a}]\n  utter_greet: [{text: b}]\n", "already"),
]


@pytest.mark.parametrize(("name", "content", "word"), JUNK, ids=range(len(JUNK)))
def test_junk_is_a_fault_with_its_file(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "own.yml").write_bytes(content)

    for use in (training_folders, load_responses):
        with pytest.raises(SettingsError, match=word) as refused:
            use(tmp_path)
        assert [str(tmp_path / name / "own.yml") in fault for fault in refused.value.faults] == [True]


def test_a_folder_in_which_nothing_would_be_found_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="neither a folder nlu nor a folder responses"):
        training_folders(tmp_path)
    (tmp_path / "responses").mkdir()
    (tmp_path / "responses" / "own.yaml").write_text(TEXTS, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"must end in \.yml"):
        load_responses(tmp_path)


def test_one_half_is_enough(tmp_path: Path) -> None:
    (tmp_path / "nlu").mkdir()

    assert training_folders(tmp_path) == [NLU_DATA / "nlu", tmp_path / "nlu"]
    assert load_responses(tmp_path).names() == load_responses(None).names()
