"""The lane of a server: its actions as bars over time, as text and as a picture."""
