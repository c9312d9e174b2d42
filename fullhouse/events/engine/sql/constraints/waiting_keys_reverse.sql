-- Takes back waiting_keys.sql.
ALTER TABLE {schema}.events_waitingentry DROP CONSTRAINT waiting_in_section;
