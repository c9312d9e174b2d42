-- The ledger is its own outbox (docs/adr/0007-outbox.md): each row knows the transaction that wrote it,
-- and its turn. `txid` finds what became visible since a snapshot; `turn` puts it in order: who saw a
-- row and built on it has a later turn, whichever of the two transactions began first.
-- Rows from before have neither, and are never announced; what a takeover writes is not in the index.
CREATE SEQUENCE {schema}.events_turn;
ALTER TABLE {schema}.events_movement ADD COLUMN txid xid8, ADD COLUMN turn bigint;
ALTER TABLE {schema}.events_movement
    ALTER COLUMN txid SET DEFAULT pg_current_xact_id(),
    ALTER COLUMN turn SET DEFAULT nextval('{schema}.events_turn');
CREATE INDEX movement_txid ON {schema}.events_movement (txid) WHERE migration_run_id IS NULL;
ALTER TABLE {schema}.events_notice
    ADD COLUMN txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ADD COLUMN turn bigint NOT NULL DEFAULT nextval('{schema}.events_turn');
CREATE INDEX notice_txid ON {schema}.events_notice (txid);
