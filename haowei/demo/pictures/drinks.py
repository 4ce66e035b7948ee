"""Drinks seen from the side, standing on the counter."""

import math

from haowei.demo.pictures.canvas import WHITE, Canvas, Colour, colour, dark, light, mix, turned

_FOOT = 172.0  # where things stand
_COUNTER = colour("e8cfa8")


def _stands(c: Canvas, x: float, half: float) -> None:
    for step in range(4):
        c.disc(x + 4, _FOOT, half + 8 - step * 3, dark(_COUNTER, 0.08 + step * 0.07), 5 - step * 0.7)


def _glass(c: Canvas, x: float, drink: Colour, *, ice: bool, foam: bool = False, top: float = 62) -> None:
    """A tumbler: the drink grows darker downwards."""
    _stands(c, x, 30)
    rim = 46.0
    left, right, foot = x - 34, x + 34, 25.0

    def side(y: float) -> float:
        return foot + (34 - foot) * (_FOOT - y) / (_FOOT - rim)

    c.shape([(left, rim), (right, rim), (x + foot, _FOOT), (x - foot, _FOOT)], mix(colour("e6f3f0"), drink, 0.1))
    bands = 12
    for band in range(bands):
        y, below = (top + (_FOOT - 5 - top) * step / bands for step in (band, band + 1))
        shape = [(x - side(y) + 3, y), (x + side(y) - 3, y), (x + side(below) - 3, below), (x - side(below) + 3, below)]
        c.shape(shape, mix(light(drink, 0.22), dark(drink, 0.12), band / bands))
    c.disc(x, top, side(top) - 3, light(drink, 0.4), 4)
    if ice:
        for dx, dy, turn in ((-13, 12, 0.3), (9, 8, -0.4), (-2, 30, 0.8), (14, 34, 0.2)):
            block = turned([(-1, -1), (1, -1), (1, 1), (-1, 1)], x + dx, top + dy, 9, turn)
            c.shape(block, light(drink, 0.45))
            c.shape(turned([(-0.8, -0.8), (0.2, -0.8), (-0.8, 0.2)], x + dx, top + dy, 9, turn), light(drink, 0.72))
    if foam:
        for dx, dy, radius in ((-22, 0, 10), (-8, -4, 12), (8, -3, 12), (22, 0, 10), (0, 3, 14), (-15, 4, 9), (15, 4, 9)):
            c.disc(x + dx, top + dy - 4, radius, colour("fffaf0"), radius * 0.75)
    c.stroke([(x - 25, 54), (x - 19, _FOOT - 14)], 4, light(drink, 0.55))
    c.stroke([(x + 24, 60), (x + 21, 110)], 1.6, light(drink, 0.5))
    c.ring(x, rim, 34, WHITE, 1.6, 4)


def _straw(c: Canvas, x: float, paint: Colour) -> None:
    c.stroke([(x + 6, 66), (x + 20, 16)], 5, paint)
    for stripe in range(4):
        c.stroke([(x + 9 + stripe * 3.2, 55 - stripe * 11), (x + 13 + stripe * 3.2, 52 - stripe * 11)], 2, WHITE)


def _citrus(c: Canvas, x: float, y: float, peel: Colour) -> None:
    c.disc(x, y, 19, peel)
    c.disc(x, y, 16.5, light(peel, 0.75))
    for step in range(8):
        wedge = turned([(0.18, 0), (0.82, -0.24), (0.86, 0), (0.82, 0.24)], x, y, 17, step * 0.7854)
        c.shape(wedge, light(peel, 0.3))


def _bottle(c: Canvas, x: float, glass: Colour, label: Colour, drink: Colour) -> None:
    _stands(c, x, 22)
    c.box(x - 20, 84, 40, _FOOT - 84, glass, 9)
    c.shape([(x - 20, 94), (x - 8, 62), (x + 8, 62), (x + 20, 94)], glass)
    c.box(x - 8, 28, 16, 44, glass, 3)
    c.box(x - 9.5, 20, 19, 11, label, 3)
    c.box(x - 20, 104, 40, 36, label)
    c.disc(x, 122, 12, light(label, 0.75))
    c.disc(x, 122, 8, drink)
    c.stroke([(x - 14, 92), (x - 14, 162)], 3.4, light(glass, 0.45))
    c.stroke([(x - 5, 34), (x - 5, 60)], 2.4, light(glass, 0.45))


