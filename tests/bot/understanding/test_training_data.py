"""Reading Rasa NLU files and test rows: both ways to write entities, overlays, and every fault with its line."""

from pathlib import Path

import pytest

from bot.understanding.engine import Entity
from bot.understanding.training_data import TrainingDataError, read_test_rows, read_training_data


def _write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


BASE = """version: "3.1"
nlu:
- intent: order_dishes
  examples: |
    - 来[两](quantity)[碗](unit)[牛肉面](dish)
    - 整个[大拌菜]{"entity": "dish", "value": "凉拌菜"} [微笑]
- intent: bill/split
  examples: |
    - 我们AA
- synonym: 可口可乐
  examples: |
    - 肥宅快乐水
    - 可乐
- lookup: dish
  examples: |
    - 炸酱面
- regex: phone
  examples: |
    - 1[3-9][0-9]{9}
"""


def test_entities_are_read_in_both_forms(tmp_path: Path) -> None:
    _write(tmp_path, "orders.yml", BASE)
    data = read_training_data(tmp_path)
    first, second, third = data.examples
    assert first.text == "来两碗牛肉面"
    assert first.entities == (Entity("quantity", "两", 1, 2), Entity("unit", "碗", 2, 3), Entity("dish", "牛肉面", 3, 6))
    assert second.text == "整个大拌菜 [微笑]"
    assert second.entities == (Entity("dish", "凉拌菜", 2, 5),)
    assert (third.intent, third.place) == ("bill", f"{tmp_path / 'orders.yml'}:9")
    assert all(example.text[e.start : e.end] for example in data.examples for e in example.entities)
    assert data.synonyms == {"肥宅快乐水": "可口可乐", "可乐": "可口可乐", "大拌菜": "凉拌菜"}
    assert data.lookups == {"dish": ("炸酱面",)}
    assert data.regexes == {"phone": ("1[3-9][0-9]{9}",)}
    assert data.warnings == ()


def test_examples_may_be_a_list_of_texts(tmp_path: Path) -> None:
    _write(tmp_path, "a.yml", "nlu:\n- intent: greet\n  examples:\n  - text: |\n      你好呀\n    metadata: {x: 1}\n  - text: 早\n")
    assert [example.text for example in read_training_data(tmp_path).examples] == ["你好呀", "早"]


def test_an_overlay_adds_and_has_the_last_word(tmp_path: Path) -> None:
    _write(tmp_path / "base", "a.yml", BASE)
    _write(
        tmp_path / "chain",
        "own.yml",
        "nlu:\n- intent: view_menu\n  examples: |\n    - 我们 AA\n    - 有什么锅\n"
        "- synonym: 百事可乐\n  examples: |\n    - 可乐\n- lookup: dish\n  examples: |\n    - 肥牛锅\n",
    )
    data = read_training_data(tmp_path / "base", tmp_path / "chain")
    assert {example.text: example.intent for example in data.examples}["我们 AA"] == "view_menu"
    assert "bill" not in {example.intent for example in data.examples}
    assert data.synonyms["可乐"] == "百事可乐"
    assert data.synonyms["肥宅快乐水"] == "可口可乐"
    assert data.lookups["dish"] == ("炸酱面", "肥牛锅")
    assert len(data.warnings) == 1
    assert data.warnings[0].line == 4
    assert "bill" in data.warnings[0].problem


def test_a_sentence_with_two_intents_is_told_and_a_repeated_one_counts_once(tmp_path: Path) -> None:
    _write(tmp_path, "a.yml", "nlu:\n- intent: affirm\n  examples: |\n    - 中\n    - 中\n- intent: deny\n  examples: |\n    - 中\n")
    data = read_training_data(tmp_path)
    assert [(example.text, example.intent) for example in data.examples] == [("中", "affirm"), ("中", "deny")]
    (warning,) = data.warnings
    assert (warning.line, "affirm" in warning.problem, "deny" in warning.problem) == (8, True, True)


def test_all_faults_of_all_files_are_told_together_with_their_lines(tmp_path: Path) -> None:
    wrong = """nlu:
- intent: order_dishes
  examples: |
    - 来份[烤鱼](dish)
    来份烤鱼
    - 来份[烤鱼]()
    - 来份[烤鱼]{"entity": 烤鱼}
    - 来份[烤鱼]{"value": "鱼"}
    - 来份[](dish)
- examples: |
    - 谁的
- intent: greet
- lookup: dish
  intent: both
  examples: |
    - 面
"""
    _write(tmp_path, "a.yml", wrong)
    _write(tmp_path, "b.yml", "nlu:\n  - intent: x\n   examples: |\n")
    _write(tmp_path, "c.yml", "nlu: 3\n")
    (tmp_path / "d.yml").write_bytes(b"nlu:\n\xff\xfe")
    with pytest.raises(TrainingDataError) as caught:
        read_training_data(tmp_path)
    places = [(Path(fault.file).name, fault.line) for fault in caught.value.faults]
    assert places == [*(("a.yml", line) for line in (5, 6, 7, 8, 9, 10, 12, 13)), ("b.yml", 3), ("c.yml", 1), ("d.yml", 1)]
    assert all(f":{fault.line}: " in str(caught.value) for fault in caught.value.faults)


def test_no_folder_or_no_example_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="no such folder"):
        read_training_data(tmp_path / "nowhere")
    _write(tmp_path, "responses.yml", "responses:\n  utter_a:\n  - text: 好\n")
    with pytest.raises(TrainingDataError, match="no examples"):
        read_training_data(tmp_path)


def test_test_rows_are_read_from_json_lines_and_from_rasa_files(tmp_path: Path) -> None:
    entity = '{"start": 1, "end": 3, "entity": "dish", "value": "凉面"}'
    rows = f'{{"text": "来凉面", "intent": "order_dishes", "entities": [{entity}]}}\n\n{{"text": "早", "intent": "greet"}}\n'
    first, second = read_test_rows(_write(tmp_path, "rows.jsonl", rows))
    assert first.entities == (Entity("dish", "凉面", 1, 3),)
    assert (second.intent, second.entities) == ("greet", ())
    twice = "nlu:\n- intent: a\n  examples: |\n    - 嗯\n- intent: b\n  examples: |\n    - 嗯\n"
    assert [row.intent for row in read_test_rows(_write(tmp_path, "rows.yml", twice))] == ["a", "b"]


@pytest.mark.parametrize(
    "line",
    ['{"text": "早"}', "早", "[1]", '{"text": "早", "intent": "a", "entities": [{"start": 0, "end": 4, "entity": "x"}]}'],
)
def test_rows_that_are_no_rows_are_told_with_their_line(tmp_path: Path, line: str) -> None:
    path = _write(tmp_path, "rows.jsonl", '{"text": "早", "intent": "greet"}\n' + line + "\n")
    with pytest.raises(TrainingDataError) as caught:
        read_test_rows(path)
    assert [fault.line for fault in caught.value.faults] == [2]
