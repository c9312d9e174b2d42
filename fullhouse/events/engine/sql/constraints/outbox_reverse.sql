ALTER TABLE {schema}.events_notice DROP COLUMN txid, DROP COLUMN turn;
ALTER TABLE {schema}.events_movement DROP COLUMN txid, DROP COLUMN turn;
DROP SEQUENCE {schema}.events_turn;
