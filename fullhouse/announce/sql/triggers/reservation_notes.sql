-- What changes a reservation and moves no place: more time, and another holder of the whole of it.
-- Told from the engine's notes, which are written with the change. Of a part that goes to another
-- holder the ledger tells.
CREATE FUNCTION {schema}.notice_reservation() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.events_notice (id, performance_id, kind, facts)
        SELECT {schema}.uuid7(), NEW.performance_id,
            CASE NEW.operation WHEN 'extend' THEN 'reservation.extended'
                ELSE 'reservation.transferred' END,
            jsonb_strip_nulls(jsonb_build_object('operation', NEW.operation, 'reservation', r.id,
                'reference', r.reference, 'kind', r.kind, 'channel', r.channel,
                'expires_at', NEW.facts -> 'expires_at', 'quantity', NEW.facts -> 'places'))
        FROM {schema}.events_reservation AS r
        WHERE r.performance_id = NEW.performance_id AND r.id = NEW.reservation_id;
    RETURN NULL;
END $$;

CREATE TRIGGER notice_reservation
    AFTER INSERT ON {schema}.events_note FOR EACH ROW
    WHEN (NEW.operation = 'extend' OR (NEW.operation = 'transfer'
        AND NEW.facts ->> 'to_reservation_id' = NEW.reservation_id::text))
    EXECUTE FUNCTION {schema}.notice_reservation();
