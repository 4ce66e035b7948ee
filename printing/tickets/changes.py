"""What the kitchen is told after it got its ticket: 退菜, 起菜, 催菜. A slip for each station, and one with all dishes for the pass."""

from collections.abc import Sequence

from printing.tickets.kitchen import remarks
from printing.tickets.orders import ChangedLine, FiredOrder, KitchenOrder, RushedOrder, VoidedOrder, local, times, waited, whose
from printing.tickets.ticket import Beep, Block, Cut, Row, Rule, Stamp, Text, Ticket


def void_ticket(order: VoidedOrder, station: str | None, *, part: int, parts: int, code: str) -> Ticket:
    """退菜单: what is not to be cooked any more, with the round it came with and the reason.

    Args:
        station: Whose dishes; "" for dishes without a station, None for all of them (the pass).
        part: Which of the slips of this event this is, from 1.
        code: Short code of the slip, the same on every copy.

    Source: reference printing §3.
    """
    body: list[Block] = []
    for line in _dishes_at(station, order["lines"]):
        ordered = f"原单{order['number']}-{line['round_no']} 下单{local(line['placed_at'], order['zone']):%H:%M}"
        body += [Row(f"退 {line['name']}", times(line), size=2), *remarks(line), Text(ordered, indent=2)]
    body.append(Rule("="))
    if order["cancelled"]:
        body.append(Text("整单已退", size=2, align="center"))
    if order["reason"]:
        body.append(Text(f"原因:{order['reason']}", bold=True))
    foot = Row(f"单号{order['number']} [{part}/{parts}]", "退菜")
    stamp = Stamp(f"退菜{local(order['voided_at'], order['zone']):%H:%M:%S}", order["zone"], code)
    return Ticket((*_head(order, "【退菜】", station), Rule("="), *body, foot, stamp, Cut()))


def fire_ticket(order: FiredOrder, station: str | None, *, part: int, parts: int, code: str) -> Ticket:
    """起菜单: a round that was kept back is to be cooked now.

    Args:
        station: As of `void_ticket`, like `part`, `parts` and `code`.

    Source: reference printing §3.
    """
    called = f"叫起{local(order['placed_at'], order['zone']):%H:%M}"
    body = [block for line in _dishes_at(station, order["lines"]) for block in (Row(line["name"], times(line), size=2), *remarks(line))]
    foot = Row(
        f"单号{order['number']}-{order['round_no']} [{part}/{parts}]", f"{called} 等待{waited(order['placed_at'], order['fired_at'])}分"
    )
    stamp = Stamp(f"起菜{local(order['fired_at'], order['zone']):%H:%M:%S}", order["zone"], code)
    return Ticket((*_head(order, "【起菜】", station), Rule(), *body, Rule(), foot, stamp, Cut()))


def rush_ticket(order: RushedOrder, station: str | None, *, part: int, parts: int, code: str) -> Ticket:
    """催菜单: what the table waits for, since when, and how often it has called.

    Args:
        station: As of `void_ticket`, like `part`, `parts` and `code`.

    Source: reference printing §3.
    """
    lines = _dishes_at(station, order["lines"])
    longest = max(waited(line["placed_at"], order["rushed_at"]) for line in lines)
    body: list[Block] = []
    for line in lines:
        body += [Row(line["name"], times(line), size=2), Text(f"下单{local(line['placed_at'], order['zone']):%H:%M}", indent=2)]
    foot = Row(f"单号{order['number']} [{part}/{parts}]", f"第{order['times']}次催")
    stamp = Stamp(f"催菜{local(order['rushed_at'], order['zone']):%H:%M:%S}", order["zone"], code)
    head = (*_head(order, "【催菜】", station), Text(f"已等{longest}分钟", size=2, align="center"), Rule())
    return Ticket((*head, *body, Rule(), foot, stamp, Cut()))


def _dishes_at(station: str | None, lines: Sequence[ChangedLine]) -> list[ChangedLine]:
    return [line for line in lines if station in {None, line["station"]}]


def _head(order: KitchenOrder, title: str, station: str | None) -> tuple[Block, ...]:
    return Beep(), Text(f"{title}{station or ''}", size=2, align="center"), Row(*whose(order), size=2)
