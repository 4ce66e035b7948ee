"""我的积分, 积分明细, 积分兑换."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Deny, SetSlot
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused, Weight
from bot.dialogue.flows import Flow, Slot
from bot.skill import Context, Skill
from bot.understanding.coupon_names import wishes_for
from domain.grants.errors import UnknownRewardError
from domain.grants.rewards import list_rewards, redeem_reward
from domain.kernel.money import yuan
from domain.kernel.said import day_said
from domain.members.errors import NotAMemberError
from domain.members.service import is_member
from domain.points.errors import NotEnoughPointsError
from domain.points.rules import Reason
from domain.points.service import points_of, statement
from domain.shop.value_records import RewardRecord

_PAGE = 10
_MOST_OFFERED = 8
_SOON = timedelta(days=60)  # what ends later is not worth a word
_REASONS = {
    Reason.ORDER_PAID: "消费得积分",
    Reason.GRANTED: "赠送",
    Reason.SPENT: "买单抵扣",
    Reason.EXCHANGED: "兑换",
    Reason.EXPIRED: "到期",
    Reason.REVERSED: "退款收回",
    Reason.RETURNED: "退款退回",
    Reason.OWED: "退款欠下",
    Reason.SETTLED: "补扣欠下的",
    Reason.MERGED: "账号合并",
    Reason.FORFEITED: "退会放弃",
}


def points_balance(context: Context, args: Mapping[str, Any]) -> Answer:
    """How many points a member has, what they are worth, and what is not to be used yet."""
    if not is_member(context.session, context.diner_id):
        return Found((_join_first(context),))
    brand = context.shop.brand
    day = brand.business_day(context.now)
    points = points_of(context.session, context.diner_id, day=day)
    notes = [f"其中{points.pending}分明天起可用"] if points.pending else []
    notes += [f"{points.held}分占用在没付的账单上"] if points.held else []
    notes += [f"还欠{points.owed}分，下次积分时扣"] if points.owed else []
    if points.next_expiry and points.next_expiry[0] - day <= _SOON:
        last, ending = points.next_expiry
        notes.append(f"{ending}分{day_said(last)}到期")
    values = {
        "points": points.total,
        "worth": yuan(points.total * brand.point_value_fen),
        "yuan": brand.yuan_per_point,
        "notes": "".join(f"{note}。" for note in notes),
    }
    return Found((Prompt("points_balance", values, (Offer("积分明细", (Ask("points_history"),)),)),))


def points_history(context: Context, args: Mapping[str, Any]) -> Answer:
    """Every movement with its reason, newest first. Args: before: where the next page goes on."""
    if not is_member(context.session, context.diner_id):
        return Found((_join_first(context),))
    found = statement(context.session, context.diner_id, limit=_PAGE + 1, before=args.get("before"))
    if not found:
        return Found((Prompt("no_points_history"),))
    zone = context.shop.brand.zone
    rows = []
    for movement in found[:_PAGE]:
        day = day_said(movement.at.astimezone(zone))
        owed = f"（欠{movement.owed:+d}）" if movement.owed else ""
        rows.append(f"{day} {_REASONS[movement.reason]} {movement.points:+d}{owed}")
    more = (Offer("下一页", (Ask("points_history", {"before": found[_PAGE - 1].id}),)),) if len(found) > _PAGE else ()
    return Found((Prompt("points_history", {"rows": "\n".join(rows)}, more),))


def ask_reward(context: Context, args: Mapping[str, Any]) -> Answer:
    """The reward list, with how many points there are."""
    if not is_member(context.session, context.diner_id):
        return Refused(NotAMemberError.code, offers=(Offer("加入会员", (Ask("member_card"),)),))
    rewards = list_rewards(context.shop)
    if not rewards:
        return Refused("grants.no_rewards")
    usable = points_of(context.session, context.diner_id, day=context.shop.brand.business_day(context.now)).usable
    lines = "\n".join(f"{reward.name} · {reward.points}积分" for reward in rewards)
    within = [reward for reward in rewards if reward.points <= usable][-_MOST_OFFERED:]
    if not within:
        return Refused("points.rewards_too_dear", {"points": usable, "lines": lines})
    offers = tuple(Offer(f"换{reward.name}"[:20], (SetSlot("reward", reward.id),)) for reward in within)
    return Found((Prompt("rewards", {"points": usable, "lines": lines}, offers),))


def read_back_redeem(context: Context, args: Mapping[str, Any]) -> Answer:
    """Which reward a yes would take, and what it costs."""
    reward = _meant(context, args)
    if reward is None:
        return Refused(UnknownRewardError.code, {"reward": args["reward"]}, slot="reward")
    usable = points_of(context.session, context.diner_id, day=context.shop.brand.business_day(context.now)).usable
    if usable < reward.points:
        return Refused(NotEnoughPointsError.code, {"points": reward.points, "usable": usable})
    version = f"{reward.id}:{reward.points}:{context.now.isoformat()}"
    offers = (Offer("确认兑换", (Affirm(version),)), Offer("不换了", (Deny(),)))
    values = {"reward": reward.name, "points": reward.points, "left": usable - reward.points}
    return Found((Prompt("read_back_redeem", values, offers),), version=version)


def redeem(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: points go, the reward comes; once for each read-back."""
    reward_id, points, _ = str(args["version"]).split(":", 2)
    reward = next((reward for reward in context.shop.brand.rewards if reward.id == reward_id), None)
    if reward is None or str(reward.points) != points:
        raise UnknownRewardError(reward=args["reward"])
    day = context.shop.brand.business_day(context.now)
    key = f"{context.diner_id}:{str(args['version']).rpartition(reward_id + ':')[2]}"
    redeemed = redeem_reward(context.session, context.shop, context.diner_id, reward_id, key=key, day=day, now=context.now)
    values = {"reward": reward.name, "points": reward.points, "day": day_said(redeemed.good_until)}
    return Done((Prompt("redeemed", values, (Offer("我的优惠券", (Ask("my_coupons"),)),)),))


def _join_first(context: Context) -> Prompt:
    return Prompt("points_need_membership", {"yuan": context.shop.brand.yuan_per_point}, (Offer("加入会员", (Ask("member_card"),)),))


def _meant(context: Context, args: Mapping[str, Any]) -> RewardRecord | None:
    """The reward that was tapped, or named by its dish or in the diner's words."""
    rewards = list_rewards(context.shop)
    words = str(args["reward"])
    by_id = next((reward for reward in rewards if words == reward.id), None)
    by_dish = next((reward for reward in rewards if reward.dish is not None and reward.dish == args.get("dish_id")), None)
    named = wishes_for([reward.name for reward in rewards], [words])
    return by_id or by_dish or (rewards[named[0]] if len(named) == 1 else None)


SKILL = Skill(
    intents={"points_balance": points_balance, "points_history": points_history},
    flows=(
        Flow(
            "redeem_points",
            "积分兑换",
            act="redeem",
            weight=Weight.WEIGHTY,
            read_back="read_back_redeem",
            slots=(Slot("reward", "ask_reward", takes="reward", asks_by_query=True, title="兑换", again="ask_reward_again"),),
        ),
    ),
    effects={"ask_reward": ask_reward, "read_back_redeem": read_back_redeem, "redeem": redeem},
)
