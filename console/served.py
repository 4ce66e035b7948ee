"""Everything that /api/v1 serves: the endpoints of every feature, and how each refusal is told."""

from console.api.endpoint import Endpoint
from console.api.refusals import Refusals
from console.bookings import endpoints as bookings
from console.bookings.refusals import REFUSALS as BOOKINGS
from console.experiences import endpoints as experiences
from console.orders import endpoints as orders
from console.service_calls import endpoints as service_calls
from console.service_calls.refusals import REFUSALS as SERVICE_CALLS
from console.stores import endpoints as stores
from console.tables import endpoints as tables
from console.tables.refusals import REFUSALS as TABLES
from console.waitlist import endpoints as waitlist
from console.waitlist.refusals import REFUSALS as WAITLIST

VERSION = "1.0.0"  # of the API: what devices rely on is never taken away or changed in 1.x, only added to
ENDPOINTS: tuple[Endpoint, ...] = (
    *stores.ENDPOINTS,
    *tables.ENDPOINTS,
    *bookings.ENDPOINTS,
    *waitlist.ENDPOINTS,
    *service_calls.ENDPOINTS,
    *orders.ENDPOINTS,
    *experiences.ENDPOINTS,
)
REFUSALS: Refusals = {**BOOKINGS, **WAITLIST, **SERVICE_CALLS, **TABLES, **orders.REFUSALS, **experiences.REFUSALS}
