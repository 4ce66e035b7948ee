"""`haowei token create` and `haowei token revoke`."""

import sys

from domain.shop.snapshot import load_snapshot
from domain.staff.models import TokenScope
from domain.staff.service import create_token, revoke_tokens
from domain.storage import open_database
from haowei.routing import ROUTES
from haowei.runtime import clock_of
from haowei.settings import Settings


async def create(settings: Settings, store_id: str, scope: str) -> int:
    """Make a token for a store that exists, and print it: this once."""
    database = open_database(settings.database_url, routes=ROUTES)
    try:
        stores = (await database.read(load_snapshot)).stores
        if store_id not in stores:
            print(f"no such store; there are: {', '.join(stores)}", file=sys.stderr)
            return 2
        print(await database.transaction(create_token, store_id, TokenScope(scope), now=clock_of(settings).now()))
    finally:
        await database.close()
    return 0


async def revoke(settings: Settings, store_id: str, scope: str) -> int:
    """Revoke the tokens of a store."""
    database = open_database(settings.database_url, routes=ROUTES)
    try:
        count = await database.transaction(revoke_tokens, store_id, TokenScope(scope), now=clock_of(settings).now())
    finally:
        await database.close()
    print(f"{count} revoked")
    return 0
