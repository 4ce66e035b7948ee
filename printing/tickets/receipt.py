"""结账单: what the diner paid, and how the total came about."""

from domain.kernel.money import yuan
from printing.tickets.orders import PaidLine, PaidOrder, local
from printing.tickets.ticket import Block, Cut, Row, Rule, Stamp, Table, Text, Ticket

_HEADER = ("品名", "数量", "单价", "金额")


def receipt(order: PaidOrder, *, code: str) -> Ticket:
    """The receipt of a paid order: every line, every part of the total, and 实收 in large letters.

    Args:
        code: Short code of the ticket.

    Source: reference printing §3 (结账单).
    """
    paid_at = local(order["paid_at"], order["zone"])
    where = f"桌号:{order['table_code']}" if order["table_code"] is not None else f"外带{order['number']}"
    blocks: list[Block] = [
        Text(order["store_name"], size=2, align="center"),
        Text("结账单", align="center"),
        Row(where, f"结账:{paid_at:%H:%M:%S}"),
        Row(f"单号:{order['business_day'].replace('-', '')}-{order['number']}", f"支付:{order['method_label']}"),
        Rule(),
        Table(_HEADER, tuple(_cells(line) for line in order["lines"])),
        Rule(),
        *(Row(part["label"], yuan(part["fen"])) for part in order["explanation"]),
        Text(f"实收:￥{yuan(order['paid_fen'])}", size=2),
        Rule(),
    ]
    if order["points"]:
        blocks.append(Text(f"本次获得积分:{order['points']}"))
    if order["store_phone"]:
        blocks.append(Text(f"电话:{order['store_phone']}", align="center"))
    return Ticket((*blocks, Text("谢谢惠顾", align="center"), Stamp("", order["zone"], code), Cut()))


def _cells(line: PaidLine) -> tuple[str, str, str, str]:
    options = f"({' '.join(line['options'])})" if line["options"] else ""
    unit = line["unit"] if line["unit"] != "份" else ""
    return line["name"] + options, line["quantity"] + unit, yuan(line["unit_price_fen"]), yuan(line["amount_fen"])
