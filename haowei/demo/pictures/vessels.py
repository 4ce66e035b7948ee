"""What food is served in, seen from above, on a table in the colour of its category."""

from functools import cache

from haowei.demo.pictures.canvas import Canvas, Colour, colour, dark, light, mix

WIDTH, HEIGHT = 360, 200
MIDDLE = (180.0, 100.0)

_TABLES = {
    "热销": (colour("6a4330"), "planks"),
    "主食": (colour("dcb98a"), "planks"),
    "小吃": (colour("2e5f5b"), "cloth"),
    "饮品": (colour("cfe6df"), "wall"),
    "甜品": (colour("f2d5cf"), "cloth"),
}
_PORCELAIN = colour("fbf8f1")


@cache
def table(category: str) -> Canvas:
    """An empty table; copy it before drawing."""
    ground, kind = _TABLES.get(category, _TABLES["主食"])
    c = Canvas(WIDTH, HEIGHT, ground)
    if kind == "planks":
        for row in range(5):
            c.box(0, row * 40, WIDTH, 39, light(ground, 0.05 if row % 2 else 0.0))
            c.stroke([(0, row * 40 + 39.5), (WIDTH, row * 40 + 39.5)], 1, dark(ground, 0.25))
            for grain in range(3):
                y = row * 40 + 9 + grain * 11
                start = (row * 97 + grain * 61) % 240
                c.stroke([(start, y), (start + 60, y + 1.5), (start + 120, y)], 0.8, dark(ground, 0.1))
    elif kind == "cloth":
        for line in range(-10, 20):
            c.stroke([(line * 26, 0), (line * 26 + 200, 200)], 5, light(ground, 0.05))
            c.stroke([(line * 26 + 200, 0), (line * 26, 200)], 5, light(ground, 0.03))
    else:
        c.disc(180, 96, 150, light(ground, 0.3))
        c.disc(180, 96, 112, light(ground, 0.55))
        c.box(0, 160, WIDTH, 40, colour("e8cfa8"))
        c.box(0, 160, WIDTH, 3, light(colour("e8cfa8"), 0.4))
    return c


def shadow(c: Canvas, x: float, y: float, radius: float, ground: Colour, ry: float | None = None) -> None:
    """A soft shadow of something that stands on the table."""
    for step in range(6):
        grow = 7 - step * 1.6
        c.disc(x + 3, y + 6, radius + grow, dark(ground, 0.1 + step * 0.085), (radius if ry is None else ry) + grow)


def chopsticks(c: Canvas, category: str) -> None:
    """A pair of chopsticks on their rest, at the right."""
    ground = _TABLES.get(category, _TABLES["主食"])[0]
    for place in (0, 8):
        c.stroke([(302 + place + 2, 26), (322 + place + 2, 184)], 4, dark(ground, 0.35))
    c.box(288, 52, 46, 9, colour("e9e2d4"), 4)
    for place in (0, 8):
        c.stroke([(300 + place, 20), (320 + place, 180)], 3.6, colour("7b2d1d"))
        c.stroke([(299.4 + place, 20), (303.4 + place, 52)], 1.2, colour("c88a5a"))
        c.stroke([(318 + place, 160), (320 + place, 178)], 3.6, colour("e3b964"))


def saucer(c: Canvas, category: str, sauce: Colour) -> None:
    """A little dish of sauce, at the left."""
    ground = _TABLES.get(category, _TABLES["主食"])[0]
    shadow(c, 46, 54, 24, ground)
    c.disc(46, 54, 24, _PORCELAIN)
    c.ring(46, 54, 21, colour("9fb6c9"), 1.4)
    c.disc(46, 54, 17, dark(sauce, 0.25))
    c.disc(46, 55, 16, sauce)
    c.arc(46, 54, 11, 200, 260, light(sauce, 0.55), 2)


def spoon(c: Canvas, category: str) -> None:
    """A porcelain spoon, at the left."""
    ground = _TABLES.get(category, _TABLES["主食"])[0]
    for x, y, shade in ((2.5, 4.0, dark(ground, 0.35)), (0.0, 0.0, _PORCELAIN)):
        c.stroke([(52 + x, 150 + y), (34 + x, 74 + y)], 8, shade)
        c.disc(56 + x, 162 + y, 17, shade, 21)
    c.disc(56, 163, 12.5, mix(_PORCELAIN, colour("c9d3d8"), 0.6), 16)
    c.arc(54, 160, 9, 180, 260, _PORCELAIN, 2)


