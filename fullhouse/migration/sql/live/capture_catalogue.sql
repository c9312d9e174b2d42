-- The same for venues, events, ticket types and their texts: the event whose performances depend on
-- the row, or null where only the catalogue does. An update of columns that nobody reads puts
-- nothing into the outbox.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $capture$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {outbox} (run_id, direction, event_id)
        SELECT DISTINCT {run}::uuid, 'forward', {event} FROM new_rows AS t;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO {outbox} (run_id, direction, event_id)
        SELECT DISTINCT {run}::uuid, 'forward', c.event_id FROM (
            (SELECT {event} AS event_id, ROW({compared}) FROM new_rows AS t
             EXCEPT SELECT {event}, ROW({compared}) FROM old_rows AS t)
            UNION ALL
            (SELECT {event}, ROW({compared}) FROM old_rows AS t
             EXCEPT SELECT {event}, ROW({compared}) FROM new_rows AS t)) AS c;
    ELSE
        INSERT INTO {outbox} (run_id, direction, event_id)
        SELECT DISTINCT {run}::uuid, 'forward', {event} FROM old_rows AS t;
    END IF;
    RETURN NULL;
END $capture$
