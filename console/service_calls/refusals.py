"""What whoever stands at the till reads when a call cannot be taken."""

from console.api.refusals import Refusal, Refusals
from domain.service_calls.errors import CallOverError, CallTakenError

REFUSALS: Refusals = {
    CallTakenError: Refusal(409, "同事已接", "{table} 的「{title}」同事已经接了。"),
    CallOverError: Refusal(409, "呼叫已结束", "这个呼叫已经办好、取消，或客人已离开。"),
}
