"""The actions on a server as methods, by subject. Their rules are those of the action table."""
