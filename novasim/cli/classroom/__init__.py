"""The command `classroom`."""
