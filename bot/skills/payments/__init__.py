"""Paying: the bill (bills.py), bills apart and together (splitting.py), how they are told (wording.py)."""

from bot.dialogue.effects import Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.skill import Skill
from bot.skills.payments.bills import ask_for_bill, ask_refund, bill_details
from bot.skills.payments.splitting import join_bills, split_off
from bot.understanding.bill_splits import JOIN_BILLS, SPLIT_BILL
from bot.understanding.paying import ASK_REFUND, BILL_DETAILS, COUPON_WISH, PAY_BILL, POINTS_WISH

SKILL = Skill(
    intents={BILL_DETAILS: bill_details, ASK_REFUND: ask_refund},
    flows=(
        Flow(
            PAY_BILL,
            "买单",
            act="ask_for_bill",
            weight=Weight.SMALL,
            slots=(
                Slot("coupons", "bill", takes=COUPON_WISH, required=never, title="优惠券"),
                Slot("points", "bill", takes=POINTS_WISH, required=never, title="积分"),
            ),
            lingers=True,
        ),
        Flow(SPLIT_BILL, "分单", act="split_off", weight=Weight.SMALL),
        Flow(JOIN_BILLS, "合并账单", act="join_bills", weight=Weight.SMALL),
    ),
    effects={"ask_for_bill": ask_for_bill, "split_off": split_off, "join_bills": join_bills},
)
