"""`haowei staff add`, `list`, `code` and `remove`."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from domain.kernel.errors import DomainError
from domain.kernel.scenes import SceneKind, build_scene
from domain.kernel.text import clean
from domain.members.vault import Vault
from domain.shop.snapshot import load_snapshot
from domain.staff.binding import make_code
from domain.staff.roster import add_staff, list_staff, remove_staff
from domain.staff.rules import CODE_LIFE, Role
from domain.storage import Database
from haowei.database import open_house
from haowei.settings import Settings, clock_of


async def add(settings: Settings, name: str, role: str, store_ids: Sequence[str]) -> int:
    """Put somebody on the roster, and print the code that binds their WeChat: this once."""
    plain = clean(name).strip()
    if not plain:
        print("a name is needed", file=sys.stderr)
        return 2

    async def enter(database: Database, now: datetime) -> int:
        stores = (await database.read(load_snapshot)).stores
        unknown = sorted(set(store_ids) - stores.keys())
        if unknown or (role != Role.OWNER and not store_ids):
            print(
                f"{'no such store: ' + ', '.join(unknown) if unknown else 'a store is needed'}; there are: {', '.join(stores)}",
                file=sys.stderr,
            )
            return 2

        def enrol(session: Session) -> tuple[str, str]:
            staff_id = add_staff(session, plain, Role(role), store_ids, now=now)
            return staff_id, make_code(session, _vault(settings).digest, staff_id, now=now)

        _print_code(*await database.transaction(enrol))
        return 0

    return await _with_database(settings, enter)


async def make_new_code(settings: Settings, staff_id: str) -> int:
    """Print a new code for somebody on the roster; the one before is good no more."""

    async def make(database: Database, now: datetime) -> int:
        _print_code(staff_id, await database.transaction(make_code, _vault(settings).digest, staff_id, now=now))
        return 0

    return await _with_database(settings, make)


async def remove(settings: Settings, staff_id: str) -> int:
    """Take somebody off the roster."""

    async def leave(database: Database, now: datetime) -> int:
        print(f"{await database.transaction(remove_staff, staff_id, now=now)} has left")
        return 0

    return await _with_database(settings, leave)


async def list_all(settings: Settings, store_id: str | None) -> int:
    """Print who works here, one a line: id, name, role, stores, bound or not; parted by tabs."""

    async def tell(database: Database, now: datetime) -> int:
        for staff, bound in await database.read(list_staff, store_id):
            stores = "*" if staff.stores is None else ",".join(sorted(staff.stores))
            print(staff.id, staff.name, staff.role.value, stores, "bound" if bound else "not bound", sep="\t")
        return 0

    return await _with_database(settings, tell)


async def _with_database(settings: Settings, act: Callable[[Database, datetime], Awaitable[int]]) -> int:
    database = open_house(settings.database_url)
    try:
        return await act(database, clock_of(settings).now())
    except DomainError as refused:
        print(f"refused: {refused.code}", file=sys.stderr)
        return 2
    finally:
        await database.close()


def _vault(settings: Settings) -> Vault:
    return Vault(settings.secret_key.get_secret_value().encode())


def _print_code(staff_id: str, code: str) -> None:
    minutes = int(CODE_LIFE.total_seconds()) // 60
    print(f"id     {staff_id}")
    print(f"code   {code}   good for {minutes} minutes, once: send 绑定 {code} to the account")
    print(f"scene  {build_scene(SceneKind.STAFF_BINDING, code)}")
