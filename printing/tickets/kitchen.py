"""厨打分单: what one station cooks of one round of an order. Never a price."""

from printing.tickets.orders import ReleasedLine, ReleasedOrder, local, times, whose
from printing.tickets.ticket import Beep, Block, Cut, Row, Rule, Stamp, Text, Ticket

KEPT_BACK = "【叫起】先别做"
"""Over a round that is cooked when the table asks for it."""


def kitchen_ticket(order: ReleasedOrder, station: str, *, part: int, parts: int, code: str) -> Ticket:
    """The ticket of one station.

    Dish, quantity and table are large; options and notes stand bold under the dish. Source: reference printing §3.

    Args:
        station: As in the lines; "" for dishes without one.
        part: Which of the tickets of this round this is, from 1; printed as [part/parts] so that a lost one shows.
        code: Short code of the ticket, the same on every copy.
    """
    again = order["round_no"] > 1
    where, beside = whose(order)
    blocks: list[Block] = [Beep(), Text(f"厨打分单-{station}" if station else "厨打分单", size=2, align="center")]
    if again:
        blocks.append(Text(f"【加菜】第{order['round_no']}次", size=2, align="center"))
    if order.get("wait"):
        blocks.append(Text(KEPT_BACK, size=2, align="center"))
    blocks += [Row(where, beside, size=2), Rule()]
    for line in order["lines"]:
        if line["station"] == station:
            blocks += [Row(line["name"], times(line), size=2), *remarks(line)]
    blocks.append(Rule())
    if order["note"]:
        blocks += [Text(f"整单备注:{order['note']}", bold=True), Rule()]
    return Ticket(
        (
            *blocks,
            Row(f"单号{order['number']}-{order['round_no']} [{part}/{parts}]", "加菜" if again else ""),
            Stamp(f"下单{local(order['placed_at'], order['zone']):%H:%M:%S}", order["zone"], code),
            Cut(),
        )
    )


def remarks(line: ReleasedLine) -> list[Block]:
    """What to mind about a dish: its options and the diner's note."""
    found: list[Block] = []
    if line["options"]:
        found.append(Text("做法:" + " ".join(line["options"]), bold=True, indent=2))
    if line["note"]:
        found.append(Text(f"备注:{line['note']}", bold=True, indent=2))
    return found
