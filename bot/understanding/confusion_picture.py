"""A heat map of intents as SVG: a row for the right intent, a column for the said one, so that what is confused stands off the diagonal."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from bot.understanding.evaluation import Scores

_CELL = 17
_LEFT, _TOP = 165, 178
_RIGHT, _BOTTOM = 60, 46
_FONT = "font-family='system-ui, -apple-system, Segoe UI, sans-serif'"
_INK, _FAINT, _GRID = "#1f2933", "#66717d", "#e4e8ec"


def draw_confusions(scores: Scores, right: Sequence[str]) -> str:
    """The picture.

    Args:
        right: The right intent of each sentence.
    """
    rows = Counter(right)
    names = sorted({*rows, *(said for _, said, _ in scores.confusions)})
    place = {name: number for number, name in enumerate(names)}
    side = _CELL * len(names)
    wrong = sum(count for _, _, count in scores.confusions)
    confused = {name for pair in scores.confusions for name in pair[:2]}
    parts = [_text(12, 24, f"{scores.rows - wrong} of {scores.rows} sentences right", size=16, weight="600")]
    parts.append(_text(12, 44, "row: the right intent · column: what was said · the darker, the larger the share of the row", fill=_FAINT))
    for name, number in place.items():
        at = number * _CELL
        ink = _INK if name in confused else _FAINT
        parts.append(_text(_LEFT - 8, _TOP + at + 12.5, name, anchor="end", fill=ink))
        over = (_LEFT + at + 12, _TOP - 8)
        parts.append(_text(*over, name, fill=ink, turned=f" transform='rotate(-60 {over[0]} {over[1]})'"))
        parts.append(f"<path d='M{_LEFT} {_TOP + at}h{side}M{_LEFT + at} {_TOP}v{side}' stroke='{_GRID}'/>")
    parts.append(f"<rect x='{_LEFT}' y='{_TOP}' width='{side}' height='{side}' fill='none' stroke='{_GRID}'/>")
    for name in rows:
        quality = scores.by_intent[name]
        tip = f"{name}: {round(quality.recall * rows[name])} of {rows[name]}"
        parts.append(_square(place[name], place[name], quality.recall, "#2f7d5b", tip))
    for said_right, said, count in scores.confusions:
        tip = f"{said_right} taken for {said}: {count} of {rows[said_right]}"
        share = count / rows[said_right]
        parts.append(_square(place[said_right], place[said], max(0.25, min(1.0, 3 * share)), "#c0392b", tip))
        x, y = _LEFT + place[said] * _CELL + _CELL / 2, _TOP + place[said_right] * _CELL + 12.5
        parts.append(_text(x, y, str(count), anchor="middle", fill="#ffffff" if 3 * share > 0.45 else _INK, weight="600"))
    width, height = _LEFT + side + _RIGHT, _TOP + side + _BOTTOM
    parts.append(_text(_LEFT, _TOP + side + 26, "green: share found · red: taken for another (times)", fill=_FAINT))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}' {_FONT}>\n"
        f"<rect width='{width}' height='{height}' fill='#ffffff'/>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _square(row: int, column: int, depth: float, colour: str, tip: str) -> str:
    x, y = _LEFT + column * _CELL + 1, _TOP + row * _CELL + 1
    size = _CELL - 2
    return (
        f"<rect x='{x}' y='{y}' width='{size}' height='{size}' rx='2' fill='{colour}' fill-opacity='{depth:.2f}'>"
        f"<title>{escape(tip)}</title></rect>"
    )


def _text(
    x: float, y: float, words: str, *, size: int = 11, anchor: str = "start", fill: str = _INK, weight: str = "400", turned: str = ""
) -> str:
    placed = f"x='{x}' y='{y}' font-size='{size}' text-anchor='{anchor}' fill='{fill}' font-weight='{weight}'"
    return f"<text {placed}{turned}>{escape(words)}</text>"
