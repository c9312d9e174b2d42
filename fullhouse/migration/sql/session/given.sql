-- Fills what the operator laid down for single performances, from the run's decisions.
-- m_run has its row already.

INSERT INTO m_given_section
SELECT p.key::uuid, s.n, s.value ->> 'name', (s.value ->> 'total_capacity')::integer,
       (s.value ->> 'base_price')::numeric
    FROM {schema}.capacity_migration_migrationrun AS r
    CROSS JOIN LATERAL jsonb_each(coalesce(r.decisions -> 'performances', '{}')) AS p
    CROSS JOIN LATERAL jsonb_array_elements(p.value -> 'sections') WITH ORDINALITY AS s (value, n)
    WHERE r.id = (SELECT run_id FROM m_run);

INSERT INTO m_given_type
SELECT p.key::uuid, s.n, (t.value ->> 'ticket_type')::uuid,
       (t.value ->> 'allocated_capacity')::integer, (t.value ->> 'price_modifier')::numeric
    FROM {schema}.capacity_migration_migrationrun AS r
    CROSS JOIN LATERAL jsonb_each(coalesce(r.decisions -> 'performances', '{}')) AS p
    CROSS JOIN LATERAL jsonb_array_elements(p.value -> 'sections') WITH ORDINALITY AS s (value, n)
    CROSS JOIN LATERAL jsonb_array_elements(coalesce(s.value -> 'ticket_types', '[]')) AS t (value)
    WHERE r.id = (SELECT run_id FROM m_run);

INSERT INTO m_given_label
SELECT p.key::uuid, s.n, l.label
    FROM {schema}.capacity_migration_migrationrun AS r
    CROSS JOIN LATERAL jsonb_each(coalesce(r.decisions -> 'performances', '{}')) AS p
    CROSS JOIN LATERAL jsonb_array_elements(p.value -> 'sections') WITH ORDINALITY AS s (value, n)
    CROSS JOIN LATERAL (
        SELECT s.value ->> 'name'
        UNION SELECT jsonb_array_elements_text(coalesce(s.value -> 'legacy_sections', '[]'))
    ) AS l (label)
    WHERE r.id = (SELECT run_id FROM m_run);
