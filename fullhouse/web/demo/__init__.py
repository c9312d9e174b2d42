"""The first evening: a dirty legacy database taken over, proved, sold from and served.

`fullhouse demo` runs the steps in `evening.py`; each step proves what it did or raises
`DemoFailed`. Everything goes through the doors that an operator has: no step knows the data.
"""
