"""Tables under /api/v1/tables, and the floor under /api/v1/floor."""

from console.api.endpoint import Context, Endpoint
from console.api.shapes import Nothing
from console.tables.floor import fixed, show_floor
from console.tables.shapes import Destination, FloorShown, PartyMoved, TableFreed, TableShown, TablesShown
from domain.bookings.errors import TablesTakenError
from domain.checkout.changes import merge
from domain.orders.errors import JustPaidError
from domain.staff.rules import Act
from domain.tables.errors import SameTableError, SessionEndedError, TableTakenError, UnknownTableError, UnpaidTableError
from domain.tables.service import Seat, find_seat_at
from domain.waitlist.errors import QueueClosedError, TableHeldError
from domain.waitlist.parties import clear_table, move_party

_TAG = "tables"
_ONE = "/tables/{table}"


def list_tables(context: Context, _: Nothing) -> TablesShown:
    """The tables that the shop file names."""
    return TablesShown(tables=[TableShown.model_validate(fixed(context, table)) for table in context.store.tables.values()])


def close(context: Context, _: Nothing) -> TableFreed:
    """The party has gone: the table is free, and so are the others of its booking. What was ordered is paid or taken back first."""
    code = _code(context)
    freed = clear_table(context.session, context.shop, context.store, code, by=context.device.id, now=context.now)
    context.record(Act.DOOR, f"{code} closed")
    return TableFreed(table=code, was_taken=freed)


def move(context: Context, given: Destination) -> PartyMoved:
    """The party goes to a free table (换台); its booking, orders and bills come along, and the kitchen hears of it."""
    code, to = _code(context), _known(context, given.to)
    moved = move_party(context.session, context.shop, context.store, code, to, by=context.device.id, now=context.now)
    context.record(Act.DOOR, f"{code} moved to {to}")
    return PartyMoved(table=to, session_id=moved.session_id if moved else None, order_id=None)


def merge_parties(context: Context, given: Destination) -> PartyMoved:
    """The party joins the one at another table (并台): one cart and one bill from now on."""
    source = _sitting(context, _code(context))
    target = _sitting(context, _known(context, given.to))
    both = merge(context.session, context.store, source.session_id, target.session_id, by=context.device.id, now=context.now)
    context.record(Act.DOOR, f"{source.table_code} merged into {target.table_code}")
    return PartyMoved(table=both.seat.table_code, session_id=both.seat.session_id, order_id=both.order_id)


def _code(context: Context) -> str:
    return _known(context, context.path["table"])


def _known(context: Context, code: str) -> str:
    """A table's code. Raises: UnknownTableError."""
    if code not in context.store.tables:
        raise UnknownTableError(store=context.store.name, table=code[:16])
    return code


def _sitting(context: Context, code: str) -> Seat:
    """The party at a table. Raises: SessionEndedError."""
    seat = find_seat_at(context.session, context.store.id, code, now=context.now)
    if seat is None:
        raise SessionEndedError
    return seat


ENDPOINTS = (
    Endpoint("GET", "/floor", "showFloor", "floor", "The floor at this moment", show_floor, FloorShown),
    Endpoint("GET", "/tables", "listTables", _TAG, "The tables of the store", list_tables, TablesShown),
    Endpoint(
        "POST",
        f"{_ONE}/close",
        "closeTable",
        _TAG,
        "The party has gone",
        close,
        TableFreed,
        refusals=(UnknownTableError, UnpaidTableError, SessionEndedError, TableTakenError, TableHeldError, QueueClosedError),
    ),
    Endpoint(
        "POST",
        f"{_ONE}/move",
        "moveParty",
        _TAG,
        "The party moves",
        move,
        PartyMoved,
        Destination,
        (UnknownTableError, SessionEndedError, SameTableError, TableTakenError, TableHeldError, TablesTakenError, QueueClosedError),
    ),
    Endpoint(
        "POST",
        f"{_ONE}/merge",
        "mergeParties",
        _TAG,
        "Two parties are one",
        merge_parties,
        PartyMoved,
        Destination,
        (UnknownTableError, SessionEndedError, SameTableError, JustPaidError),
    ),
)
