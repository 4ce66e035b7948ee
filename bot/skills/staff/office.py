"""What the day came to, what a person must do, and a diner's talk that is given back to the bot."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.dialogue.commands import Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.dialogue.store import take_back_talk
from bot.events import TalkHandedBack
from bot.skill import Context
from bot.skills.staff.place import at_store, stores_of, stores_spoken_of
from bot.skills.staff.reservations import answer_taps
from bot.skills.staff.tables import table_said
from domain.bookings.listing import get_booking
from domain.kernel.ids import new_id
from domain.kernel.money import Fen, yuan
from domain.messaging import emit
from domain.orders.days import day_figures, find_numbered
from domain.shop.store import Store
from domain.staff.models import StaffTask, TaskKind
from domain.staff.roster import record_act
from domain.staff.rules import Act, Role
from domain.staff.tasks import close_task, get_task, list_tasks
from domain.tables.service import find_seat_at, guests_of

CLOSE_TASK, HAND_BACK = "close_task", "hand_back_talk"
_SHOWN = 9


def today_figures(context: Context, args: Mapping[str, Any]) -> Answer:
    """今日数据: orders and money of a business day, store by store. Args: store, and time for another day."""
    _, stores = stores_spoken_of(context, Act.FIGURES, args)
    lines, orders, paid = [], 0, 0
    for store in stores:
        figures = day_figures(context.session, store.id, _day(context, store, args))
        orders, paid = orders + figures.orders, paid + figures.paid_fen
        back = f"（已减退款￥{yuan(figures.refunded_fen)}）" if figures.refunded_fen else ""
        lines.append(f"{store.name}：{figures.orders}单，实收￥{yuan(figures.paid_fen)}{back}，未结{figures.open}单")
    if len(lines) > 1:
        lines.append(f"合计：{orders}单，实收￥{yuan(Fen(paid))}")
    day = _day(context, stores[0], args)
    return Found((Prompt("figures", {"day": f"{day:%m-%d}", "lines": "\n".join(lines)}),))


def open_tasks(context: Context, args: Mapping[str, Any]) -> Answer:
    """待办: what waits for a person, the most urgent first; the office's too, for those of the office. A tap says what is done."""
    staff, stores = stores_spoken_of(context, Act.TASKS, args)
    tasks: list[StaffTask]
    if staff.role is Role.OWNER and "store" not in args:
        tasks = list(list_tasks(context.session, limit=_SHOWN + 1))
    else:
        tasks = [task for store in stores for task in list_tasks(context.session, store_id=store.id, limit=_SHOWN + 1)]
        tasks.sort(key=lambda task: (task.due_at, task.id))
    if not tasks:
        return Found((Prompt("no_tasks"),))
    shown = tasks[:_SHOWN]
    lines = "\n".join(f"· {_line(context, task)}" for task in shown)
    taps = tuple(tap for task in shown for tap in _taps(context, task))
    return Found((Prompt("tasks", {"more": "（只列最急的9件）" if len(tasks) > _SHOWN else "", "lines": lines}, taps),))


def close(context: Context, args: Mapping[str, Any]) -> Answer:
    """A task is done. Args: task: its id."""
    task = get_task(context.session, str(args["task"]))
    staff, stores = stores_of(context, Act.TASKS)
    if task.store_id not in {store.id for store in stores} and not (task.store_id is None and staff.role is Role.OWNER):
        return Refused("staff.wrong_store", {"name": staff.name})
    if task.kind == TaskKind.INVOICE:  # it is done when its link is given, and the diner has it
        return Refused("staff.task_needs_its_link")
    if task.kind == TaskKind.BOOKING:
        return Refused("staff.task_needs_its_answer", {}, _taps(context, task))
    if not close_task(context.session, task.id, by=staff.id, now=context.now):
        return Done((Prompt("task_was_done"),))
    record_act(context.session, staff, Act.TASKS, f"{task.id} done", store_id=task.store_id, now=context.now)
    return Done((Prompt("task_done", {"task": task.text}),))


def hand_back(context: Context, args: Mapping[str, Any]) -> Answer:
    """A03 交还: the bot talks again to the diners of a table, or to whoever ordered. Args: table or number."""
    at = at_store(context, Act.TALKS, HAND_BACK, args)
    if isinstance(at, Done):
        return at
    staff, store = at
    given = [diner for diner in _diners(context, store, args) if diner != context.diner_id]
    back = [diner_id for diner_id in given if take_back_talk(context.session, diner_id, now=context.now)]
    which = str(args.get("table") or args.get("number"))
    if not back:
        return Refused("staff.no_talk", {"which": which})
    for diner_id in back:
        emit(context.session, TalkHandedBack(diner_id=diner_id, turn=new_id(context.now)), now=context.now)
    record_act(context.session, staff, Act.TALKS, which, store_id=store.id, now=context.now)
    return Done((Prompt("talk_handed_back", {"which": which}),))


def _diners(context: Context, store: Store, args: Mapping[str, Any]) -> Sequence[str]:
    if args.get("table"):
        seat = find_seat_at(context.session, store.id, table_said(store, str(args["table"])), now=context.now)
        return sorted(guests_of(context.session, seat.session_id)) if seat else ()
    today = context.shop.brand.business_day(context.now, store.timezone)
    order = find_numbered(context.session, store.id, today, str(args.get("number", "")))
    return (order.diner_id,) if order else ()


def _day(context: Context, store: Store, args: Mapping[str, Any]) -> date:
    """The business day that is meant: today's, or one before that was named."""
    today = context.shop.brand.business_day(context.now, store.timezone)
    said = (args.get("time") or {}).get("date")
    return min(today, date.fromisoformat(said)) if said else today


def _taps(context: Context, task: StaffTask) -> tuple[Offer, ...]:
    """What can be done about a task by a tap: a booking is answered, an invoice needs its link, anything else is done."""
    if task.kind == TaskKind.INVOICE:
        return ()
    if task.kind == TaskKind.BOOKING:
        return answer_taps(get_booking(context.session, task.subject))
    return (Offer(f"办好 {task.text}"[:20], (Start(CLOSE_TASK, {"task": task.id}),)),)


def _line(context: Context, task: StaffTask) -> str:
    store = context.shop.known_stores.get(task.store_id or "")
    due = task.due_at.astimezone(store.zone if store else context.shop.brand.zone)
    late = "，已超时" if task.due_at < context.now else ""
    return f"{store.name + '：' if store else ''}{task.text}（{due:%m-%d %H:%M}前{late}）"
