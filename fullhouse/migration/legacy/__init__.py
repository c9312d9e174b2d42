"""The legacy layout: loading its `dumpdata` files into staging, and making samples of it.

First step of a migration from a file: what is read here lands in staging tables of a schema of
its own; everything after that reads those tables by SQL. Nothing here touches Fullhouse's tables.
"""
