-- TRUNCATE leaves no rows behind that could say which performances changed. SQLSTATE FHC01.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $capture$
BEGIN
    RAISE EXCEPTION 'TRUNCATE of %.% refused: a takeover by Fullhouse is under way',
        TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'FHC01',
        HINT = 'Use DELETE, or end the takeover first: fullhouse capacity_migration rollback.';
END $capture$
