"""A phone becomes a member of staff's, by a code that is typed or scanned, and a diner's again."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.effects import Answer, Done, Prompt
from bot.skill import Context
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
    values = {"name": staff.name, "role": ROLE_TITLES[staff.role], "stores": _stores(context, staff), "words": _WORDS[staff.role]}
    return Done((Prompt("staff_bound", values),))


def unbind_phone(context: Context, args: Mapping[str, Any]) -> Answer:
    """解绑: from now on a diner writes from this phone."""
    staff = unbind(context.session, context.diner_id, now=context.now)
    return Done((Prompt("staff_unbound", {"name": staff.name}),))


def _stores(context: Context, staff: Staff) -> str:
    if staff.stores is None:
        return "所有门店"
    return "、".join(store.name for store in context.shop.known_stores.values() if store.id in staff.stores)


_DOOR = "「叫号 A03」，「排队情况」，「今天的订位」，「B018 同意」，「B018 换到A3」，「现在几桌空着」"
_WAITER = f"「呼叫」看谁在叫，「A03 我来」接单，「A03 上齐了」，{_DOOR}"
_COOK = "「0087 好了」，「估清 红烧肉」，「恢复 红烧肉」"
_WORDS: Mapping[Role, str] = {
    Role.WAITER: f"{_WAITER}，「A03 交还」把聊天交回给我",
    Role.COOK: _COOK,
    Role.CASHIER: f"{_WAITER}，{_COOK}，「待办」",
    Role.MANAGER: f"「今日数据」，「待办」，{_WAITER}，{_COOK}",
    Role.OWNER: f"「今日数据」，「待办」，{_WAITER}，{_COOK}",
}
