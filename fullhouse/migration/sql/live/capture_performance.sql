-- The same for the performances themselves. One that comes, goes, or moves in time changes its
-- siblings (two at the same moment are told apart) and perhaps the catalogue: then the event is
-- named too, and its performances are looked up when the outbox is read, not here, where a seller
-- with an old snapshot would miss the youngest.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $capture$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {outbox} (run_id, direction, performance_id, event_id)
        SELECT {run}::uuid, 'forward', {performance}, NULL::uuid FROM new_rows AS t
        UNION SELECT {run}::uuid, 'forward', NULL, {event} FROM new_rows AS t;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO {outbox} (run_id, direction, performance_id, event_id)
        SELECT {run}::uuid, 'forward', {performance}, NULL::uuid FROM new_rows AS t
        UNION SELECT {run}::uuid, 'forward', {performance}, NULL FROM old_rows AS t
        UNION SELECT {run}::uuid, 'forward', NULL, c.event_id FROM (
            (SELECT {event} AS event_id, ROW({compared}) FROM new_rows AS t
             EXCEPT SELECT {event}, ROW({compared}) FROM old_rows AS t)
            UNION ALL
            (SELECT {event}, ROW({compared}) FROM old_rows AS t
             EXCEPT SELECT {event}, ROW({compared}) FROM new_rows AS t)) AS c;
    ELSE
        INSERT INTO {outbox} (run_id, direction, performance_id, event_id)
        SELECT {run}::uuid, 'forward', {performance}, NULL::uuid FROM old_rows AS t
        UNION SELECT {run}::uuid, 'forward', NULL, {event} FROM old_rows AS t;
    END IF;
    RETURN NULL;
END $capture$
