"""Tables of coupons."""
