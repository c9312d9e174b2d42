-- Fills m_venue, m_event, m_type from the canonical views. Whatever a performance, an event or a
-- ticket type points at exists afterwards: what the legacy side lacks gets a placeholder with its key.
-- An event without a ticket type on offer gets one named "Default".

INSERT INTO m_event
WITH wanted AS (
    SELECT coalesce(p.event_id, pg_temp.m_id(p.id, 'event')) AS id, p.created_at
        FROM src_performance AS p
    UNION ALL
    SELECT t.event_id, t.created_at FROM src_ticket_type AS t WHERE t.event_id IS NOT NULL
), every AS (
    SELECT e.id, coalesce(e.venue_id, pg_temp.m_id(e.id, 'venue')) AS venue_id,
           coalesce(nullif(btrim(e.title), ''), nullif(btrim(e.slug), ''), e.id::text) AS title,
           coalesce(nullif(btrim(e.slug), ''), e.id::text) AS slug,
           nullif(upper({schema}.name_key(e.currency)), '') AS currency,
           coalesce(e.is_active, true) AS is_active, false AS placeholder, e.created_at
        FROM src_event AS e
    UNION ALL
    SELECT w.id, pg_temp.m_id(w.id, 'venue'), w.id::text, w.id::text, NULL, true, true,
           min(w.created_at)
        FROM wanted AS w
        WHERE NOT EXISTS (SELECT FROM src_event AS e WHERE e.id = w.id)
        GROUP BY w.id
)
SELECT e.id, e.venue_id, left(e.title, 255),
       CASE WHEN row_number() OVER (PARTITION BY left(e.slug, 255) ORDER BY e.id) > 1 OR EXISTS (
           SELECT FROM {schema}.events_event AS x WHERE x.slug = left(e.slug, 255) AND x.id <> e.id)
           THEN left(e.slug, 218) || '-' || e.id ELSE left(e.slug, 255) END,
       CASE WHEN e.currency ~ '^[A-Z]{3}$' THEN e.currency END, e.is_active, e.placeholder,
       coalesce(e.created_at, '2000-01-01 00:00Z')
    FROM every AS e;

INSERT INTO m_venue
SELECT v.id, left(coalesce(nullif(btrim(v.name), ''), nullif(btrim(v.slug), ''), v.id::text), 255),
       left(coalesce(v.city, ''), 100), left(coalesce(v.country, ''), 100),
       greatest(v.total_capacity, 0), coalesce(v.is_active, true), false,
       coalesce(v.created_at, '2000-01-01 00:00Z')
    FROM src_venue AS v
UNION ALL
SELECT e.venue_id, e.venue_id::text, '', '', 0, true, true, min(e.created_at)
    FROM m_event AS e
    WHERE NOT EXISTS (SELECT FROM src_venue AS v WHERE v.id = e.venue_id)
    GROUP BY e.venue_id;

INSERT INTO m_type
WITH every AS (
    SELECT t.id, t.event_id,
           left(coalesce(nullif(btrim(t.name), ''), nullif(btrim(t.code), ''), t.id::text), 100) AS name,
           left(coalesce(t.code, ''), 50) AS code, coalesce(t.is_active, true) AS is_active,
           false AS placeholder, t.price_modifier, t.created_at, pg_temp.m_price(t.price) AS price
        FROM src_ticket_type AS t WHERE t.event_id IS NOT NULL
    UNION ALL
    SELECT pg_temp.m_id(e.id, 'default type'), e.id, 'Default', '', true, true, NULL, e.created_at, NULL
        FROM m_event AS e
        WHERE NOT EXISTS (SELECT FROM src_ticket_type AS t
                          WHERE t.event_id = e.id AND coalesce(t.is_active, true))
), named AS (
    SELECT e.*, row_number() OVER (PARTITION BY e.event_id, e.name
                                   ORDER BY e.placeholder, e.id) AS again
        FROM every AS e
)
SELECT t.id, t.event_id,
       CASE WHEN t.again > 1 THEN left(t.name, 63) || ' ' || t.id ELSE t.name END,
       t.code, {schema}.name_key(t.name), {schema}.name_key(t.code), t.is_active, t.placeholder,
       t.price_modifier,
       row_number() OVER (PARTITION BY t.event_id, t.is_active ORDER BY t.name COLLATE "C", t.id),
       coalesce(t.created_at, '2000-01-01 00:00Z'), t.price
    FROM named AS t;

INSERT INTO m_type_key
SELECT DISTINCT ON (k.event_id, k.key) k.event_id, k.key, CASE WHEN k.is_active THEN k.id END
    FROM (
        SELECT event_id, id::text AS key, id, is_active, 0 AS n FROM m_type
        UNION ALL SELECT event_id, name, id, is_active, 1 FROM m_type
        UNION ALL SELECT event_id, name_key, id, is_active, 2 FROM m_type WHERE name_key <> ''
        UNION ALL SELECT event_id, code_key, id, is_active, 3 FROM m_type WHERE code_key <> ''
    ) AS k
    ORDER BY k.event_id, k.key, k.n, k.is_active DESC, k.id;

ANALYZE m_venue, m_event, m_type, m_type_key;
