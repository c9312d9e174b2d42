-- party_places_v1: where a party may sit, in its order of preference: sections first, then ticket types.
--
-- One row for each wanted section and ticket type that has seats to sell from: the type's own
-- allocation and the section's pool. No types named: every allocation on offer, each seat as its own
-- type. No sections named: all, in the house's order. `orphan_rule` and the focal point are
-- the section's; without a focal row the first is the best. Reads only, locks nothing.
CREATE FUNCTION {schema}.party_places_v1(p_performance uuid, p_event uuid, p_party jsonb)
RETURNS TABLE (
    preference bigint, section_id uuid, ticket_type_id uuid, allocations uuid[],
    orphan_rule boolean, focal_row integer, focal_seat integer
)
LANGUAGE sql STABLE AS $$
    WITH type AS (
        SELECT id::uuid, place
        FROM jsonb_array_elements_text(p_party -> 'ticket_types') WITH ORDINALITY AS t (id, place)
        WHERE jsonb_typeof(p_party -> 'ticket_types') = 'array'
        UNION ALL
        SELECT NULL, 1 WHERE jsonb_typeof(p_party -> 'ticket_types') IS DISTINCT FROM 'array'
    ), section AS (
        SELECT s.*, w.place
        FROM {schema}.events_eventsection AS s
        LEFT JOIN jsonb_array_elements_text(CASE jsonb_typeof(p_party -> 'sections')
                WHEN 'array' THEN p_party -> 'sections' END) WITH ORDINALITY AS w (id, place)
            ON w.id::uuid = s.id
        WHERE s.performance_id = p_performance
          AND (w.id IS NOT NULL OR jsonb_typeof(p_party -> 'sections') IS DISTINCT FROM 'array')
    )
    SELECT row_number() OVER (ORDER BY section.place, section.position, section.name, section.id,
                                       type.place),
           section.id, type.id, a.allocations, section.orphan_rule,
           section.focal_row_rank, section.focal_seat_rank
    FROM section CROSS JOIN type
    CROSS JOIN LATERAL (
        SELECT array_agg(a.id) AS allocations
        FROM {schema}.events_sectiontickettype AS a
        LEFT JOIN {schema}.events_tickettype AS t
            ON t.id = a.ticket_type_id AND t.event_id = p_event AND t.is_active
        WHERE a.performance_id = p_performance AND a.section_id = section.id
          AND (a.ticket_type_id IS NULL OR t.id IS NOT NULL)
          AND (type.id IS NULL OR a.ticket_type_id IS NULL OR a.ticket_type_id = type.id)
    ) AS a
    WHERE a.allocations IS NOT NULL
    ORDER BY 1
$$;
