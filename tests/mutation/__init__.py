"""
Mutation testing: the rules are broken one at a time, and the tests must notice.

python -m tests.mutation [--sample N] [--seed N] [NAME ...]

NAME is a package or a module, such as lifecycle or simulation/quotas.py; without names, all packages are tested. mutmut
makes the mutants. First, all tests of a package run under coverage. Then each mutant is tested in its own process with
the tests that run its statement, the fastest first and up to a number of seconds. No file is changed. The exit code is
1 if too few mutants of a package are killed. Needs a system with fork.
"""
