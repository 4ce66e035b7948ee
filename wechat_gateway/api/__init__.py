"""Our own thin async client of the platform's API: tokens, one retry, timeouts, the error table; one module per API family."""
