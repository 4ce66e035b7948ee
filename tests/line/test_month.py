"""A month of real programs and a worker that is killed: no quota error, nothing at night, nothing twice, nothing lost unseen."""

import os
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.line.clock_file import SharedClock
from tests.line.month import NOTICES, Month
from tests.line.month_faults import arrivals_of, faults_of, lost
from tests.line.restaurant import Restaurant
from wechat_gateway.templates import KINDS

_SHOP = Path(__file__).with_name("two_zones.yaml")
_BEGIN = datetime(2027, 2, 20, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # 14 March: New York's hour that is not there
_DAYS = int(os.environ.get("HAOWEI_SOAK_DAYS", "30"))
_TEMPLATES_A_DAY = 6  # so few that some days are full


@pytest.mark.soak
@pytest.mark.parametrize("forms", ["all", "none"])
@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
async def test_a_month_of_real_programs(tmp_path: Path, database_url: str, redis_url: str, forms: str) -> None:
    clock = SharedClock(tmp_path / "clock", _BEGIN)
    async with Restaurant(tmp_path, database_url, clock=clock, shop=_SHOP) as restaurant:
        restaurant.settings["HAOWEI_REDIS_URL"] = redis_url
        _has_forms(restaurant, all_of_them=forms == "all")
        await restaurant.opens()
        month = Month(restaurant, clock, redis_url, seed=7, kill_chance=0.05)
        await month.passes(diners=20, days=_DAYS, outages=tuple(range(2, _DAYS, 7)))
        shown = await restaurant.shows("messages", "--limit", "100000")

    faults, gone = faults_of(month, shown), lost(month)
    states = Counter(record.state for record in month.records)
    reasons = Counter(f"{record.state}: {record.reason}" for record in month.records if record.reason)
    channels = Counter(arrival.item.channel for arrival in arrivals_of(month))
    print(f"\n{dict(month.did)}\n{len(month.records)} messages {dict(states)}, arrived by {dict(channels)}")
    print(f"{month.kills} kills, {month.busy_kills} with something in hand; {len(gone)} lost; refused {dict(restaurant.platform.refusals)}")
    print(dict(reasons))
    assert faults == [], "\n".join(faults)
    assert len(gone) <= month.kills
    assert {record.state for record in gone} <= {"unknown"}
    assert states["unknown"] <= month.kills
    assert month.busy_kills > 5, "hardly anything was interrupted: the month proves little"
    assert all(month.did[what] > 5 for what in ("booked", "numbers", "ordered", "paid", "left", "followed", "asked")), month.did
    assert set(channels) == ({"customer", "notice", "template"} if forms == "all" else {"customer"})


def _has_forms(restaurant: Restaurant, *, all_of_them: bool) -> None:
    """What the account may send beside customer messages: templates and notices, or none."""
    if not all_of_them:
        return
    restaurant.platform.template_messages.a_day = _TEMPLATES_A_DAY
    restaurant.settings["HAOWEI_WECHAT_TEMPLATES_A_DAY"] = str(_TEMPLATES_A_DAY)
    for kind, fields in KINDS.items():
        lines = "\n".join(f"{name}:{{{{{field}.DATA}}}}" for name, field in fields.items())
        restaurant.platform.add_template(kind, lines, f"template_{kind}")
        restaurant.settings[f"HAOWEI_WECHAT_TEMPLATE_{kind.upper()}"] = f"template_{kind}"
        if kind in NOTICES:
            restaurant.platform.add_notice(kind, lines, f"notice_{kind}")
            restaurant.settings[f"HAOWEI_WECHAT_SUBSCRIBE_{kind.upper()}"] = f"notice_{kind}"
