"""The proof: every sum that must agree, over all slices that hold value. Source: RESTAURANT, Points (proven every night)."""

from sqlalchemy.orm import Session

from domain.checkout.proof import prove_orders
from domain.coupons.proof import prove_coupons
from domain.grants.proof import prove_grants
from domain.kernel.proofs import Discrepancy
from domain.points.proof import prove_points


def prove(session: Session) -> list[Discrepancy]:
    """What does not agree; nothing when all is well."""
    return [*prove_points(session), *prove_coupons(session), *prove_grants(session), *prove_orders(session)]
