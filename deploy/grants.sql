-- What the app role may do. By the owner role, after every `fullhouse migrate`: it takes back
-- everything and grants anew, in one transaction, so new tables are covered and old rights go.
--
--   psql --set schema=fullhouse --set app=fullhouse_app --file grants.sql
--
-- The engine's functions run with the caller's rights, so the app may write the tables that they
-- write; the triggers see to it that only the engine does. What the app may never do: own, alter or
-- drop anything, disable a trigger, truncate, change or delete a row of the ledger, delete a
-- reservation, touch the record of a takeover or of the migrations.
\set ON_ERROR_STOP on
BEGIN;

REVOKE ALL ON SCHEMA :"schema" FROM PUBLIC, :"app";
REVOKE ALL ON ALL TABLES IN SCHEMA :"schema" FROM PUBLIC, :"app";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA :"schema" FROM PUBLIC, :"app";
REVOKE ALL ON ALL ROUTINES IN SCHEMA :"schema" FROM PUBLIC, :"app";

GRANT USAGE ON SCHEMA :"schema" TO :"app";
GRANT SELECT ON ALL TABLES IN SCHEMA :"schema" TO :"app";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA :"schema" TO :"app";

-- What services and staff write, triggers check. Not the record of a takeover, of the migrations
-- and of what rights there are: the owner's commands write those.
SELECT format('GRANT INSERT, UPDATE, DELETE ON %I.%I TO %I', schemaname, tablename, :'app')
    FROM pg_catalog.pg_tables
    WHERE schemaname = :'schema' AND tablename NOT LIKE 'capacity\_migration\_%'
      AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission') \gexec
-- What only grows: rows are added, and those of the ledger and of the staff's notes never changed.
SELECT format('REVOKE DELETE ON %I.%I FROM %I', :'schema', name, :'app')
    FROM unnest(ARRAY['events_movement', 'events_operation', 'events_reservation',
                      'events_reservationline']) AS name \gexec
REVOKE UPDATE ON :"schema".events_movement FROM :"app";
REVOKE UPDATE, DELETE ON :"schema".django_admin_log FROM :"app";

-- The engine, without what belongs to a takeover: its triggers run without being called.
SELECT format('GRANT EXECUTE ON %s %s TO %I',
        CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.oid::regprocedure, :'app')
    FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    WHERE n.nspname = :'schema' AND p.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype
      AND p.prokind IN ('f', 'p') \gexec

COMMIT;
