-- Capacity that has no seats behind it: places of a section and a ticket type (null: the pool).

-- Performances without seats: a section a type of `ticket_capacities`; where the parts exceed
-- `max_capacity`, one section that is all pool; what the parts leave of it is a pool as well.
INSERT INTO m_part
WITH part AS (
    SELECT m.u, m.max_capacity, e.key, pg_temp.m_places(e.value) AS places, m.event_id
        FROM m_unit AS m
        CROSS JOIN LATERAL jsonb_each(m.capacities) AS e (key, value)
        WHERE NOT m.seated AND NOT m.given AND jsonb_typeof(m.capacities) = 'object'
), typed AS (
    SELECT p.u, p.places, p.key, t.id AS type, t.name
        FROM part AS p
        LEFT JOIN m_type_key AS own ON own.event_id = p.event_id AND own.key = p.key
        LEFT JOIN m_type_key AS k
            ON k.event_id = p.event_id AND k.key = {schema}.name_key(p.key)
        LEFT JOIN m_type AS t
            ON t.id = CASE WHEN own.event_id IS NOT NULL THEN own.type ELSE k.type END
        WHERE p.places > 0
), summed AS (
    SELECT m.u, m.max_capacity, coalesce(sum(t.places), 0) AS places,
           m.max_capacity > 0 AND coalesce(sum(t.places), 0) > m.max_capacity AS over
        FROM m_unit AS m LEFT JOIN typed AS t ON t.u = m.u
        WHERE NOT m.seated AND NOT m.given GROUP BY m.u, m.max_capacity
)
SELECT t.u, l.s, t.type, sum(t.places), 1
    FROM typed AS t
    JOIN summed AS z ON z.u = t.u AND NOT z.over
    JOIN m_label AS l ON l.label = coalesce(t.name, t.key)
    GROUP BY t.u, l.s, t.type
UNION ALL
SELECT z.u, l.s, NULL, CASE WHEN z.over THEN z.max_capacity ELSE z.max_capacity - z.places END, 1
    FROM summed AS z JOIN m_label AS l ON l.label = 'General admission'
    WHERE z.over OR z.max_capacity > z.places;

-- Laid down by the operator: what a section has beyond its types is its pool.
INSERT INTO m_part
SELECT m.u, l.s, t.ticket_type_id, t.allocated_capacity, coalesce(t.price_modifier, 1)
    FROM m_unit AS m
    JOIN m_given_section AS g USING (performance_id)
    JOIN m_given_type AS t USING (performance_id, position)
    JOIN m_label AS l ON l.label = g.name
UNION ALL
SELECT m.u, l.s, NULL, g.total_capacity - coalesce(sum(t.allocated_capacity), 0), 1
    FROM m_unit AS m
    JOIN m_given_section AS g USING (performance_id)
    LEFT JOIN m_given_type AS t USING (performance_id, position)
    JOIN m_label AS l ON l.label = g.name
    GROUP BY m.u, l.s, g.total_capacity
    HAVING g.total_capacity > coalesce(sum(t.allocated_capacity), 0);

-- A seat belongs to an allocation that its section has: its type's, else the pool, else the largest.
UPDATE m_place AS p
    SET type = (
        SELECT a.type FROM m_part AS a WHERE a.u = p.u AND a.s = p.s
        ORDER BY a.type IS DISTINCT FROM p.type, a.type IS NOT NULL, a.places DESC, a.type LIMIT 1)
    WHERE EXISTS (SELECT FROM m_part AS a WHERE a.u = p.u AND a.s = p.s);
