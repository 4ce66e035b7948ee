"""How far a place is from a store."""

from math import asin, cos, radians, sin, sqrt

from domain.shop.store import Store

_EARTH_KM = 6371.0


def kilometres(store: Store, latitude: float, longitude: float) -> float:
    """The distance as the crow flies (haversine); of a store whose location is known."""
    assert store.latitude is not None
    assert store.longitude is not None
    north, east = radians(store.latitude - latitude), radians(store.longitude - longitude)
    half = sin(north / 2) ** 2 + cos(radians(latitude)) * cos(radians(store.latitude)) * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))
