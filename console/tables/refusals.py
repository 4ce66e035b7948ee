"""What whoever stands at the till reads when a table is not free, or not theirs to free."""

from console.api.refusals import Refusal, Refusals
from domain.orders.errors import JustPaidError
from domain.tables.errors import SameTableError, SessionEndedError, TableTakenError, UnknownTableError, UnpaidTableError

REFUSALS: Refusals = {
    UnknownTableError: Refusal(404, "没有这张桌子", "{store}没有 {table} 这张桌子。"),
    SessionEndedError: Refusal(409, "桌上没有人", "这张桌子现在没有客人扫码开台。"),
    TableTakenError: Refusal(409, "桌子有人", "{table} 有客人坐着；要坐在一起请用并台。"),
    SameTableError: Refusal(409, "是同一桌", "这一桌就是 {table}，请选另一张桌子。"),
    UnpaidTableError: Refusal(409, "还没结清", "{table} 还有点了没付的菜，请先收款或退菜。"),
    JustPaidError: Refusal(409, "刚刚付了款", "其中一桌刚刚付了款，请再看一眼。"),
}
