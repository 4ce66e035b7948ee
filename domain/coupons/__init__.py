"""Coupons (优惠券): single use, owned, good by business day; how they go together is data. Source: RESTAURANT, Coupons."""
