"""Clouds in databases: their kept states, and copies between stores."""
