-- open_performance_v1: builds the sections of a performance with their allocations and seats from
--   {"sections": [{"name", "total_capacity"?, "base_price", "currency"?, "orphan_rule"?,
--      "focal_row_rank"?, "focal_seat_rank"?,
--      "ticket_types": [{"ticket_type_id" (null: the pool), "allocated_capacity", "price_modifier"?}],
--      "seats"?: [{"row_number", "seat_number", "ticket_type_id"?, "price"?, "is_accessible"?,
--                  "is_companion"?, "is_premium"?, "has_restricted_view"?, "x"?, "y"?,
--                  "row_rank"?, "seat_rank"?}]}]}
-- set-based, all or nothing; a performance that has sections gets these beside them.
-- Units: places; prices in the section's currency.
-- Locks: venue, event (FOR SHARE), performance.
-- Outcomes: opened {performance_id, max_capacity, sections: [{section_id, name, total_capacity,
--   allocations: [{allocation_id, ticket_type_id, allocated_capacity, unseated_available}]}]};
--   refused: unknown, duplicate_section, over_section, duplicate_seat, seats_over_allocation,
--   over_venue (see open_performance_refusal_v1), key_reused.
-- SQLSTATEs: FH441 the configuration cannot be meant, FH410, FH411, FH401, FH402, 22xxx, 40001, 55P03, 25I01.
CREATE FUNCTION {schema}.open_performance_v1(
    p_performance uuid, p_configuration jsonb, p_actor text, p_reason text,
    p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET fullhouse.engine TO 'on'
SET lock_timeout TO '5s' AS $$
DECLARE
    v_house record;
    v_outcome jsonb;
    v_problem text := {schema}.configuration_problem_v1(p_configuration);
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'FH441';
    END IF;
    PERFORM {schema}.require_read_committed('I1');
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'open_performance', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.capacity_checks_v1('later');
    SELECT * INTO v_house FROM {schema}.lock_house_v1(p_performance);
    IF NOT FOUND THEN
        v_outcome := jsonb_build_object('outcome', 'unknown', 'what', 'performance',
            'id', p_performance);
    ELSE
        v_outcome := {schema}.open_performance_refusal_v1(
            p_performance, p_configuration, v_house.event_id, v_house.venue_capacity,
            v_house.max_capacity);
    END IF;
    IF v_outcome IS NULL THEN
        v_outcome := {schema}.build_sections_v1(p_performance, p_configuration, p_actor, p_reason);
        PERFORM {schema}.capacity_checks_v1('now');
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
