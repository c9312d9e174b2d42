-- Two roles and the schema between them. Once, by a superuser, in the database that Fullhouse is to
-- live in; again is harmless.
--
--   psql --set schema=fullhouse --set owner=fullhouse_owner --set app=fullhouse_app --file roles.sql
--
-- owner  makes the schema, migrates, takes legacy databases over. Nothing that serves people uses it.
-- app    what `serve`, the sweep and the audit log in as: runs the engine, owns nothing.
--
-- Passwords are not here: set them with \password, or let the server know the roles in another way.
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', name)
    FROM (VALUES (:'owner'), (:'app')) AS wanted (name)
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) \gexec

SELECT format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO %I', current_database(), :'owner'),
       format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'app') \gexec

-- The engine's functions set their marker for as long as they run. To make such functions, a role
-- that is no superuser needs this right; to call them, nobody does.
GRANT SET ON PARAMETER fullhouse.engine TO :"owner";

-- Whoever calls this has to be a member of a role to make a schema for it.
SELECT format('GRANT %I TO CURRENT_USER', :'owner')
    WHERE NOT pg_catalog.pg_has_role(CURRENT_USER, :'owner', 'MEMBER') \gexec
CREATE SCHEMA IF NOT EXISTS :"schema" AUTHORIZATION :"owner";

-- A statement of the app that waits for a lock, or a transaction that somebody forgot, ends.
ALTER ROLE :"app" SET lock_timeout = '10s';
ALTER ROLE :"app" SET idle_in_transaction_session_timeout = '60s';
