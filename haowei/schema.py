"""All tables of the house, so that foreign keys find each other and the history of the tables can be checked."""

from importlib import import_module

from sqlalchemy import MetaData

from domain.storage import Base

_MODULES_WITH_TABLES = (
    "bot.dialogue.store",
    "console.api.models",
    "domain.benefits.models",
    "domain.bookings.models",
    "domain.checkout.models",
    "domain.coupons.models",
    "domain.experiences.models",
    "domain.grants.models",
    "domain.invoices.models",
    "domain.members.models",
    "domain.menu.models",
    "domain.messages.models",
    "domain.messaging.models",
    "domain.orders.models",
    "domain.payments.models",
    "domain.points.models",
    "domain.service_calls.models",
    "domain.shop.models",
    "domain.staff.models",
    "domain.stores.models",
    "domain.stores.numbers",
    "domain.tables.models",
    "domain.waitlist.models",
    "printing.jobs.models",
    "wechat_gateway.api.tokens",
)


def all_metadata() -> MetaData:
    """Import every module that defines a table, and return what they defined."""
    for module in _MODULES_WITH_TABLES:
        import_module(module)
    return Base.metadata
