"""The report and its picture: well-formed, whole, and safe for whatever a diner writes."""

from pathlib import Path
from xml.etree import ElementTree as ET

from bot.understanding.confusion_picture import draw_confusions
from bot.understanding.engine import Entity, Understanding
from bot.understanding.evaluation import score
from bot.understanding.report import write_report
from bot.understanding.serving_cost import ServingCost, Speed
from bot.understanding.training_data import Example

SVG = "{http://www.w3.org/2000/svg}"


def _rows(intents: int) -> tuple[list[Example], list[Understanding]]:
    rows, answers = [], []
    for number in range(intents * 4):
        right = f"intent_{number % intents}"
        said = f"intent_{(number + 1) % intents}" if number % 7 == 0 else right
        rows.append(Example(f"第{number}句", right, (Entity("dish", "句", 2, 3),)))
        answers.append(Understanding(f"第{number}句", ((said, 0.8), (right, 0.1)) if said != right else ((said, 0.9),)))
    return rows, answers


def test_the_report_tells_figures_pairs_and_sentences(tmp_path: Path) -> None:
    rows, answers = _rows(6)
    path = tmp_path / "reports" / "test.md"
    cost = ServingCost(Speed(4000, 0.2, 0.9), 0.031, 27.4)
    picture = write_report(path, "Embedded on test", rows, answers, score(rows, answers), speed=Speed(3000, 0.3, 1.1), cost=cost)
    text = path.read_text(encoding="utf-8")
    assert picture.parent == path.parent
    assert f"]({picture.name})" in text
    wrong = sum(row.intent != said.intent for row, said in zip(rows, answers, strict=True))
    assert f"| intent accuracy | {100 * (1 - wrong / len(rows)):.1f} % |" in text
    assert "| load; resident memory | 0.031 s; 27 MB |" in text
    assert text.count("| intent_0 |") >= 1
    assert all(row.text in text for row, said in zip(rows, answers, strict=True) if row.intent != said.intent)
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.endswith("|")


def test_the_picture_has_a_square_for_each_pair(tmp_path: Path) -> None:
    rows, answers = _rows(66)
    scores = score(rows, answers)
    root = ET.fromstring(draw_confusions(scores, [row.intent for row in rows]))
    tips = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert sum(" taken for " in tip for tip in tips) == len(scores.confusions)
    assert sum(" taken for " not in tip for tip in tips) == 66
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for square in root.iter(f"{SVG}rect"):
        assert 0 <= float(square.attrib.get("x", 0)) <= width - float(square.attrib["width"])
        assert 0 <= float(square.attrib.get("y", 0)) <= height - float(square.attrib["height"])
    labels = [text.text for text in root.iter(f"{SVG}text")]
    assert labels.count("intent_65") == 2


def test_words_of_diners_stay_words(tmp_path: Path) -> None:
    hostile = "<script>x</script> | `rm` \n# 标题 \\"
    rows = [Example(hostile, "a<b>&'\""), Example("好", "a<b>&'\"")]
    answers = [Understanding(hostile, (("c|d", 0.9),)), Understanding("好", (("a<b>&'\"", 0.9),))]
    picture = write_report(tmp_path / "r.md", "T <i>", rows, answers, score(rows, answers))
    text = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "\n# 标题" not in text
    assert "\\| \\`rm\\`" in text
    ET.fromstring(picture.read_text(encoding="utf-8"))


def test_everything_right_is_told_without_empty_tables(tmp_path: Path) -> None:
    rows = [Example("好", "affirm")]
    answers = [Understanding("好", (("affirm", 1.0),))]
    write_report(tmp_path / "r.md", "all right", rows, answers, score(rows, answers))
    text = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert text.count("None.") == 3
