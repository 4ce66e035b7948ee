"""`haowei shop import`."""

import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from domain.shop.diff import ShopDiff
from domain.shop.document import ShopDocument
from domain.shop.errors import ShopFileError, ShopImportedError
from domain.shop.importing import diff_shop, import_shop
from domain.shop.pictures import copy_pictures
from domain.shop.reading import read_shop_file
from domain.storage import Database
from haowei.database import open_house
from haowei.settings import Settings, clock_of


async def import_file(settings: Settings, file: Path, *, dry_run: bool) -> int:
    """Import a shop file, or say what an import would change. Returns the exit code: 2 for a faulty file."""
    try:
        shop = read_shop_file(file, pictures_in=file.parent)
    except ShopFileError as error:
        print(f"{file}: nothing was changed", file=sys.stderr)
        for fault in error.faults:
            print(f"  {fault}", file=sys.stderr)
        return 2
    for warning in shop.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    database = open_house(settings.database_url)
    try:
        if dry_run:
            diff = await database.read(diff_shop, shop.document)
        else:
            copy_pictures(shop.pictures, settings.pictures)
            diff = await bring_in(database, shop.document, imported_by="cli", now=clock_of(settings).now())
    except ShopFileError as error:
        print(*error.faults, sep="\n", file=sys.stderr)
        return 2
    except ShopImportedError:
        print("somebody else imports at this moment; nothing was changed, run it again", file=sys.stderr)
        return 1
    finally:
        await database.close()
    print(*diff.lines(), sep="\n")
    return 0


async def bring_in(database: Database, document: ShopDocument, *, imported_by: str, now: datetime) -> ShopDiff:
    """Import a document in one transaction."""

    def run(session: Session) -> ShopDiff:
        return import_shop(session, document, imported_by=imported_by, now=now)

    return await database.transaction(run)
