"""Several processes that answer requests at one address, and what they do without a request."""
