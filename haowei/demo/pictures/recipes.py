"""How each dish of the demo looks: what it is served in, its sauce, what lies in it and what is strewn over it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layer:
    """Pieces of one kind. `reach` is a share of the ground they lie on."""

    piece: str
    colours: str
    count: int
    size: float
    reach: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """One picture.

    Attributes:
        vessel: A function of `vessels` or `drinks`.
        ware: Colour of the vessel; of drinks, of label or fruit.
        sauce: Colour of the sauce, soup or drink.
        noodles: Colour of the noodles in it, "" for none.
    """

    vessel: str
    ware: str
    sauce: str
    layers: tuple[Layer, ...] = ()
    noodles: str = ""


_WHITE, _BLUE, _DARK, _RED = "fbf8f1", "dfe8ee", "3a3f44", "8e2f22"
_GREENS = "3f8f3a 57a845 2f7a35"
_SCALLION = Layer("scallion", "4f9f3c 6bb34a", 14, 3.0, 0.8)
_SESAME = Layer("sesame", "f6e8c3 fff6dd", 26, 2.2, 0.85)
_CHILLI = Layer("chilli", "c4241b a81a14", 12, 7.5, 0.95)
_CORIANDER = Layer("leaf", _GREENS, 5, 7, 0.35)


def _plate(sauce: str, *layers: Layer, ware: str = _WHITE) -> Recipe:
    return Recipe("plate", ware, sauce, layers)


def _bowl(soup: str, *layers: Layer, ware: str = _BLUE, noodles: str = "") -> Recipe:
    return Recipe("bowl", ware, soup, layers, noodles)


RECIPES: dict[str, Recipe] = {
    "hongshaorou": _plate("6d2a10", Layer("belly", "a8431f b5522a 97381a", 26, 12.5), _SCALLION),
    "gongbaojiding": _plate(
        "8a3a14", Layer("cube", "d08a48 c47a3a d99a58", 36, 8.5), Layer("ball", "e8c07a d9a95c", 18, 4.6), _CHILLI, _SCALLION
    ),
    "yuxiangrousi": _plate("8f3a1c", Layer("strip", "c98a5e b8704a 3b2a22 e07a2c 5f9a3c", 96, 11), _SCALLION),
    "tangculiji": _plate("b8341a", Layer("strip", "e2582a d6461c ea6f38", 34, 16), Layer("cube", "e4602c d84a1e", 18, 9), _SESAME),
    "mapodoufu": Recipe(
        "bowl", _DARK, "a3240f", (Layer("cube", "f7e9c8 f2dfb6", 40, 10), Layer("ball", "6e2a16 7d341c", 34, 2.6, 0.9), _SCALLION)
    ),
    "suancaiyu": _bowl(
        "dcc25a",
        Layer("leaf", "8c9a3a a3ac4a", 12, 15),
        Layer("slice", "fbf6ea f4ecd8", 26, 14, 0.85),
        Layer("chilli", "d0301f", 8, 6.5),
        _SCALLION,
    ),
    "shuizhuniurou": Recipe(
        "bowl", _DARK, "b3230c", (Layer("leaf", "6da344 83b552", 9, 15), Layer("slice", "8a4630 9a5238", 24, 13, 0.85), _CHILLI, _SESAME)
    ),
    "huiguorou": _plate("8c3212", Layer("slice", "c9754a b9603a e0a27a", 28, 13), Layer("leaf", "4e9a3c 66ad48", 14, 12)),
    "laziji": _plate("9a1f10", Layer("chilli", "c4241b b01c14 d23a28", 46, 10), Layer("cube", "c77a36 b86a2a", 26, 7.5), _SESAME),
    "maoxuewang": Recipe(
        "bowl", _DARK, "b22a0e", (Layer("cube", "6f1f1c 7d2722", 22, 11), Layer("slice", "d9a48a caa06a", 14, 12, 0.8), _CHILLI, _SCALLION)
    ),
    "duojiaoyutou": _plate("b8431c", Layer("slice", "e9cfae e2c29c", 20, 17), Layer("ball", "d42a1c c01f14 e0492f", 90, 3.6), _SCALLION),
    "fanqieniunan": Recipe(
        "bowl", "c9552f", "c93a16", (Layer("cube", "7d3a24 8c4630", 20, 13), Layer("cube", "e0482a ea5c38", 16, 11), _SCALLION)
    ),
    "tangcupaigu": _plate("6b2410", Layer("cube", "9c4020 8a3418 ad5028", 28, 11.5), _SESAME, _SCALLION),
    "zhangchaya": _plate("7a3a16", Layer("slice", "a8541f b9662c 93461a", 34, 15), Layer("leaf", _GREENS, 6, 10, 0.3)),
    "baizhuoxia": _plate("f4e2d2", Layer("prawn", "ee7a4e f08c62 e8693c", 20, 13), Layer("leaf", _GREENS, 4, 9, 0.25)),
    "fanqiechaodan": _plate("d9542a", Layer("curd", "f7c83c f2bb2c fad458", 22, 12), Layer("cube", "de3f24 e5533a", 16, 9.5), _SCALLION),
    "ganbiansijidou": _plate(
        "6d5a20", Layer("strip", "4f8a2c 5f9a38 437a24", 60, 14), Layer("chilli", "b51f16", 10, 7), Layer("ball", "7a4a26", 24, 2.4)
    ),
    "yuxiangqiezi": _plate("7d3216", Layer("strip", "5b2f4f 6d3a5c 7a4a3a", 44, 15), Layer("ball", "c4402a", 16, 3), _SCALLION),
    "suanlatudousi": _plate(
        "e6d08a", Layer("strip", "f2dc8e ead07c f7e6a6", 110, 13), Layer("strip", "c93424 4f9a3c", 14, 9), Layer("chilli", "b51f16", 6, 6)
    ),
    "qingchaoshishu": _plate("a9c46a", Layer("leaf", _GREENS, 34, 17), Layer("ball", "f6edd2", 9, 3)),
    "suanrongxilanhua": _plate("bcd08a", Layer("floret", "2f7d38 3c8f42", 19, 14), Layer("ball", "f8efcf", 26, 2.4)),
    "mifan": Recipe("bowl", _RED, "f1ece0", (Layer("grain", "fffdf6 f6f1e4", 240, 3.0, 1.05), Layer("sesame", "2a2320", 9, 2.4, 0.2))),
    "yangzhouchaofan": _plate(
        "e2b45a",
        Layer("grain", "f3d68c efcb74", 190, 3.2),
        Layer("curd", "f5c740", 10, 6),
        Layer("ball", "4f9f3c 5fae48", 18, 3.4),
        Layer("cube", "e0705a", 12, 4.4),
        Layer("prawn", "f08c62", 5, 8, 0.8),
        ware=_BLUE,
    ),
    "danchaofan": _plate("e8c05c", Layer("grain", "f6dc94 f1d07c", 200, 3.2), Layer("curd", "f7cc3e fad65a", 14, 7), _SCALLION, ware=_BLUE),
    "dandanmian": _bowl(
        "9c3a14",
        Layer("ball", "7a3a1e 8a4626", 44, 3.0, 0.5),
        Layer("ball", "e8c488", 12, 3.2, 0.6),
        Layer("leaf", _GREENS, 4, 14, 0.8),
        _SCALLION,
        noodles="f2dc9c",
    ),
    "chongqingxiaomian": Recipe(
        "bowl", _DARK, "a82a0c", (Layer("leaf", _GREENS, 6, 15, 0.9), Layer("ball", "e0b878", 16, 3.2, 0.6), _SESAME, _SCALLION), "efd690"
    ),
    "hongshaoniuroumian": _bowl(
        "8a3c16", Layer("cube", "6d3420 7c3f28", 9, 12, 0.6), Layer("leaf", _GREENS, 5, 14, 0.9), _SCALLION, noodles="f0d894"
    ),
    "fanqiejidanmian": _bowl(
        "d8552a", Layer("curd", "f7cc40 fad85e", 8, 11, 0.75), Layer("cube", "e2452a", 8, 9, 0.8), _SCALLION, noodles="f4e0a4"
    ),
    "congyoubanmian": _bowl("6d4a1c", Layer("strip", "5a7a2c 7a5a24 4a3a1c", 26, 12, 0.5), _SESAME, noodles="e8c878"),
    "baicaishuijiao": _plate("c3d0da", Layer("dumpling", "f8eed6 fbf3e0 f6e8ca", 16, 19), ware=_BLUE),
    "xiaolongbao": Recipe("steamer", "c99a5a", "", (Layer("bun", "f6ead2 f9f0de", 7, 18.5),)),
    "mantou": Recipe("steamer", "c99a5a", "", (Layer("ball", "fbf3e2 f8eedb", 6, 19),)),
    "liangbanhuanggua": _plate(
        "b8c878", Layer("coin", "4f9a3c 5ca845", 24, 13), Layer("ball", "f8efcf", 14, 2.4), Layer("chilli", "c4241b", 6, 5.5), _SESAME
    ),
    "roujiamo": Recipe("roujiamo", "c08a4e", "", (Layer("strip", "8a4422 9a522c 7a3a1c 5fa23f", 60, 9),)),
    "fuqifeipian": _plate(
        "a82410",
        Layer("slice", "a8604a 8f4a38 d0a890", 30, 15),
        Layer("ball", "e0b878", 16, 3.0),
        Layer("leaf", _GREENS, 6, 7, 0.5),
        _SESAME,
    ),
    "koushuiji": _plate("b02a10", Layer("slice", "f0d6a4 e8c88e f5e0b8", 24, 15), Layer("ball", "e0b878", 14, 3), _SESAME, _SCALLION),
    "chuanbeiliangfen": _plate("a8320f", Layer("cube", "e6e3d2 dedac6", 30, 9), Layer("ball", "6a2a14", 22, 2.6), _SCALLION, ware=_BLUE),
    "pidandoufu": _plate("7a5a2c", Layer("cube", "fbf4e2 f7eed8", 20, 12), Layer("slice", "3a4438 4a5446", 12, 11, 0.6), _SCALLION),
    "laocuhuasheng": _plate("4a2414", Layer("ball", "b5582c a84c24 c46a3a", 80, 5.4), _CORIANDER, ware=_BLUE),
    "hongyouchaoshou": Recipe("bowl", _DARK, "ac280c", (Layer("dumpling", "f6e8cc faf0da", 13, 16, 0.9), _SESAME, _SCALLION)),
    "suanlafen": _bowl(
        "b8401a", Layer("ball", "e0b878", 14, 3.4, 0.6), Layer("leaf", _GREENS, 5, 11, 0.7), _SESAME, _SCALLION, noodles="c9b49a"
    ),
    "xiaosurou": _plate(
        "f0e0c0", Layer("curd", "d69a48 c98a3a e0aa5c", 20, 12), Layer("chilli", "b51f16", 5, 6), Layer("leaf", _GREENS, 4, 8, 0.3)
    ),
    "yangrouchuan": Recipe("skewers", "c08a4e", "", (Layer("cube", "8a4a26 9a5830 7a3e1e", 5, 10), _SESAME)),
    "suanlatang": _bowl("9a4a1c", Layer("strip", "f6d040 3b2a22 f3e6c8 c98a5e", 46, 10, 0.9), _SCALLION),
    "danhuatang": _bowl(
        "f0d78a", Layer("strip", "fae28a fbe9a4 f7d764", 40, 14), Layer("curd", "fae28a fbe9a4", 10, 9, 0.8), _SCALLION, ware=_RED
    ),
    "kele": Recipe("bottled", "c4241b", "4a1f12"),
    "ningmengqishui": Recipe("bottled", "e8b820", "eef0c0"),
    "pijiu": Recipe("bottled", "2f7d4f", "eab544"),
    "suanmeitang": Recipe("tumbler", "a83248", "6d1f2c"),
    "liangcha": Recipe("can", "b5241c", "6a3014"),
    "xiguazhi": Recipe("tumbler", "3f9a4a", "e8483e"),
    "chengzhi": Recipe("tumbler", "f09a1c", "f7a92c"),
    "ningmengcha": Recipe("tumbler", "e6cf2c", "c9803a"),
    "doujiang": Recipe("mug", "", "f6ecd2"),
    "gaiwancha": Recipe("gaiwan", "3f6fa8", "b8c46a"),
    "kuangquanshui": Recipe("bottled", "3f86c4", "d8ecf2"),
    "shuangpinai": Recipe("glass_bowl", "ffffff", "fdf6e6", (Layer("ball", "8a2f2c 9c3c36", 20, 5, 0.5),)),
    "hongtangbingfen": Recipe(
        "glass_bowl",
        "ffffff",
        "7a3a1c",
        (Layer("cube", "c98a5a d6a070", 18, 9), Layer("ball", "f6efe0", 10, 4.5, 0.8), Layer("ball", "c4241b", 7, 4, 0.8), _SESAME),
    ),
    "hongtangciba": _plate("6a2c10", Layer("cube", "f0cf8e e8c078 f6dca4", 14, 14), Layer("ball", "c99a5c", 40, 1.8), _SESAME),
    "laozaotangyuan": _bowl(
        "f3e7c4",
        Layer("ball", "fffaf0 fdf4e4", 15, 10, 0.85),
        Layer("grain", "fbf4e0", 40, 2.4),
        Layer("ball", "c4241b", 9, 3.2),
        ware=_BLUE,
    ),
    "yangzhiganlu": Recipe(
        "glass_bowl",
        "ffffff",
        "f8c24a",
        (
            Layer("cube", "f7a21c f9b23a", 14, 9),
            Layer("ball", "fdf6ec", 30, 2.6),
            Layer("strip", "f08a8a f4a0a0", 14, 6),
            Layer("leaf", _GREENS, 2, 9, 0.2),
        ),
    ),
    "yinergeng": Recipe(
        "glass_bowl",
        "ffffff",
        "f3e2b0",
        (Layer("curd", "fbf4dc f7edca", 16, 11), Layer("ball", "f0dcae", 8, 5.5), Layer("ball", "c4241b", 9, 3.8)),
    ),
}
"""By dish id."""
