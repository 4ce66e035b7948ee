"""A canvas in card pixels (360 × 200), drawn at twice the size and reduced: smooth edges without a drawing library of our own."""

import math
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
_SCALE = 2
_COLOURS = 128  # of the palette: a card stays below 25 KB


def colour(text: str) -> Colour:
    """Read "b04a20"."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """One colour with a share of another: 0 is all one, 1 is all the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def light(one: Colour, share: float) -> Colour:
    """Lighter."""
    return mix(one, WHITE, share)


def dark(one: Colour, share: float) -> Colour:
    """Darker, and warmer than plain black would make it."""
    return mix(one, (40, 14, 4), share)


def turned(shape: Sequence[Point], x: float, y: float, size: float, angle: float) -> list[Point]:
    """A shape of unit size, sized, turned and moved to a place."""
    cos, sin = math.cos(angle) * size, math.sin(angle) * size
    return [(x + px * cos - py * sin, y + px * sin + py * cos) for px, py in shape]


class Canvas:
    """Draws with flat colours."""

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        self._image = Image.new("RGB", (width * _SCALE, height * _SCALE), ground)
        self._pen = ImageDraw.Draw(self._image)

    def copy(self) -> "Canvas":
        """The same picture, to draw on."""
        twin = Canvas.__new__(Canvas)
        twin._image = self._image.copy()
        twin._pen = ImageDraw.Draw(twin._image)
        return twin

    def disc(self, x: float, y: float, rx: float, fill: Colour, ry: float | None = None) -> None:
        """A disc, or an ellipse that lies flat."""
        ry = rx if ry is None else ry
        self._pen.ellipse([(x - rx) * _SCALE, (y - ry) * _SCALE, (x + rx) * _SCALE, (y + ry) * _SCALE], fill=fill)

    def ring(self, x: float, y: float, rx: float, fill: Colour, width: float, ry: float | None = None) -> None:
        """The edge of a disc."""
        ry = rx if ry is None else ry
        box = [(x - rx) * _SCALE, (y - ry) * _SCALE, (x + rx) * _SCALE, (y + ry) * _SCALE]
        self._pen.ellipse(box, outline=fill, width=max(1, round(width * _SCALE)))

    def arc(self, x: float, y: float, radius: float, start: float, end: float, fill: Colour, width: float) -> None:
        """A part of an edge, in degrees clockwise from three o'clock."""
        box = [(x - radius) * _SCALE, (y - radius) * _SCALE, (x + radius) * _SCALE, (y + radius) * _SCALE]
        self._pen.arc(box, start, end, fill=fill, width=max(1, round(width * _SCALE)))

    def shape(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled polygon."""
        self._pen.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=fill)

    def box(self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0) -> None:
        """A rectangle with round corners."""
        corners = [x * _SCALE, y * _SCALE, (x + width) * _SCALE, (y + height) * _SCALE]
        self._pen.rounded_rectangle(corners, radius * _SCALE, fill=fill)

    def stroke(self, points: Sequence[Point], width: float, fill: Colour) -> None:
        """A line with round joints and ends."""
        self._pen.line([(x * _SCALE, y * _SCALE) for x, y in points], fill=fill, width=max(1, round(width * _SCALE)), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, fill)

    def steam(self, x: float, y: float, height: float, width: float, fill: Colour) -> None:
        """A wisp of steam that rises from a place."""
        points = [(x + math.sin(step / 20 * 2.4 * math.pi) * width * 1.6, y - height * step / 20) for step in range(21)]
        self.stroke(points, width, fill)

    def png(self) -> bytes:
        """The picture as a PNG at card size."""
        small = self._image.reduce(_SCALE).quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        target = BytesIO()
        small.save(target, "PNG", compress_level=6)
        return target.getvalue()
