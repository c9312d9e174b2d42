"""The old system's HTTP surface, `/api/legacy/`, over whichever side is authoritative.

It goes through `fullhouse.compat`, so that the cut-over moves it as it moves old Python code.
Every answer says that it is deprecated, until when it is there, and what replaces it.
"""
