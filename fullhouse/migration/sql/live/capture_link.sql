-- The same for a table whose rows belong to rows of another one: by which columns they are matched.
-- Whose they are is looked up when the outbox is read, not here, where a seller with an old snapshot
-- would miss what others committed since.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $capture$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {outbox} (run_id, direction, link)
        SELECT DISTINCT {run}::uuid, 'forward', {link} FROM new_rows AS t;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO {outbox} (run_id, direction, link)
        SELECT {run}::uuid, 'forward', c.link FROM (
            SELECT {link} AS link FROM new_rows AS t
            UNION SELECT {link} FROM old_rows AS t) AS c;
    ELSE
        INSERT INTO {outbox} (run_id, direction, link)
        SELECT DISTINCT {run}::uuid, 'forward', {link} FROM old_rows AS t;
    END IF;
    RETURN NULL;
END $capture$
