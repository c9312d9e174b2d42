-- Empties what a session knows of venues, events and ticket types; session/catalogue.sql fills it.
-- DELETE, not TRUNCATE: a read-only transaction may do this to its temporary tables.
DELETE FROM m_type_key;
DELETE FROM m_type;
DELETE FROM m_event;
DELETE FROM m_venue;
