"""Brings the shop to what a document says: all or nothing, and again without effect."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.shop.diff import ShopDiff, compare
from domain.shop.document import ShopDocument
from domain.shop.errors import ShopImportedError
from domain.shop.models import ShopVersion
from domain.shop.records import stored
from domain.shop.rows import document_from_rows, write_rows
from domain.shop.snapshot import current_version
from domain.storage import insert_once


def diff_shop(session: Session, document: ShopDocument) -> ShopDiff:
    """What an import would change: the dry run."""
    return compare(document_from_rows(session), document)


def import_shop(session: Session, document: ShopDocument, *, imported_by: str, now: datetime) -> ShopDiff:
    """Bring stores, tables, printers and menu to what a document says.

    What it no longer names is retired. A document that changes nothing makes no new version.

    Args:
        imported_by: Who imports: "cli", "demo", or a staff id.

    Raises:
        ShopImportedError: Somebody else imports at this moment; nothing was changed.
    """
    version = current_version(session)
    diff = diff_shop(session, document)
    if diff:
        # The version goes first: of two imports at once, its key stops the second before it changes a row.
        row = {"version": version + 1, "document": stored(document), "imported_at": now, "imported_by": imported_by}
        if not insert_once(session, ShopVersion, row):
            raise ShopImportedError(version=version + 1)
        write_rows(session, document, now=now)
    return diff
