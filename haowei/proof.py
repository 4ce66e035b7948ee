"""`haowei proof`: every sum of points, coupons, budgets and bills, compared with the records behind it."""

from domain.reactions.proofs import prove
from haowei.database import open_house
from haowei.settings import Settings

_SHOWN = 200


async def print_proof(settings: Settings) -> int:
    """Say what does not agree. Returns: 0 when all sums agree, 1 when some do not."""
    database = open_house(settings.database_url)
    try:
        found = await database.read(prove)
    finally:
        await database.close()
    for item in found[:_SHOWN]:
        print(f"{item.rule}: {item.subject} has {item.found}, its records say {item.expected}")
    if len(found) > _SHOWN:
        print(f"... and {len(found) - _SHOWN} more")
    print("all sums agree" if not found else f"{len(found)} sums do not agree")
    return 1 if found else 0
