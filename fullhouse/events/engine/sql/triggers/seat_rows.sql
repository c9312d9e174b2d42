-- The rows of seats (constraints/seat_rows.sql) follow the seats, whoever writes them: the engine, a
-- takeover, loaddata, staff. A search may be told to look in vain, but never misses a free seat.
-- Taking a seat fires nothing. Locks: seat rows that nobody has.
CREATE FUNCTION {schema}.add_seat_rows() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_row record;
BEGIN
    FOR v_row IN
        SELECT DISTINCT m.performance_id, m.section_id, m.row_rank FROM made AS m
        JOIN {schema}.events_seatrow AS r
            ON r.performance_id = m.performance_id AND r.section_id = m.section_id
            AND r.row_rank = m.row_rank
        ORDER BY 1, 2, 3
    LOOP
        PERFORM {schema}.recheck_seat_row_v1(
            v_row.performance_id, v_row.section_id, v_row.row_rank);
    END LOOP;
    INSERT INTO {schema}.events_seatrow (performance_id, section_id, row_rank, longest)
        SELECT performance_id, section_id, row_rank, count(*) FILTER (WHERE status <> 'sold')
        FROM made GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.recheck_changed_seat() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.performance_id, OLD.section_id, OLD.row_rank)
            IS DISTINCT FROM (NEW.performance_id, NEW.section_id, NEW.row_rank) THEN
        INSERT INTO {schema}.events_seatrow (performance_id, section_id, row_rank)
            VALUES (NEW.performance_id, NEW.section_id, NEW.row_rank) ON CONFLICT DO NOTHING;
    END IF;
    PERFORM {schema}.recheck_seat_row_v1(NEW.performance_id, NEW.section_id, NEW.row_rank);
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.recheck_sooner_due() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {schema}.recheck_seat_row_v1(r.performance_id, r.section_id, r.row_rank) FROM (
        SELECT DISTINCT s.performance_id, s.section_id, s.row_rank
        FROM {schema}.events_reservationline AS l
        JOIN {schema}.events_seat AS s
            ON s.performance_id = l.performance_id AND s.id = l.seat_id
        WHERE l.performance_id = NEW.performance_id AND l.reservation_id = NEW.id
          AND l.status = 'reserved') AS r;
    RETURN NULL;
END $$;

CREATE TRIGGER seat_rows_added
    AFTER INSERT ON {schema}.events_seat
    REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.add_seat_rows();
CREATE TRIGGER seat_row_changed
    AFTER UPDATE ON {schema}.events_seat FOR EACH ROW
    WHEN (NEW.status = 'available' AND OLD.status <> 'available'
        OR (OLD.performance_id, OLD.section_id, OLD.row_rank, OLD.seat_rank, OLD.allocation_id,
            OLD.is_accessible)
        IS DISTINCT FROM
        (NEW.performance_id, NEW.section_id, NEW.row_rank, NEW.seat_rank, NEW.allocation_id,
            NEW.is_accessible))
    EXECUTE FUNCTION {schema}.recheck_changed_seat();
CREATE TRIGGER seat_row_due_sooner
    AFTER UPDATE OF expires_at ON {schema}.events_reservation FOR EACH ROW
    WHEN (NEW.expires_at < coalesce(OLD.expires_at, 'infinity'))
    EXECUTE FUNCTION {schema}.recheck_sooner_due();
