"""States of a cloud that are kept beside it or in its database, and other states in its place."""
