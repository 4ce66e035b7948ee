"""`haowei token create`, `list` and `revoke`."""

import sys

from domain.shop.snapshot import load_snapshot
from domain.staff.models import TokenScope
from domain.staff.service import create_token, list_tokens, revoke_token, revoke_tokens
from haowei.database import open_house
from haowei.settings import Settings, clock_of


async def create(settings: Settings, store_id: str, scope: str) -> int:
    """Make a token for a store that exists, and print it: this once."""
    database = open_house(settings.database_url)
    try:
        stores = (await database.read(load_snapshot)).stores
        if store_id not in stores:
            print(f"no such store; there are: {', '.join(stores)}", file=sys.stderr)
            return 2
        print(await database.transaction(create_token, store_id, TokenScope(scope), now=clock_of(settings).now()))
    finally:
        await database.close()
    return 0


async def list_all(settings: Settings, store_id: str | None) -> int:
    """Print every token, one a line: id, store, scope, when it was made, and when it was revoked."""
    database = open_house(settings.database_url)
    try:
        tokens = await database.read(list_tokens, store_id)
    finally:
        await database.close()
    for token in tokens:
        revoked = f"revoked {token.revoked_at:%Y-%m-%d %H:%M}" if token.revoked_at else "live"
        print(f"{token.id}  {token.store_id}  {token.scope.value}  {token.created_at:%Y-%m-%d %H:%M}  {revoked}")
    return 0


async def revoke(settings: Settings, token_id: str | None, store_id: str | None, scope: str | None) -> int:
    """Revoke one token, or those of a store and scope."""
    if (token_id is None) is (store_id is None or scope is None) or (token_id is not None and (store_id or scope)):
        print("say which: haowei token revoke ID, or --store STORE --scope SCOPE", file=sys.stderr)
        return 2
    now = clock_of(settings).now()
    database = open_house(settings.database_url)
    try:
        if token_id is not None:
            count = int(await database.transaction(revoke_token, token_id, now=now))
        else:
            assert store_id is not None
            assert scope is not None
            count = await database.transaction(revoke_tokens, store_id, TokenScope(scope), now=now)
    finally:
        await database.close()
    if token_id is not None and not count:
        print("no such live token; there are: haowei token list", file=sys.stderr)
        return 2
    print(f"{count} revoked")
    return 0
