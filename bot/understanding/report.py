"""A Markdown report of an evaluation, with a picture of which intents are taken for which."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.understanding.confusion_picture import draw_confusions
from bot.understanding.engine import ACT, ASK, MOST_CHOICES, Understanding
from bot.understanding.evaluation import Quality, Scores
from bot.understanding.rasa_format import Example
from bot.understanding.serving_cost import ServingCost, Speed

_MOST_MISSED = 200
_SHOWN_OF_A_PAIR = 3


def write_report(
    path: Path,
    title: str,
    rows: Sequence[Example],
    answers: Sequence[Understanding],
    scores: Scores,
    *,
    speed: Speed | None = None,
    cost: ServingCost | None = None,
) -> Path:
    """Write a report and its picture.

    Args:
        path: Of the Markdown file; the picture `<name>-confusions.svg` comes beside it.
        title: What was tested on what.
        speed: Of the engine as it was tested.
        cost: Of the embedded engine in a process of its own.

    Returns:
        Where the picture is.
    """
    picture = path.with_name(f"{path.stem}-confusions.svg")
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(draw_confusions(scores, [row.intent for row in rows]), encoding="utf-8")
    sections = [
        f"# {_cell(title)}",
        _summary(scores, speed, cost),
        f"![Which intents are taken for which]({picture.name})",
        "## Intents, weakest first",
        _qualities(scores.by_intent.items()),
        "## Entities (exact place and type)",
        _qualities(scores.by_entity.items()) if scores.by_entity else "None.",
        "## Pairs that are confused",
        _pairs(rows, answers, scores),
        "## Sentences understood otherwise",
        _missed(rows, answers),
    ]
    path.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
    return picture


def _summary(scores: Scores, speed: Speed | None, cost: ServingCost | None) -> str:
    lines = [
        ("sentences", f"{scores.rows}"),
        ("intent accuracy", _share(scores.accuracy)),
        ("intent macro F1", _share(scores.macro_f1)),
        (
            "entities: F1 (precision, recall)",
            f"{_share(scores.entities.f1)} ({_share(scores.entities.precision)}, {_share(scores.entities.recall)})",
        ),
        ("sentences wholly right", _share(scores.exact)),
        ("expected calibration error", f"{scores.calibration_error:.3f}"),
        (f"acts (confidence ≥ {ACT})", f"{_share(scores.act[0])}, right in {_share(scores.act[1])}"),
        (f"asks (≥ {ASK})", f"{_share(scores.ask[0])}, right among {MOST_CHOICES} choices in {_share(scores.ask[1])}"),
        ("falls back", _share(scores.fallback)),
        ("credit (choices that hold the right one count half)", _share(scores.credit)),
    ]
    if speed is not None:
        lines.append(("parses a second; p50, p99", f"{speed.per_second:,.0f}; {speed.p50:.2f} ms, {speed.p99:.2f} ms"))
    if cost is not None:
        own = cost.speed
        lines += [
            ("in a process of its own: parses a second; p50, p99", f"{own.per_second:,.0f}; {own.p50:.2f} ms, {own.p99:.2f} ms"),
            ("load; resident memory", f"{cost.load_seconds:.3f} s; {cost.resident_mb:.0f} MB"),
        ]
    return _table(("what", "figure"), lines)


def _qualities(found: Iterable[tuple[str, Quality]]) -> str:
    weakest = sorted(found, key=lambda one: (one[1].f1, one[0]))
    lines = [
        (name, str(one.rows), _share(one.precision), _share(one.recall), _share(one.f1))
        for name, one in weakest
    ]  # fmt: skip
    return _table(("name", "rows", "precision", "recall", "F1"), lines)


def _pairs(rows: Sequence[Example], answers: Sequence[Understanding], scores: Scores) -> str:
    if not scores.confusions:
        return "None."
    lines = []
    for right, said, count in scores.confusions:
        texts = [row.text for row, answer in zip(rows, answers, strict=True) if (row.intent, answer.intent) == (right, said)]
        lines.append((right, said, str(count), " · ".join(texts[:_SHOWN_OF_A_PAIR])))
    return _table(("right", "said", "times", "for example"), lines)


def _missed(rows: Sequence[Example], answers: Sequence[Understanding]) -> str:
    lines = []
    for row, answer in zip(rows, answers, strict=True):
        if row.intent != answer.intent:
            ranking = ", ".join(f"{name} {confidence:.2f}" for name, confidence in answer.intents[:MOST_CHOICES])
            lines.append((row.text, row.intent, ranking))
    shown = _table(("sentence", "right", "said"), lines[:_MOST_MISSED]) if lines else "None."
    return shown + (f"\n\nand {len(lines) - _MOST_MISSED} more." if len(lines) > _MOST_MISSED else "")


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows)


def _cell(text: str) -> str:
    """Text as it stands: no cell, tag or line of its own."""
    plain = " ".join(text.split())
    for char, written in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("`", "\\`")):
        plain = plain.replace(char, written)
    return plain


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