def bottled(c: Canvas, drink: Colour, label: Colour) -> None:
    """A bottle with a glass beside it."""
    beer = label == colour("2f7d4f")
    glass = colour("5b3418") if beer else mix(drink, colour("dff0ee"), 0.35)
    _bottle(c, 140, glass, label, drink)
    _glass(c, 216, drink, ice=not beer, foam=beer, top=70 if beer else 64)


def tumbler(c: Canvas, drink: Colour, accent: Colour) -> None:
    """A tall glass with ice, a straw and a slice of fruit on the rim."""
    _straw(c, 180, accent)
    _glass(c, 180, drink, ice=True)
    _citrus(c, 216, 50, accent)
    for x, y, radius in ((110, 160, 13), (92, 165, 9), (262, 162, 11)):
        c.disc(x + 2, y + 4, radius, dark(_COUNTER, 0.2), radius * 0.7)
        c.disc(x, y, radius, accent)
        c.disc(x - radius * 0.3, y - radius * 0.35, radius * 0.28, light(accent, 0.6))


def can(c: Canvas, drink: Colour, paint: Colour) -> None:
    """A can, and a glass of what was in it."""
    _stands(c, 142, 26)
    c.box(116, 70, 52, _FOOT - 70, paint, 8)
    c.box(116, 96, 52, 44, light(paint, 0.12))
    c.disc(142, 118, 16, colour("f7e3a1"))
    c.disc(142, 118, 10, paint)
    c.disc(142, 71, 24, colour("d8dcdf"), 6)
    c.disc(142, 70, 20, colour("b9c0c4"), 4.4)
    c.stroke([(124, 84), (124, 160)], 4, light(paint, 0.4))
    _glass(c, 216, drink, ice=True)


def mug(c: Canvas, drink: Colour, _: Colour) -> None:
    """A warm cup with steam."""
    _stands(c, 180, 40)
    c.ring(224, 128, 21, colour("f4ede0"), 8)
    c.box(138, 92, 84, _FOOT - 92, colour("fbf7ee"), 18)
    c.box(138, 92, 84, 30, colour("fbf7ee"))
    c.box(138, 134, 84, 12, colour("d98a4e"))
    c.box(138, 149, 84, 3, colour("d98a4e"))
    c.disc(180, 92, 42, colour("efe6d6"), 9)
    c.disc(180, 93, 37, drink, 7)
    c.stroke([(148, 108), (148, 156)], 4, WHITE)
    for x in (160, 180, 200):
        c.steam(x, 78, 44, 3, WHITE)


def gaiwan(c: Canvas, drink: Colour, paint: Colour) -> None:
    """A lidded cup of tea on its saucer, as tea houses in 成都 serve it."""
    for step in range(4):
        c.disc(184, _FOOT + 2, 78 - step * 4, dark(_COUNTER, 0.08 + step * 0.06), 9 - step)
    c.disc(180, _FOOT - 4, 68, colour("e9e4d8"), 11)
    c.disc(180, _FOOT - 6, 68, colour("fdfbf5"), 10)
    c.ring(180, _FOOT - 6, 60, paint, 1.4, 8)
    for half, shift, shade in ((58.0, 0.0, colour("e3ded1")), (50.0, -7.0, colour("fdfbf5"))):
        right = [
            (180 + shift + 18 + (half - 18) * math.cos(step / 12 * math.pi / 2), 84 + 78 * math.sin(step / 12 * math.pi / 2))
            for step in range(13)
        ]
        left = [(2 * (180 + shift) - x, y) for x, y in reversed(right)]
        c.shape([*right, *left], shade)
    for x, y in ((156, 118), (180, 126), (204, 118)):
        for dx, dy in ((0, -7), (7, 0), (0, 7), (-7, 0)):
            c.disc(x + dx, y + dy, 5, paint)
        c.disc(x, y, 3.4, colour("f2d06b"))
    c.disc(180, 84, 58, colour("efeadd"), 9)
    c.disc(180, 85, 53, drink, 7)
    lid = [(math.cos(step / 20 * math.pi), -0.72 * math.sin(step / 20 * math.pi)) for step in range(21)]
    c.shape(turned(lid, 182, 66, 55, -0.1), colour("e3ded1"))
    c.shape(turned([(x * 0.86 - 0.1, y * 0.97) for x, y in lid], 182, 66, 55, -0.1), colour("fdfbf5"))
    c.stroke(turned([(-1, 0), (1, 0)], 182, 66, 55, -0.1), 4, paint)
    c.disc(178, 25, 9, paint, 6)
    c.stroke(turned([(-0.7, -0.3), (-0.5, -0.48)], 182, 66, 55, -0.1), 3, WHITE)
