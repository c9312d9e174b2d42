-- The same for a performance that is closed, opened or changed in size.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $capture$
BEGIN
    INSERT INTO {outbox} (run_id, direction, performance_id)
    SELECT DISTINCT {run}::uuid, 'reverse', n.id FROM new_rows AS n
        JOIN {units} AS u ON u.run_id = {run}::uuid AND u.performance_id = n.id;
    RETURN NULL;
END $capture$
