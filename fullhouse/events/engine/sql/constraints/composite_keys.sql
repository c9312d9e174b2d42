-- A child row names its performance and its parent; together they must be the parent's own pair.
-- Django 5.2 has no composite foreign keys. Deferred, so that fixtures load in any order.

ALTER TABLE {schema}.events_sectiontickettype
    ADD CONSTRAINT allocation_in_section FOREIGN KEY (performance_id, section_id)
    REFERENCES {schema}.events_eventsection (performance_id, id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE {schema}.events_sectionalias
    ADD CONSTRAINT alias_of_section FOREIGN KEY (performance_id, section_id)
    REFERENCES {schema}.events_eventsection (performance_id, id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE {schema}.events_seat
    ADD CONSTRAINT seat_in_allocation FOREIGN KEY (performance_id, section_id, allocation_id)
    REFERENCES {schema}.events_sectiontickettype (performance_id, section_id, id)
    DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE {schema}.events_reservationline
    ADD CONSTRAINT line_of_reservation FOREIGN KEY (performance_id, reservation_id)
    REFERENCES {schema}.events_reservation (performance_id, id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE {schema}.events_reservationline
    ADD CONSTRAINT line_in_allocation FOREIGN KEY (performance_id, allocation_id)
    REFERENCES {schema}.events_sectiontickettype (performance_id, id) DEFERRABLE INITIALLY DEFERRED;

-- Room on the page for the next version of a hot row, and frequent cleaning, keep updates HOT.
ALTER TABLE {schema}.events_sectiontickettype SET (
    fillfactor = 50, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);
ALTER TABLE {schema}.events_seat SET (fillfactor = 85);
ALTER TABLE {schema}.events_reservation SET (fillfactor = 85);
ALTER TABLE {schema}.events_reservationline SET (fillfactor = 85);
