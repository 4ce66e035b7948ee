"""厨打总单: the whole round, station by station, for the pass where dishes are checked and carried. Never a price."""

from printing.tickets.kitchen import KEPT_BACK, remarks
from printing.tickets.orders import ReleasedLine, ReleasedOrder, local, portions, times, whose
from printing.tickets.ticket import Block, Cut, Row, Rule, Stamp, Text, Ticket


def pass_slip(order: ReleasedOrder, *, code: str) -> Ticket:
    """The slip of one round. Source: reference printing §3.

    Args:
        code: Short code of the ticket, the same on every copy.
    """
    placed = local(order["placed_at"], order["zone"])
    round_no = order["round_no"]
    blocks: list[Block] = [
        Text("厨打总单", size=2, align="center"),
        *([Text(KEPT_BACK, size=2, align="center")] if order.get("wait") else []),
        Row(*whose(order), size=2),
        Row(f"单号:{order['number']}-{round_no}", f"第{round_no}次(加菜)" if round_no > 1 else ""),
        Rule(),
    ]
    stations: dict[str, list[ReleasedLine]] = {}
    for line in order["lines"]:
        stations.setdefault(line["station"], []).append(line)
    for station, lines in stations.items():
        blocks.append(Text(f"[{station or '其他'}]"))
        for line in lines:
            blocks += [Row(line["name"], times(line)), *remarks(line)]
    blocks.append(Rule())
    if order["note"]:
        blocks.append(Text(f"整单备注:{order['note']}", bold=True))
    return Ticket(
        (
            *blocks,
            Text(f"共{portions(order['lines'])}份 {len(order['lines'])}道"),
            Stamp(f"下单{placed:%H:%M:%S}", order["zone"], code),
            Cut(),
        )
    )
