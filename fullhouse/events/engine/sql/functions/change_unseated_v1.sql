-- change_unseated_v1: places without a number, made or taken away section by section. New ones go to
-- the only allocation configured for the section, else to its pool, made where it is missing; what
-- goes is taken from the pool first, then from the others by id. Called with sections and allocations
-- locked, when enough are known to be free.
CREATE FUNCTION {schema}.change_unseated_v1(
    p_performance uuid, p_configuration jsonb, p_unseated jsonb, p_actor text, p_reason text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_section record;
    v_allocation record;
    v_type uuid;
    v_id uuid;
    v_left integer;
    v_here integer;
BEGIN
    FOR v_section IN
        SELECT u.section_id, u.change
        FROM jsonb_to_recordset(p_unseated) AS u (section_id uuid, change integer)
    LOOP
        IF v_section.change > 0 THEN
            SELECT (array_agg(c.ticket_type_id))[1] INTO v_type
                FROM {schema}.configured_allocations_v1(p_configuration) AS c
                JOIN {schema}.plan_sections_v1(p_performance, p_configuration) AS s
                    ON s.ordinal = c.ordinal
                WHERE s.section_id = v_section.section_id HAVING count(*) = 1;
            SELECT a.id INTO v_id FROM {schema}.events_sectiontickettype AS a
                WHERE a.performance_id = p_performance AND a.section_id = v_section.section_id
                  AND a.ticket_type_id IS NOT DISTINCT FROM v_type;
            v_id := coalesce(v_id,
                {schema}.make_allocation_v1(p_performance, v_section.section_id, v_type));
            PERFORM {schema}.grow_unseated_v1(
                p_performance, v_id, v_section.change, p_actor, p_reason);
            CONTINUE;
        END IF;
        v_left := -v_section.change;
        FOR v_allocation IN
            SELECT a.id, a.unseated_available FROM {schema}.events_sectiontickettype AS a
            WHERE a.performance_id = p_performance AND a.section_id = v_section.section_id
              AND a.unseated_available > 0
            ORDER BY a.ticket_type_id IS NOT NULL, a.id
        LOOP
            v_here := least(v_left, v_allocation.unseated_available);
            EXIT WHEN v_here = 0;
            PERFORM {schema}.grow_unseated_v1(
                p_performance, v_allocation.id, -v_here, p_actor, p_reason);
            v_left := v_left - v_here;
        END LOOP;
    END LOOP;
END $$;
