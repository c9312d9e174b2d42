"""The database of a Fullhouse: the embedded PostgreSQL server, or the one DATABASE_URL names.

Knows nothing of events or capacity, and the packages above it know nothing of servers: they see
an ordinary Django connection.
"""
