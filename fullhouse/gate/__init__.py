"""The on-sale gate: the hot calls of the HTTP API without Django's layers; start at application.py.

Same addresses, same answers, same rules: what it does not understand exactly goes to Django.
"""
