"""The organiser's console: the house at a glance, one performance, plans, and staff's actions.

It reads by sums over the allocations and acts through the forms of `events/admin` and the services.
"""
