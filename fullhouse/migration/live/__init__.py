"""A takeover while the legacy system sells: capture, backfill beside the sellers, sync.

See docs/reference/capacity_migration-live.md and docs/adr/0004-recompute-per-unit.md.
"""
