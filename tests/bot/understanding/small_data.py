"""A small training set about a noodle shop, learned in a blink, with sentences beside it that it does not hold."""

from pathlib import Path

NLU = """version: "3.1"
nlu:
- intent: order_dishes
  examples: |
    - 来[两](quantity)[碗](unit)[牛肉面](dish)
    - 来[一](quantity)[份](unit)[凉皮](dish)
    - 给我来[三](quantity)[个](unit)[肉夹馍](dish)
    - 要[一](quantity)[碗](unit)[炸酱面](dish)
    - 我要[两](quantity)[份](unit)[大盘鸡](dish)谢谢
    - 点[一](quantity)[个](unit)[麻酱凉皮](dish)
    - 先来[一](quantity)[碗](unit)[羊肉泡馍](dish)
    - 想吃[岐山臊子面](dish)
    - 再来[一](quantity)[瓶](unit)[冰峰](dish)
    - 上[四](quantity)[碗](unit)[米饭](dish)
- intent: ask_dish
  examples: |
    - [牛肉面](dish)[多少钱](attribute)
    - [凉皮](dish)[辣不辣](attribute)
    - [大盘鸡](dish)[多少钱](attribute)一份
    - 请问[炸酱面](dish)[辣不辣](attribute)啊
    - [肉夹馍](dish)里[放什么](attribute)
    - 你们的[羊肉泡馍](dish)[多少钱](attribute)
    - [岐山臊子面](dish)[酸不酸](attribute)
    - 那个[冰峰](dish)[多少钱](attribute)一瓶
- intent: pay_bill
  examples: |
    - 买单
    - 结账
    - 我要买单
    - 麻烦结一下账
    - 埋单啦
    - 现在可以付钱吗
    - 怎么付款
    - 服务员结账
- intent: points_balance
  examples: |
    - 我的积分
    - 查积分
    - 我还有多少积分
    - 积分还剩多少
    - 看下我积分
    - 积分有几多
- intent: join_queue
  examples: |
    - 取个号
    - 我要排队
    - 排个队
    - 帮我拿个号
    - 现在排队
    - 排一个号
- intent: leave_queue
  examples: |
    - 取消排队
    - 不排了
    - 我不等了
    - 帮我退号
    - 不想排队了
- intent: greet
  examples: |
    - 你好
    - 您好啊
    - 在吗
    - 早上好
- synonym: 牛肉拉面
  examples: |
    - 牛肉面
- lookup: pay_words
  examples: |
    - 付钱
    - 付款
    - 买单
    - 结账
    - 掏钱
    - 交钱
- lookup: queue_words
  examples: |
    - 排队
    - 取号
    - 领号
"""


def write_small_data(folder: Path) -> Path:
    """Put the training set into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "noodles.yml").write_text(NLU, encoding="utf-8")
    return folder
