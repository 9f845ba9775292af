"""Computed hints: the commands that lead from where a learner is to the end of a lesson."""
