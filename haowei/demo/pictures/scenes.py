"""The brand's banner and a store front, and skewers, which lie in no vessel."""

import random

from haowei.demo.pictures import food, vessels
from haowei.demo.pictures.canvas import Canvas, Colour, Point, colour, dark, light, mix
from haowei.demo.pictures.recipes import Recipe

_RED, _GOLD, _CREAM = colour("b3261e"), colour("f2c14e"), colour("fdf4e3")

# 好味 as brush strokes in a square of 100, so that no font is needed.
_HAO: tuple[tuple[Point, ...], ...] = (
    ((24, 8), (20, 30), (12, 56), (30, 72), (42, 90)),
    ((42, 30), (36, 56), (24, 76), (6, 92)),
    ((4, 36), (28, 34), (48, 31)),
    ((56, 16), (88, 13), (72, 36)),
    ((74, 36), (76, 62), (74, 86), (68, 92), (60, 84)),
    ((52, 54), (76, 51), (98, 49)),
)
_WEI: tuple[tuple[Point, ...], ...] = (
    ((8, 30), (9, 50), (10, 72)),
    ((8, 30), (22, 28), (36, 26), (35, 46), (33, 68)),
    ((10, 66), (22, 64), (34, 63)),
    ((52, 26), (70, 24), (88, 22)),
    ((44, 47), (70, 44), (98, 42)),
    ((70, 6), (71, 50), (70, 96)),
    ((69, 47), (60, 66), (42, 84)),
    ((72, 47), (82, 64), (98, 80)),
)


def _signs(c: Canvas, x: float, y: float, size: float, ink: Colour) -> None:
    for number, strokes in enumerate((_HAO, _WEI)):
        for stroke in strokes:
            c.stroke([(x + (number * 112 + px) * size / 100, y + py * size / 100) for px, py in stroke], size * 0.085, ink)


def skewers(c: Canvas, category: str, recipe: Recipe, dice: random.Random) -> None:
    """Four skewers side by side on a board."""
    vessels.board(c, category, colour(recipe.ware))
    meat, seeds = recipe.layers
    for row in range(4):
        y = 56 + row * 28
        c.stroke([(92, y + 3), (276, y - 3)], 2.2, colour("e8d2a0"))
        for step in range(meat.count + 2):
            food.cube(c, 116 + step * 19, y + 2 - step * 0.7, meat.size, colour(dice.choice(meat.colours.split())), dice)
        food.heap(c, seeds.piece, seeds.colours.split(), 12, seeds.size, (172, y), 0.1, dice)
        for _ in range(16):
            food.sesame(c, dice.uniform(108, 240), y + dice.uniform(-8, 8), 2.2, colour(dice.choice(("f6e8c3", "c4402a"))), dice)


def roujiamo(c: Canvas, category: str, recipe: Recipe, dice: random.Random) -> None:
    """A toasted bun, cut open and full of chopped meat, on a board."""
    vessels.board(c, category, colour(recipe.ware))
    crust = colour("e6c48c")
    c.disc(183, 118, 66, dark(colour(recipe.ware), 0.4), 34)
    c.disc(180, 112, 64, dark(crust, 0.3), 33)
    c.disc(180, 108, 64, crust, 32)
    filling = recipe.layers[0]
    for _ in range(filling.count):
        x, y = 180 + dice.uniform(-56, 56), 98 + dice.uniform(-8, 15)
        food.strip(c, x, y, filling.size, colour(dice.choice(filling.colours.split())), dice)
    c.disc(180, 80, 63, dark(crust, 0.28), 34)
    c.disc(180, 76, 62, light(crust, 0.1), 33)
    for step in range(4):
        c.ring(178, 75, 46 - step * 11, dark(crust, 0.16 + step * 0.02), 2.6, 23 - step * 5.5)
    c.disc(150, 62, 12, light(crust, 0.5), 5)


