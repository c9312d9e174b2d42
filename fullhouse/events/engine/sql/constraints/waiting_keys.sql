-- An entry waits for a section of its own performance, as composite_keys.sql has it for other rows.
ALTER TABLE {schema}.events_waitingentry
    ADD CONSTRAINT waiting_in_section FOREIGN KEY (performance_id, section_id)
    REFERENCES {schema}.events_eventsection (performance_id, id) DEFERRABLE INITIALLY DEFERRED;
