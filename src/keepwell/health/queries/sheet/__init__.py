"""Many accounts as rows: what columns, conditions, orders and groups ask, as expressions of the database.

What is asked stands in columns of the account, its standing, its owners, its stored metric values and its memberships. Nothing
is computed from facts here.
"""