def plate(c: Canvas, category: str, rim: Colour, sauce: Colour) -> float:
    """A round plate with a pool of sauce. Returns: how far food reaches from the middle."""
    x, y = MIDDLE
    shadow(c, x, y, 90, _TABLES.get(category, _TABLES["主食"])[0])
    c.disc(x, y, 91, dark(rim, 0.16))
    c.disc(x, y, 90, rim)
    c.ring(x, y, 85, mix(rim, colour("c0603a"), 0.55), 1.6)
    c.ring(x, y, 82, mix(rim, colour("c0603a"), 0.3), 0.8)
    c.disc(x + 1, y + 1.5, 75, dark(rim, 0.12))
    c.disc(x - 0.5, y - 0.5, 74, light(rim, 0.3))
    c.disc(x, y + 2, 68, mix(sauce, rim, 0.25), 66)
    c.disc(x, y + 1, 65, sauce, 63)
    return 56


def bowl(c: Canvas, category: str, clay: Colour, soup: Colour) -> float:
    """A deep bowl filled to the brim. Returns: how far food reaches from the middle."""
    x, y = MIDDLE
    shadow(c, x, y, 88, _TABLES.get(category, _TABLES["主食"])[0])
    c.disc(x, y, 89, dark(clay, 0.25))
    c.disc(x, y - 0.6, 88, clay)
    c.arc(x, y, 86, 190, 280, light(clay, 0.6), 2.4)
    c.disc(x, y, 79, dark(clay, 0.4))
    c.disc(x, y + 1.5, 77, dark(soup, 0.3))
    c.disc(x, y + 2.5, 75, soup)
    c.arc(x, y + 2, 70, 195, 262, light(soup, 0.35), 3)
    c.arc(x, y + 2, 64, 20, 60, light(soup, 0.18), 2)
    return 62


def glass_bowl(c: Canvas, category: str, tint: Colour, filling: Colour) -> float:
    """A glass bowl for sweets. Returns: how far food reaches from the middle."""
    x, y = MIDDLE
    ground = _TABLES.get(category, _TABLES["主食"])[0]
    shadow(c, x, y, 84, ground)
    c.disc(x, y, 85, mix(ground, tint, 0.75))
    c.ring(x, y, 85, light(tint, 0.6), 2)
    c.ring(x, y, 78, light(tint, 0.35), 1.2)
    c.disc(x, y + 1, 70, dark(filling, 0.14))
    c.disc(x, y + 2, 69, filling)
    c.arc(x, y, 81, 200, 250, colour("ffffff"), 3)
    c.arc(x, y + 1, 62, 200, 250, light(filling, 0.5), 3)
    return 48


def steamer(c: Canvas, category: str, wood: Colour, _: Colour) -> float:
    """A bamboo steamer. Returns: how far food reaches from the middle."""
    x, y = MIDDLE
    shadow(c, x, y, 90, _TABLES.get(category, _TABLES["主食"])[0])
    for radius, shade in ((91, dark(wood, 0.45)), (90, wood), (84, dark(wood, 0.2)), (82, light(wood, 0.25)), (76, dark(wood, 0.35))):
        c.disc(x, y, radius, shade)
    c.disc(x, y, 74, light(wood, 0.45))
    for slat in range(-6, 7):
        half = (74**2 - (slat * 11) ** 2) ** 0.5
        c.stroke([(x - half, y + slat * 11), (x + half, y + slat * 11)], 1.4, dark(wood, 0.12))
    return 50


def board(c: Canvas, category: str, wood: Colour) -> None:
    """A wooden board."""
    ground = _TABLES.get(category, _TABLES["主食"])[0]
    for step in range(6):
        grow = 6 - step * 1.4
        c.box(72 - grow, 34 - grow + 5, 216 + 2 * grow, 132 + 2 * grow, dark(ground, 0.1 + step * 0.08), 20)
    c.box(72, 34, 216, 134, dark(wood, 0.35), 18)
    c.box(72, 32, 216, 132, wood, 18)
    for line in range(5):
        c.stroke([(84, 54 + line * 22), (180, 56 + line * 22), (276, 53 + line * 22)], 1, dark(wood, 0.12))
    c.disc(270, 50, 6, dark(wood, 0.4))
