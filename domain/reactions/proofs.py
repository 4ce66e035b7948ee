"""The proof: every sum that must agree, over all slices that hold value. Source: RESTAURANT, Points (proven every night)."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.bookings.proof import prove_bookings
from domain.checkout.proof import prove_orders
from domain.coupons.proof import prove_coupons
from domain.experiences.proof import prove_experiences
from domain.grants.proof import prove_grants
from domain.kernel.proofs import Discrepancy
from domain.points.proof import prove_points

PROOFS: tuple[Callable[[Session], list[Discrepancy]], ...] = (
    prove_points,
    prove_coupons,
    prove_grants,
    prove_orders,
    prove_bookings,
    prove_experiences,
)


def prove(session: Session) -> list[Discrepancy]:
    """What does not agree; nothing when all is well."""
    return [found for proof in PROOFS for found in proof(session)]
