-- After the cut-over: a statement that moves places of the run's performances marks them in the
-- reverse outbox, in the seller's own transaction, and does nothing else.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $capture$
BEGIN
    INSERT INTO {outbox} (run_id, direction, performance_id)
    SELECT DISTINCT {run}::uuid, 'reverse', n.performance_id FROM new_rows AS n
        JOIN {units} AS u ON u.run_id = {run}::uuid AND u.performance_id = n.performance_id
        WHERE n.migration_run_id IS NULL;
    RETURN NULL;
END $capture$
