"""Every word that can be said exists, and every value in it is given."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from bot.responses import NLU_DATA, Responses, ResponsesError
from bot.understanding.embedded import EmbeddedEngine
from domain.kernel.errors import DomainError
from haowei.runtime import SKILLS  # noqa: F401 - loads every skill, and with them every error

RESPONSES = Responses.load(NLU_DATA / "responses")
_ROOT = Path(__file__).parents[2]
_NOT_FOR_DINERS = ("messaging.", "dialogue.", "printing.", "shop.", "domain.")


def _subclasses(kind: type[DomainError]) -> list[type[DomainError]]:
    return [found for child in kind.__subclasses__() for found in (child, *_subclasses(child))]


def test_every_refusal_has_its_words() -> None:
    codes = {error.code for error in _subclasses(DomainError) if not error.code.startswith(_NOT_FOR_DINERS)}
    missing = [code for code in sorted(codes) if "refused_" + code.replace(".", "_") not in RESPONSES]
    assert missing == []


def test_every_prompt_named_in_the_code_exists_and_none_is_left_over() -> None:
    sources = [*(_ROOT / "bot").rglob("*.py"), *(_ROOT / "wechat_gateway").rglob("*.py")]
    quoted = {word for path in sources for word in re.findall(r'"([a-z_]+)"', path.read_text(encoding="utf-8"))}
    named = {name for path in sources for name in re.findall(r'(?:Prompt|says)\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8"))}
    assert sorted(named - RESPONSES.names()) == []
    used_by_name = ("refused_", "intent_")
    assert sorted(name for name in RESPONSES.names() if not name.startswith(used_by_name) and name not in quoted) == []


def test_every_intent_that_is_learned_has_a_title_to_be_asked_by(engine: EmbeddedEngine) -> None:
    silent = {"out_of_scope"}  # 都不是 stands for it
    assert set(engine.intents) - silent == RESPONSES.intent_titles().keys()


def test_the_same_turn_always_says_the_same() -> None:
    assert len({RESPONSES.render("thank", {}, seed="x") for _ in range(20)}) == 1
    assert len({RESPONSES.render("thank", {}, seed=str(seed)) for seed in range(50)}) > 1


def test_an_overlay_replaces_words_and_a_wrong_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("responses:\n  utter_thank:\n    - text: 谢谢光临\n", encoding="utf-8")
    assert Responses.load(NLU_DATA / "responses", tmp_path).render("thank", {}, seed="x") == "谢谢光临"
    (tmp_path / "wrong.yml").write_text("thanks: yes\n", encoding="utf-8")
    with pytest.raises(ResponsesError, match=r"wrong\.yml"):
        Responses.load(tmp_path)


def test_a_text_is_rendered_with_its_values_as_they_are() -> None:
    responses = Responses({"utter_x": ("{{{dish}}} ×{n}：{dish}{{name}}100%",)})
    assert responses.render("x", {"dish": "{n}鱼%s", "n": Decimal("1.5"), "more": 1}, seed="") == "{{n}鱼%s} ×1.5：{n}鱼%s{name}100%"
    with pytest.raises(KeyError):
        responses.render("x", {"dish": "鱼"}, seed="")


@pytest.mark.parametrize("text", ["{a.__class__}", "{a[0]}", "{a!r}", "{a:>5}", "{}", "{0}", "{a b}", "共{total", "共total}"])
def test_only_plain_names_in_braces_are_a_text(text: str) -> None:
    with pytest.raises(ResponsesError, match="utter_x"):
        Responses({"utter_y": ("{a}",), "utter_x": ("好的", text)})
