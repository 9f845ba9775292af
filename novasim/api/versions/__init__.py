"""The version documents at the root of each service, with which clients begin."""