def banner() -> bytes:
    """The brand's banner, 480 × 204: a bowl with its steam, the two signs, and rays behind."""
    c = Canvas(480, 204, _RED)
    for ray in range(-12, 30, 2):
        c.shape([(128, 130), (ray * 30, -20), (ray * 30 + 30, -20)], light(_RED, 0.06))
    for step in range(5):
        c.disc(128, 118, 92 - step * 6, mix(_RED, _GOLD, 0.1 + step * 0.05))
    c.disc(128, 170, 74, dark(_RED, 0.4), 10)
    c.disc(128, 110, 70, colour("e6dcc8"), 16)
    c.shape([(58, 110), (198, 110), (186, 142), (164, 164), (92, 164), (70, 142)], _CREAM)
    c.box(96, 160, 64, 10, colour("e6dcc8"), 4)
    c.disc(128, 109, 64, colour("8a3c16"), 13)
    dice = random.Random("banner")
    for _ in range(26):
        food.cube(c, 128 + dice.uniform(-46, 46), 104 + dice.uniform(-7, 6), 8, colour(dice.choice(("b5522a", "d08a48", "57a845"))), dice)
    c.stroke([(64, 128), (128, 136), (192, 128)], 3, _RED)
    c.stroke([(70, 138), (128, 146), (186, 138)], 2, _GOLD)
    for x in (98, 124, 150):
        c.steam(x, 84, 52, 5, light(_RED, 0.4))
    for place in (0, 12):
        c.stroke([(150 + place, 104), (216 + place, 24)], 5, colour("5b1a10"))
        c.stroke([(204 + place, 38), (216 + place, 24)], 5, _GOLD)
    _signs(c, 262, 46, 84, _CREAM)
    for dot in range(5):
        c.disc(286 + dot * 34, 164, 5, _GOLD)
    return c.png()


def store_front() -> bytes:
    """A store in the evening, 360 × 200: sign, awning, windows with people's light, lanterns."""
    night = colour("2b3a55")
    c = Canvas(360, 200, night)
    for x, y in ((20, 18), (58, 36), (100, 12), (268, 20), (312, 40), (340, 14)):
        c.disc(x, y, 1.4, light(night, 0.7))
    c.box(0, 172, 360, 28, colour("6b6f76"))
    c.box(0, 172, 360, 3, light(colour("6b6f76"), 0.3))
    c.box(38, 26, 284, 148, colour("7a3b26"), 4)
    c.box(38, 26, 284, 46, _RED, 4)
    c.box(44, 31, 272, 36, dark(_RED, 0.25), 4)
    _signs(c, 146, 34, 30, _GOLD)
    for pane in range(3):
        x = 52 + pane * 92
        if pane == 1:
            c.box(x + 12, 96, 64, 78, colour("4a2416"), 3)
            c.box(x + 17, 101, 26, 73, colour("ffd98a"))
            c.box(x + 46, 101, 26, 73, colour("ffd98a"))
            c.disc(x + 41, 140, 2.4, _GOLD)
            c.disc(x + 47, 140, 2.4, _GOLD)
            continue
        c.box(x, 96, 76, 60, colour("4a2416"), 3)
        c.box(x + 4, 100, 68, 52, colour("ffe0a0"))
        c.disc(x + 38, 112, 12, colour("fff0c8"))
        c.box(x + 12, 136, 52, 4, colour("a8643a"), 2)
        for guest in (20, 54):
            c.disc(x + guest, 122, 6, colour("8a4a2c"))
            c.box(x + guest - 8, 128, 16, 12, colour("5f7f8c" if guest == 20 else "a8503c"), 5)
        c.stroke([(x + 38, 100), (x + 38, 152)], 2, colour("4a2416"))
    wide = 284 / 13
    for stripe in range(13):
        left = 38 + stripe * wide
        fill = light(_RED, 0.12) if stripe % 2 else _CREAM
        c.box(left, 72, wide + 0.5, 14, fill)
        c.disc(left + wide / 2, 86, wide / 2, dark(fill, 0.06), 7)
    for x in (60, 118, 242, 300):
        c.stroke([(x, 72), (x, 92)], 1.4, _GOLD)
        c.disc(x, 102, 14, mix(colour("ffb060"), colour("7a3b26"), 0.55), 13)
        c.disc(x, 102, 10.5, colour("e2382a"), 10)
        c.disc(x - 3, 99, 4, colour("ff8a5c"))
        c.box(x - 5, 90.5, 10, 3, _GOLD, 1)
        c.box(x - 5, 111, 10, 3, _GOLD, 1)
        c.stroke([(x, 114), (x, 121)], 1.6, _GOLD)
    return c.png()
