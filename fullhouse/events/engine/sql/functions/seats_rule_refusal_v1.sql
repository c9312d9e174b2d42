-- seats_rule_refusal_v1: why these free seats may not be sold like this, or null.
--
-- A request of a seat may say "accessible": true: the buyer asks for an accessible or companion place,
-- and neither rule is held against that seat. A single seat: see leaves_single_v1.
-- Outcomes: protected {seat_ids, seats, released_at}; leaves_single {seats, instead, instead_ids}.
-- Reads only; judge_seats_v1 has locked the rows.
CREATE FUNCTION {schema}.seats_rule_refusal_v1(p_performance uuid, p_requests jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_release timestamptz;
    v_protect boolean;
    v_refusal jsonb;
BEGIN
    SELECT accessible_release_at, coalesce(accessible_release_at > clock_timestamp(), true)
        INTO v_release, v_protect
        FROM {schema}.events_eventperformance WHERE id = p_performance;
    SELECT jsonb_build_object('outcome', 'protected', 'seat_ids', jsonb_agg(t.id ORDER BY q.n),
            'seats', jsonb_agg(t.row_number || '-' || t.seat_number ORDER BY q.n),
            'released_at', v_release)
        INTO v_refusal
        FROM jsonb_array_elements(p_requests) WITH ORDINALITY AS q (request, n)
        JOIN {schema}.events_seat AS t
            ON t.performance_id = p_performance AND t.id = (q.request ->> 'seat_id')::uuid
        WHERE v_protect AND (t.is_accessible OR t.is_companion)
          AND NOT coalesce((q.request ->> 'accessible')::boolean, false)
        HAVING count(*) > 0;
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT single.refusal INTO v_refusal
        FROM (
            SELECT t.section_id, t.row_rank, array_agg(t.id) AS seats
            FROM jsonb_array_elements(p_requests) AS request
            JOIN {schema}.events_seat AS t
                ON t.performance_id = p_performance AND t.id = (request ->> 'seat_id')::uuid
            JOIN {schema}.events_eventsection AS s
                ON s.performance_id = p_performance AND s.id = t.section_id AND s.orphan_rule
            WHERE NOT coalesce((request ->> 'accessible')::boolean, false)
            GROUP BY t.section_id, t.row_rank) AS asked
        CROSS JOIN LATERAL {schema}.leaves_single_v1(p_performance, asked.section_id, asked.row_rank,
            asked.seats, v_protect) AS single (refusal)
        WHERE single.refusal IS NOT NULL
        ORDER BY asked.section_id, asked.row_rank LIMIT 1;
    RETURN v_refusal;
END $$;
