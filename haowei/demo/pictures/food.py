"""Pieces of food seen from above: each has a shadow, a body and a light from the upper left."""

import math
import random
from collections.abc import Callable, Sequence

from haowei.demo.pictures.canvas import Canvas, Colour, Point, colour, dark, light, turned

Piece = Callable[[Canvas, float, float, float, Colour, random.Random], None]

_TURN = 2 * math.pi


def _rounded(power: float, points: int = 20) -> list[Point]:
    """A square with round corners as a superellipse."""

    def along(value: float) -> float:
        return math.copysign(abs(value) ** (2 / power), value)

    return [(along(math.cos(_TURN * i / points)), along(math.sin(_TURN * i / points))) for i in range(points)]


_CUBE = _rounded(4)
_LEAF = [(math.cos(t), 0.42 * math.sin(t) * (1 + 0.5 * math.cos(t))) for t in (_TURN * i / 18 for i in range(18))]
_CRESCENT = [(math.cos(t), math.sin(t)) for t in (math.pi * i / 12 for i in range(13))] + [
    (0.95 * math.cos(t), -0.22 * math.sin(t)) for t in (math.pi * (1 - i / 12) for i in range(13))
]


def cube(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A cube of meat or curd with a glazed top."""
    angle = dice.uniform(0, _TURN)
    c.shape(turned(_CUBE, x + size * 0.12, y + size * 0.2, size, angle), dark(fill, 0.45))
    c.shape(turned(_CUBE, x, y, size, angle), dark(fill, 0.12))
    c.shape(turned(_CUBE, x - size * 0.08, y - size * 0.12, size * 0.8, angle), light(fill, 0.06))
    c.disc(x - size * 0.28, y - size * 0.36, size * 0.24, light(fill, 0.5), size * 0.12)


def belly(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """Pork belly: skin, fat and lean in layers."""
    angle = dice.uniform(-0.7, 0.7)
    c.shape(turned(_CUBE, x + size * 0.1, y + size * 0.22, size, angle), dark(fill, 0.55))
    c.shape(turned(_CUBE, x, y, size, angle), fill)
    for place, layer in ((-0.18, light(fill, 0.42)), (0.3, light(fill, 0.28))):
        ends = turned([(-0.82, place), (0.82, place)], x, y, size, angle)
        c.stroke(ends, size * 0.24, layer)
    c.shape(turned([(-0.8, -0.9), (0.8, -0.9), (0.88, -0.52), (-0.88, -0.52)], x, y, size, angle), dark(fill, 0.25))
    c.stroke(turned([(-0.6, -0.74), (0.25, -0.74)], x, y, size, angle), size * 0.13, light(fill, 0.6))


def strip(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A strip or shred, a little bent."""
    angle = dice.uniform(0, _TURN)
    bend = dice.uniform(-0.35, 0.35)
    line = [(-1.0, 0.0), (-0.4, bend), (0.4, bend), (1.0, 0.0)]
    c.stroke(turned(line, x + 0.8, y + 1.4, size, angle), size * 0.32, dark(fill, 0.4))
    c.stroke(turned(line, x, y, size, angle), size * 0.3, fill)
    c.stroke(turned([(px * 0.7, py - 0.05) for px, py in line], x - 0.3, y - 0.5, size, angle), size * 0.08, light(fill, 0.4))


def slice_(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A thin slice that folds at one side."""
    angle = dice.uniform(0, _TURN)
    oval = [(math.cos(t), 0.62 * math.sin(t) + 0.05 * math.sin(3 * t)) for t in (_TURN * i / 20 for i in range(20))]
    c.shape(turned(oval, x + size * 0.1, y + size * 0.16, size, angle), dark(fill, 0.38))
    c.shape(turned(oval, x, y, size, angle), fill)
    c.stroke(turned([(-0.6, 0.1), (0, -0.12), (0.6, 0.08)], x, y, size, angle), size * 0.09, dark(fill, 0.16))
    c.stroke(turned([(-0.5, -0.3), (0.15, -0.42)], x, y, size, angle), size * 0.12, light(fill, 0.5))


def coin(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A round slice with a skin: cucumber, lotus, bean."""
    c.disc(x + size * 0.1, y + size * 0.2, size, dark(fill, 0.5), size * 0.9)
    c.disc(x, y, size, dark(fill, 0.28), size * 0.9)
    c.disc(x, y, size * 0.82, light(fill, 0.45), size * 0.73)
    for step in range(5):
        angle = _TURN * step / 5 + dice.random()
        c.disc(x + math.cos(angle) * size * 0.36, y + math.sin(angle) * size * 0.32, size * 0.09, light(fill, 0.72))


def ball(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """Something round: a nut, a dumpling of rice flour, a berry."""
    c.disc(x + size * 0.15, y + size * 0.25, size, dark(fill, 0.42))
    c.disc(x, y, size, dark(fill, 0.1))
    c.disc(x - size * 0.1, y - size * 0.14, size * 0.8, light(fill, 0.08))
    c.disc(x - size * 0.34, y - size * 0.4, size * 0.24, light(fill, 0.65))


def grain(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A grain of rice or a shred of egg."""
    angle = dice.uniform(0, _TURN)
    c.stroke(turned([(-1, 0), (1, 0)], x + 0.3, y + 0.7, size, angle), size * 0.9, dark(fill, 0.18))
    c.stroke(turned([(-1, 0), (1, 0)], x, y, size, angle), size * 0.85, light(fill, dice.uniform(0, 0.35)))


def leaf(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A leaf with its rib."""
    angle = dice.uniform(0, _TURN)
    c.shape(turned(_LEAF, x + size * 0.06, y + size * 0.12, size, angle), dark(fill, 0.45))
    c.shape(turned(_LEAF, x, y, size, angle), fill)
    c.shape(turned(_LEAF, x - size * 0.02, y - size * 0.05, size * 0.72, angle), light(fill, 0.14))
    c.stroke(turned([(-0.9, 0), (0.8, 0)], x, y, size, angle), size * 0.07, light(fill, 0.5))


def floret(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A floret of broccoli."""
    c.disc(x + size * 0.1, y + size * 0.24, size * 0.95, dark(fill, 0.55))
    c.stroke([(x, y), (x + size * 0.35, y + size * 0.85)], size * 0.42, light(fill, 0.42))
    for ring, count, share in ((0.6, 9, 0.0), (0.3, 6, 0.12), (0.0, 1, 0.2)):
        for step in range(count):
            angle = _TURN * step / count + dice.random()
            at = x + math.cos(angle) * size * ring, y + math.sin(angle) * size * ring * 0.9
            c.disc(at[0], at[1], size * 0.3, light(fill, share))
            c.disc(at[0] - size * 0.08, at[1] - size * 0.1, size * 0.12, light(fill, share + 0.22))


def prawn(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A prawn curled up."""
    start = dice.uniform(0, 360)
    c.arc(x + 1, y + 2, size, start, start + 250, dark(fill, 0.4), size * 0.52)
    c.arc(x, y, size, start, start + 250, fill, size * 0.5)
    for step in range(7):
        angle = math.radians(start + 18 + step * 33)
        inner, outer = size * 0.52, size * 0.98
        ends = [(x + math.cos(angle) * r, y + math.sin(angle) * r) for r in (inner, outer)]
        c.stroke(ends, size * 0.09, light(fill, 0.55))
    tail = math.radians(start + 262)
    c.shape(
        turned(
            [(0, 0), (0.55, -0.4), (0.7, 0), (0.55, 0.4)],
            x + math.cos(tail) * size * 0.74,
            y + math.sin(tail) * size * 0.74,
            size,
            tail + 1.4,
        ),
        dark(fill, 0.2),
    )


def dumpling(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A crescent with a pleated edge."""
    angle = dice.uniform(-0.5, 0.5) + dice.choice((0, math.pi))
    c.shape(turned(_CRESCENT, x + size * 0.1, y + size * 0.2, size, angle), dark(fill, 0.32))
    c.shape(turned(_CRESCENT, x, y, size, angle), fill)
    for step in range(7):
        place = math.pi * (step + 1) / 8
        ends = [(math.cos(place) * 0.94, math.sin(place) * 0.94), (math.cos(place) * 0.72, math.sin(place) * 0.66)]
        c.stroke(turned(ends, x, y, size, angle), size * 0.07, dark(fill, 0.16))
    c.stroke(turned([(-0.5, 0.34), (0.1, 0.42), (0.5, 0.34)], x, y, size, angle), size * 0.12, light(fill, 0.7))


def bun(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A bun with pleats that meet in the middle."""
    c.disc(x + size * 0.1, y + size * 0.18, size, dark(fill, 0.3))
    c.disc(x, y, size, dark(fill, 0.05))
    c.disc(x - size * 0.06, y - size * 0.08, size * 0.86, light(fill, 0.3))
    turn = dice.random()
    for step in range(14):
        angle = _TURN * (step + turn) / 14
        ends = [
            (x + math.cos(angle + bend) * size * r, y + math.sin(angle + bend) * size * r)
            for r, bend in ((0.16, 0.5), (0.5, 0.2), (0.82, 0))
        ]
        c.stroke(ends, size * 0.05, dark(fill, 0.2))
    c.disc(x, y, size * 0.12, dark(fill, 0.25))


def curd(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A soft fold: scrambled egg, tofu skin, fried crust."""
    for dx, dy, share in ((0.0, 0.2, -1), (-0.4, 0.1, 0), (0.4, 0.08, 0.05), (0, -0.3, 0.12)):
        radius = size * (0.62 if share >= 0 else 0.8)
        jitter = dice.uniform(-0.1, 0.1) * size
        c.disc(x + dx * size + jitter, y + dy * size, radius, dark(fill, 0.3) if share < 0 else light(fill, share), radius * 0.8)
    c.disc(x - size * 0.25, y - size * 0.42, size * 0.26, light(fill, 0.55), size * 0.13)


def chilli(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A dried chilli, shining."""
    angle = dice.uniform(0, _TURN)
    pod = [(-1.0, 0.0), (-0.5, -0.3), (0.3, -0.28), (1.0, 0.1), (0.3, 0.24), (-0.5, 0.3)]
    c.shape(turned(pod, x + 0.6, y + 1.2, size, angle), dark(fill, 0.5))
    c.shape(turned(pod, x, y, size, angle), fill)
    c.stroke(turned([(-0.5, -0.08), (0.4, -0.06)], x, y, size, angle), size * 0.12, light(fill, 0.5))


def scallion(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A ring of scallion."""
    c.ring(x + 0.4, y + 0.8, size, dark(fill, 0.4), size * 0.45, size * 0.85)
    c.ring(x, y, size, light(fill, dice.uniform(0, 0.35)), size * 0.42, size * 0.85)


def sesame(c: Canvas, x: float, y: float, size: float, fill: Colour, dice: random.Random) -> None:
    """A sesame seed."""
    angle = dice.uniform(0, _TURN)
    c.stroke(turned([(-0.5, 0), (0.5, 0)], x, y, size, angle), size * 0.8, light(fill, 0.1))


PIECES: dict[str, Piece] = {
    "ball": ball,
    "belly": belly,
    "bun": bun,
    "chilli": chilli,
    "coin": coin,
    "cube": cube,
    "curd": curd,
    "dumpling": dumpling,
    "floret": floret,
    "grain": grain,
    "leaf": leaf,
    "prawn": prawn,
    "scallion": scallion,
    "sesame": sesame,
    "slice": slice_,
    "strip": strip,
}


def heap(c: Canvas, piece: str, fills: Sequence[str], count: int, size: float, at: Point, reach: float, dice: random.Random) -> None:
    """Heap pieces on a round ground, from the edge inwards, evenly but not in rows.

    Args:
        at: Middle of the ground.
        reach: How far from the middle pieces lie.
    """
    draw = PIECES[piece]
    colours = [colour(fill) for fill in fills]
    turn = dice.uniform(0, _TURN)
    for number in reversed(range(count)):
        far = reach * math.sqrt((number + 0.4) / count)
        angle = turn + number * 2.39996  # the golden angle: sunflower seeds lie like this
        wobble = size * 0.35
        x = at[0] + math.cos(angle) * far + dice.uniform(-wobble, wobble)
        y = at[1] + math.sin(angle) * far + dice.uniform(-wobble, wobble)
        draw(c, x, y, size * dice.uniform(0.88, 1.12), dice.choice(colours), dice)


def noodles(c: Canvas, fill: Colour, at: Point, reach: float, dice: random.Random) -> None:
    """A nest of noodles."""
    for strand in range(46):
        radius = reach * dice.uniform(0.25, 0.95)
        x = at[0] + dice.uniform(-0.35, 0.35) * (reach - radius * 0.6)
        y = at[1] + dice.uniform(-0.35, 0.35) * (reach - radius * 0.6)
        start = dice.uniform(0, 360)
        length = dice.uniform(70, 190)
        c.arc(x + 0.6, y + 1.2, radius, start, start + length, dark(fill, 0.35), 3.4)
        c.arc(x, y, radius, start, start + length, light(fill, 0.05 if strand % 2 else 0.22), 2.8)
