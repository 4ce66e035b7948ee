"""Payment providers: what gives money back. Each is idempotent by our refund number."""
