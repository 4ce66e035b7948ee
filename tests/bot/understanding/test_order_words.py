import pytest

from bot.understanding.order_words import read_order
from bot.understanding.resolvers.dishes import MenuEntry, MenuIndex
from tests.bot.understanding.shorthand import short


def lines(menu, text):
    return short(read_order(text, menu).lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("来两份红烧肉和一碗米饭", "add hs x2; add mf x1"),
        ("红烧肉两份米饭三碗", "add hs x2; add mf x3"),
        ("红烧肉x2 米饭*3", "add hs x2; add mf x3"),
        ("2可乐", "add kl x2"),
        ("红烧肉、可乐各2", "add hs x2; add kl x2"),
        ("红烧肉，可乐，各两份", "add hs x2; add kl x2"),
        ("各来一份红烧肉和米饭", "add hs x1; add mf x1"),
        ("三杯鸡和三杯奶茶", "add sb; add nc x3"),
        ("红烧肉\n米饭 2\n可乐", "add hs; add mf x2; add kl"),
        ("1.红烧肉 2.可乐 3.米饭两碗", "add hs; add kl; add mf x2"),
        ("①红烧肉②可乐", "add hs; add kl"),
        ("红烧肉，两份，米饭，一碗", "add hs x2; add mf x1"),
        ("红烧肉 再来一份", "add hs x1"),
        ("米饭再加两碗", "add mf x2"),
        ("可以来一份红烧肉吗", "add hs x1"),
        ("我们六个人，来三碗米饭", "add mf x3"),
        ("真好吃再来一份红烧肉", "add hs x1"),
        ("来份排骨", "add ?tp|zp x1~"),
        ("三碗饭", "add mf x3~"),
        ("三份饭", "add ?bb|mf x3~"),
        ("米饭+2", "add mf x2"),
        ("红烧肉+米饭", "add hs; add mf"),
        ("红烧肉-1，米饭-2", "add hs x1; add mf x2"),
        ("就是米饭再来一碗", "add mf x1"),
        ("12点半来两份红烧肉", "add hs x2"),
        ("最后来一份可乐", "add kl x1"),
        ("五个人，每人一杯奶茶", "add nc x5"),
        ("每人两个包子，我们一共三个人", "add bz x6"),
        ("四五个人，米饭每人一碗", "add mf x1 [每人1碗]"),
        ("红烧弱一份", "add hs x1~"),
    ],
)
def test_orders(menu, text, expected):
    assert lines(menu, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不要可乐了", "remove kl"),
        ("去掉可乐", "remove kl"),
        ("可乐退了", "remove kl"),
        ("可乐和雪碧都不要了", "remove kl; remove xb"),
        ("不要可乐和雪碧", "remove kl; remove xb"),
        ("不想要可乐了", "remove kl"),
        ("少一碗米饭", "remove mf x1"),
        ("米饭少两碗", "remove mf x2"),
        ("退一瓶可乐", "remove kl x1"),
        ("可乐改成3瓶", "set kl x3"),
        ("可乐要3瓶不是2瓶", "set kl x3"),
        ("可乐不是2瓶，是3瓶", "set kl x3"),
        ("米饭要三碗，不要两碗", "set mf x3"),
        ("不对，可乐3瓶", "set kl x3"),
        ("改成3瓶", "set last x3"),
        ("把红烧肉换成糖醋里脊", "swap hs >tc"),
        ("不是红烧肉，是糖醋里脊", "swap hs >tc"),
        ("要糖醋里脊不是红烧肉", "swap hs >tc"),
        ("不要可乐了，换成雪碧两瓶", "swap kl >xb x2"),
        ("可乐和雪碧换成奶茶", "remove kl; swap xb >nc"),
        ("换成雪碧", "swap last >xb"),
        ("不要可乐要雪碧", "remove kl; add xb"),
        ("可乐不要雪碧要两瓶", "remove kl; add xb x2"),
        ("可乐不要了再来一碗米饭", "remove kl; add mf x1"),
        ("再来一份", "add last x1"),
        ("少一份", "remove last x1"),
        ("米饭-1", "remove mf x1"),
        ("米饭－2碗", "remove mf x2"),
        ("可乐-1 雪碧+2", "remove kl x1; add xb x2"),
        ("一份就够了", "set last x1"),
        ("还是三份吧", "set last x3"),
        ("只要两瓶", "set last x2"),
        ("再来一份就够了", "add last x1"),
        ("红烧肉两份就行", "add hs x2"),
        ("刚才那个雪碧要四瓶", "set xb x4"),
        ("刚才的雪碧再来四瓶", "add xb x4"),
        ("刚才忘了要两碗米饭", "add mf x2"),
        ("雪碧点多了，要一瓶就行", "set xb x1"),
        ("雪碧点多了退两瓶", "remove xb x2"),
        ("红烧肉一份，雪碧多了，退两瓶", "add hs x1; remove xb x2"),
        ("去掉最后一个", "remove last"),
        ("最后点的那道菜不要了", "remove last"),
        ("最后那个换成雪碧", "swap last >xb"),
        ("不辣的那份不要了", "remove last [不辣]"),
        ("不辣的红烧肉不要了", "remove hs [不辣]"),
    ],
)
def test_changes_of_the_cart(menu, text, expected):
    assert lines(menu, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("来两份红烧肉，不对，糖醋里脊", "add tc x2"),
        ("红烧肉两份，不，三份", "add hs x3"),
        ("来一个红烧肉啊不，糖醋里脊", "add tc x1"),
        ("红烧肉一份，换成糖醋里脊", "add tc x1"),
        ("红烧肉一份，改成两份", "add hs x2"),
        ("红烧肉两份，米饭一碗，米饭不要了", "add hs x2; remove mf"),
        ("来两份红烧肉，还是三份吧", "add hs x3"),
        ("那个糖醋，糖醋里脊，对，糖醋里脊来一份", "add tc x1"),
        ("红烧肉，再来一份红烧肉", "add hs; add hs x1"),
    ],
)
def test_changes_of_mind_within_a_message(menu, text, expected):
    assert lines(menu, text).startswith(expected.split("; ", maxsplit=1)[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("红烧肉(微辣)2份", "add hs x2 [微辣]"),
        ("来份不辣的红烧肉", "add hs x1 [不辣]"),
        ("红烧肉不要葱姜蒜", "add hs [不要葱 不要姜 不要蒜]"),
        ("红烧肉别放鱼腥草", "add hs [不要鱼腥草]"),
        ("红烧肉少放点盐，米饭两碗", "add hs [少盐]; add mf x2"),
        ("红烧肉和麻婆豆腐都要微辣", "add hs [微辣]; add mp [微辣]"),
        ("红烧肉两份，一份微辣一份不辣", "add hs x1 [微辣]; add hs x1 [不辣]"),
        ("红烧肉三份，一份微辣", "add hs x2; add hs x1 [微辣]"),
        ("三份红烧肉 两份微辣一份不辣", "add hs x2 [微辣]; add hs x1 [不辣]"),
        ("奶茶一杯热的一杯冻的", "add nc x1 [热]; add nc x1 [冻]"),
        ("两份红烧肉一杯奶茶少糖", "add hs x2; add nc x1 [少糖]"),
        ("不要葱和香菜", "modify last [不要葱 不要香菜]"),
        ("两杯冰可乐", "add kl x2 [冰]"),
        ("奶茶要热的", "add nc [热]"),
        ("酸菜鱼来个小份的", "add sy x1 [小份]"),
        ("一大份酸菜鱼", "add sy x1 [大份]"),
        ("不要香菜", "modify last [不要香菜]"),
        ("少辣", "modify last [少辣]"),
        ("可以不要香菜吗", "modify last [不要香菜]"),
        ("都不要香菜", "modify last [不要香菜] every"),
        ("把红烧肉做成微辣", "modify hs [微辣]"),
        ("刚点的奶茶要热的", "modify nc [热]"),
    ],
)
def test_how_a_dish_is_wanted(menu, text, expected):
    assert lines(menu, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二两基围虾", "add jw x0.2"),
        ("基围虾500克", "add jw x1"),
        ("两打生蚝", "add sh x2"),
        ("24个生蚝", "add sh x2"),
        ("一打青岛", "add qd x12"),
        ("小面三两一碗", "add xm x1 [三两]"),
        ("三两重庆小面", "add xm [三两]"),
        ("米饭每人一碗", "add mf x1 [每人1碗]"),
        ("58块的红烧肉来一份", "add hs x1"),
    ],
)
def test_weights_and_dozens_by_what_the_dish_is_sold_in(menu, text, expected):
    assert lines(menu, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("红烧肉多少钱一份", "ask hs price"),
        ("两份红烧肉多少钱", "ask hs price"),
        ("红烧肉辣不辣", "ask hs spice"),
        ("有红烧肉吗", "ask hs available"),
        ("红烧肉还有没有", "ask hs available"),
        ("红烧肉里面有什么", "ask hs ingredients"),
        ("宫保鸡丁含花生吗", "ask gb allergens"),
        ("红烧肉好吃吗", "ask hs taste"),
        ("不想吃红烧肉", "ask hs unwanted"),
        ("红烧肉？", "ask hs general"),
        ("你们有啤酒吗", "ask ?qd|xh available"),
        ("我的红烧肉什么时候上", "order_status"),
    ],
)
def test_questions_order_nothing(menu, text, expected):
    order = read_order(text, menu)

    assert (short(order.questions), order.lines) == (expected, ())


