"""The words of explanations, for learners. Rules are not here but in the action table."""
