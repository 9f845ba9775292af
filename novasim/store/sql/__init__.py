"""
The store over a relational database.

`store.py` has the store, `transaction.py` and `table.py` its transactions, `source.py` what they read, `keys.py` the
fields that the database looks up, `schema.py` its tables. The dialects are `sqlite.py` and `postgresql.py`.
"""
