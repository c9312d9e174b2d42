-- Takes back composite_keys.sql.
ALTER TABLE {schema}.events_reservationline DROP CONSTRAINT line_in_allocation;
ALTER TABLE {schema}.events_reservationline DROP CONSTRAINT line_of_reservation;
ALTER TABLE {schema}.events_seat DROP CONSTRAINT seat_in_allocation;
ALTER TABLE {schema}.events_sectionalias DROP CONSTRAINT alias_of_section;
ALTER TABLE {schema}.events_sectiontickettype DROP CONSTRAINT allocation_in_section;