def test_a_question_and_then_an_order(menu):
    order = read_order("红烧肉多少钱，来两份", menu)

    assert (short(order.questions), short(order.lines)) == ("ask hs price", "add hs x2")


@pytest.mark.parametrize(
    "text",
    [
        "红烧肉真好吃",
        "上次的红烧肉太咸了",
        "我昨天点了两份红烧肉",
        "红烧肉里有头发",
        "明天来两份红烧肉",
        "红烧肉不对",
        "红烧肉少点",
        "我从青岛来",
        "我是青岛的",
        "来0份红烧肉",
        "来100000份红烧肉",
        "听说隔壁红烧弱不错",
        "鱼香肉丝盖浇饭一份",
        "我们六个人",
        "要个包间",
    ],
)
def test_telling_is_not_ordering(menu, text):
    assert lines(menu, text) == ""


@pytest.fixture(scope="module")
def with_foodstuffs():
    dishes = [("卤花生", ("花生",)), ("凉拌木耳", ("木耳",)), ("怪味鸡", ()), ("可乐", ())]
    return MenuIndex(MenuEntry(name, name, aliases) for name, aliases in dishes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("怪味鸡一份，不放花生", "add 怪味鸡 x1 [不要花生]"),
        ("怪味鸡一份不要木耳和花生", "add 怪味鸡 x1 [不要木耳 不要花生]"),
        ("怪味鸡，少放花生", "add 怪味鸡 [少花生]"),
        ("别放花生", "modify last [不要花生]"),
        ("花生来一份", "add 卤花生 x1"),
        ("怪味鸡不要香菜，花生一份", "add 怪味鸡 [不要香菜]; add 卤花生 x1"),
        ("不要花生了", "remove 卤花生"),
        ("来一份怪味鸡，不要花生了", "add 怪味鸡 x1; remove 卤花生"),
        ("来一份怪味鸡，不要可乐", "add 怪味鸡 x1; remove 可乐"),
    ],
)
def test_what_is_not_to_be_in_a_dish_is_no_dish(with_foodstuffs, text, expected):
    assert lines(with_foodstuffs, text) == expected


