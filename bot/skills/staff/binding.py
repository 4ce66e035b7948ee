"""A phone becomes a member of staff's, by a code that is typed or scanned, and a diner's again."""

from collections.abc import Mapping
from typing import Any, Final

from bot.dialogue.effects import Answer, Done, Prompt
from bot.skill import Context
from bot.skills.staff.tables import table_to_name
from domain.staff.binding import BindOutcome, bind, unbind
from domain.staff.roster import Staff
from domain.staff.rules import ROLE_TITLES, Role


def bind_phone(context: Context, args: Mapping[str, Any]) -> Answer:
    """绑定 123456. Args: code."""
    binding = bind(context.session, context.vault.digest, context.diner_id, str(args["code"]), now=context.now)
    if binding.staff is None:
        name = "staff_code_over" if binding.outcome is BindOutcome.OVER or not binding.tries_left else "staff_code_wrong"
        return Done((Prompt(name, {"tries": binding.tries_left}),))
    staff = binding.staff
    values = {"name": staff.name, "role": ROLE_TITLES[staff.role], "stores": _stores(context, staff), "words": _words(context, staff)}
    return Done((Prompt("staff_bound", values),))


def unbind_phone(context: Context, args: Mapping[str, Any]) -> Answer:
    """解绑: from now on a diner writes from this phone."""
    staff = unbind(context.session, context.diner_id, now=context.now)
    return Done((Prompt("staff_unbound", {"name": staff.name}),))


def _stores(context: Context, staff: Staff) -> str:
    if staff.stores is None:
        return "所有门店"
    return "、".join(store.name for store in context.shop.known_stores.values() if store.id in staff.stores)


def _words(context: Context, staff: Staff) -> str:
    """What can be said, with a table and a dish of their own store."""
    store = next((store for store in context.shop.stores.values() if staff.works_in(store.id)), None)
    dishes = context.shop.menus.get(store.id, {}) if store is not None else {}
    dish = next((dish.name for dish in dishes.values()), "红烧肉")
    return _WORDS[staff.role].format(table=table_to_name(store) if store is not None else "A03", dish=dish)


_DOOR: Final = "「叫号 {table}」，「排队情况」，「今天的订位」，「B018 同意」，「B018 换到{table}」，「现在几桌空着」，「{table} 走了」"
_WAITER: Final = f"「呼叫」看谁在叫，「{{table}} 我来」接单，「{{table}} 上齐了」，{_DOOR}"
_COOK: Final = "「0087 好了」，「估清 {dish}」，「恢复 {dish}」"
_WORDS: Mapping[Role, str] = {
    Role.WAITER: f"{_WAITER}，「{{table}} 交还」把聊天交回给我",
    Role.COOK: _COOK,
    Role.CASHIER: f"{_WAITER}，{_COOK}，「待办」",
    Role.MANAGER: f"「今日数据」，「待办」，{_WAITER}，{_COOK}",
    Role.OWNER: f"「今日数据」，「待办」，{_WAITER}，{_COOK}",
}
