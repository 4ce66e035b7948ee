"""转台 and 并台: where what is being cooked must be carried now. Never a price."""

from typing import TypedDict

from printing.tickets.kitchen import remarks
from printing.tickets.orders import ReleasedLine, local, portions, times
from printing.tickets.ticket import Beep, Block, Cut, Row, Rule, Stamp, Text, Ticket


class MovedTable(TypedDict):
    """Payload of TableMoved v1, what a ticket needs of it. `number` is None where nothing is being cooked."""

    store_id: str
    zone: str
    from_code: str
    to_code: str
    merged: bool
    moved_at: str
    order_id: str | None
    number: str | None
    lines: list[ReleasedLine]


def table_ticket(move: MovedTable, station: str | None, *, part: int, parts: int, code: str) -> Ticket:
    """转台单, 并台单: both tables in large letters, then what is still to be cooked and carried for the party.

    Args:
        station: Whose dishes; "" for dishes without a station, None for all of them (the pass).
        part: Which of the tickets of this move this is, from 1; printed as [part/parts] so that a lost one shows.
        code: Short code of the ticket, the same on every copy.
    """
    lines = [line for line in move["lines"] if station in {None, line["station"]}]
    blocks: list[Block] = [
        Beep(),
        Text(f"{'【并台】' if move['merged'] else '【转台】'}{station or ''}", size=2, align="center"),
        Text(f"{move['from_code']}→{move['to_code']}", size=2, align="center"),
        Rule(),
    ]
    for line in lines:
        blocks += [Row(line["name"], times(line), size=2), *remarks(line)]
    blocks += [Rule(), Text(f"未上{portions(lines)}份送到{move['to_code']},不要重做", bold=True)]
    moved = local(move["moved_at"], move["zone"])
    foot = Row(f"单号{move['number']} [{part}/{parts}]", "并台" if move["merged"] else "转台")
    return Ticket((*blocks, foot, Stamp(f"换桌{moved:%H:%M:%S}", move["zone"], code), Cut()))
