"""The words of explanations, written for learners. What is a rule is not here but in the action table."""
