"""Samples of legacy data for demos, tests and benchmarks, with as much dirt as asked for.

The same arguments give the same rows, in a stream: one event in memory at a time.
"""