@pytest.mark.parametrize(
    ("text", "kept", "also"),
    [
        ("只留红烧肉，别的都不要了", ["hs"], ""),
        ("其余的都退了，就留米饭和可乐", ["mf", "kl"], ""),
        ("除了米饭都不要了", ["mf"], ""),
        ("只要包子，其他不要了", ["bz"], ""),
        ("只留米饭，别的不要了，再来一瓶雪碧", ["mf", "xb"], "add xb x1"),
        ("来一份红烧肉，别的不要了", [], "add hs x1"),
        ("给我留一份红烧肉", [], "add hs x1"),
        ("除了米饭还有什么", [], ""),
        ("其他的都要微辣", [], "modify last [微辣] every"),
    ],
)
def test_what_stays_when_all_else_goes(menu, text, kept, also):
    order = read_order(text, menu)

    assert [dish["dish_id"] for ask in order.kept for dish in ask.args["dishes"]] == kept
    assert short(order.lines) == also


def test_how_many_stay(menu):
    [ask] = read_order("只留两碗米饭", menu).kept

    assert ask.args["dishes"] == [{"dish_id": "mf", "n": "2"}]


@pytest.mark.parametrize("text", ["换一个", "红烧肉换一份", "换一瓶吧"])
def test_a_swap_that_does_not_say_for_what_changes_nothing(menu, text):
    order = read_order(text, menu)

    assert order.lines == ()
    assert "换" in order.rest


def test_an_hour_beside_an_order_is_left_to_those_who_read_hours(menu):
    assert "18:30" in read_order("18:30来拿三份红烧肉", menu).rest
    assert "七点半" in read_order("七点半，两碗米饭", menu).rest


def test_what_nothing_explains_is_handed_back(menu):
    assert read_order("来两份红烧肉", menu).rest == ""
    assert "停车场" in read_order("你们有停车场没，来两份红烧肉", menu).rest
    assert "头发" in read_order("红烧肉里有头发", menu).rest
