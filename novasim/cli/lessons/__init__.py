"""The command `lesson`, and the execution of the command lines of lessons."""
