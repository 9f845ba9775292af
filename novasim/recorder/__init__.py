"""Collects the entries of the record while units of work run. Only a cloud whose record is kept imports it."""
