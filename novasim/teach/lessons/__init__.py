"""Lessons: their file format, the checks of goals, and the proof that a lesson works. The lessons are beside it."""
