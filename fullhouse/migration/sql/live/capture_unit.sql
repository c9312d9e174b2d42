-- A trigger function for a table whose rows belong to one performance each: it puts the distinct
-- performances of a statement into the outbox and does nothing else, so that a seller never waits.
-- SECURITY DEFINER: a seller needs no right on Fullhouse's schema. Filled in by live/capture.py.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $capture$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {outbox} (run_id, direction, performance_id)
        SELECT DISTINCT {run}::uuid, 'forward', {performance}
            FROM new_rows AS t WHERE {performance} IS NOT NULL;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO {outbox} (run_id, direction, performance_id)
        SELECT {run}::uuid, 'forward', c.performance_id FROM (
            SELECT {performance} AS performance_id FROM new_rows AS t
            UNION SELECT {performance} FROM old_rows AS t) AS c
            WHERE c.performance_id IS NOT NULL;
    ELSE
        INSERT INTO {outbox} (run_id, direction, performance_id)
        SELECT DISTINCT {run}::uuid, 'forward', {performance}
            FROM old_rows AS t WHERE {performance} IS NOT NULL;
    END IF;
    RETURN NULL;
END $capture$
