"""Many clouds at one address: each has its own prefix, and is opened at its first use."""
