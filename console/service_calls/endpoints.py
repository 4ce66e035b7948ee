"""Service calls under /api/v1/service-calls. What they do is domain/service_calls; the chat of the staff does the same."""

from console.api.endpoint import Context, Endpoint
from console.api.problems import Kind, ProblemError
from console.api.shapes import Nothing, page
from console.service_calls.shapes import CallMade, CallShown, CallsQuery, CallsShown, NewCall
from domain.kernel.ids import is_id
from domain.service_calls.errors import CallOverError, CallTakenError
from domain.service_calls.listing import find_call, get_call, list_calls
from domain.service_calls.models import ServiceCall
from domain.service_calls.rules import CallState
from domain.service_calls.service import call_staff, finish_call, take_call
from domain.staff.rules import Act
from domain.tables.errors import UnknownTableError

NO_SUCH_CALL = Kind("service_calls.unknown", 404, "没有这个呼叫", "本店没有这个呼叫。")
_TAG = "service calls"
_ONE = "/service-calls/{call_id}"


def list_open(context: Context, query: CallsQuery) -> CallsShown:
    """The calls of the store that somebody still waits for, the oldest first."""
    calls = list_calls(context.session, context.store.id, now=context.now, table_code=query.table)
    shown, following = page(calls, query, lambda call: (call.called_at.isoformat(), call.id))
    return CallsShown(calls=[CallShown.of(call, context.store) for call in shown], next=following)


def make_call(context: Context, given: NewCall) -> CallMade:
    """The staff call a colleague to a table, or a bell on it rings: printed and told like a diner's call."""
    made = call_staff(context.session, context.store, given.table, given.kind, diner_id=None, words=given.words, now=context.now)
    context.record(Act.CALLS, f"{made.call.id} made")
    return CallMade(call=CallShown.of(made.call, context.store), fresh=made.fresh, nudged=made.nudged)


def take(context: Context, _: Nothing) -> CallShown:
    """Somebody goes. Of two who take it one has it. Again by the same device, nothing changes."""
    call_id, device = _id(context), context.device.id
    try:
        taken = take_call(context.session, context.store, call_id, by=device, now=context.now)
    except CallOverError:
        taken = get_call(context.session, call_id)
        if taken.state is not CallState.TAKEN or taken.taken_by != device:
            raise
    context.record(Act.CALLS, f"{taken.id} taken")
    return CallShown.of(taken, context.store)


def finish(context: Context, _: Nothing) -> CallShown:
    """What was called for is done."""
    done = finish_call(context.session, context.store, _id(context), by=context.device.id, now=context.now)
    context.record(Act.CALLS, f"{done.id} done")
    return CallShown.of(done, context.store)


def _id(context: Context) -> str:
    """The call of the address, if it is this store's. Raises: ProblemError."""
    call_id = context.path["call_id"]
    call = find_call(context.session, ServiceCall.id == call_id) if is_id(call_id) else None
    if call is None or call.store_id != context.store.id:
        raise ProblemError(NO_SUCH_CALL)
    return call_id


ENDPOINTS = (
    Endpoint("GET", "/service-calls", "listCalls", _TAG, "Who waits for somebody", list_open, CallsShown, CallsQuery),
    Endpoint("POST", "/service-calls", "makeCall", _TAG, "A table needs somebody", make_call, CallMade, NewCall, (UnknownTableError,)),
    Endpoint(
        "POST",
        f"{_ONE}/take",
        "takeCall",
        _TAG,
        "Somebody goes",
        take,
        CallShown,
        refusals=(CallTakenError, CallOverError),
        problems=(NO_SUCH_CALL,),
    ),
    Endpoint(
        "POST", f"{_ONE}/finish", "finishCall", _TAG, "It is done", finish, CallShown, refusals=(CallOverError,), problems=(NO_SUCH_CALL,)
    ),
)
