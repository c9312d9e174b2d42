-- edit_seats_v1: give many seats other flags, ranks, coordinates or prices of their own, all or nothing.
--
-- p_edits: [{"seats": [id], "values": {"price"?, "is_accessible"?, "is_companion"?, "is_premium"?,
-- "has_restricted_view"?, "row_rank"?, "seat_rank"?, "x"?, "y"?}}], done in their order; what a
-- "values" leaves out stays. Price null: the allocation's. What is held or sold keeps its price.
-- Moves no place; a note keeps how many seats got what. Locks: performance, seats by id.
-- Outcomes: edited {seats, plan_version} | unknown {what, id} | key_reused.
-- SQLSTATE: FH410, FH411, FH451 p_edits; FH401, FH402, 22xxx, 55P03.
CREATE FUNCTION {schema}.edit_seats_v1(
    p_performance uuid, p_edits jsonb, p_actor text, p_reason text,
    p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_ids uuid[];
    v_missing uuid;
    v_edit jsonb;
    v_version integer;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    IF jsonb_typeof(p_edits) IS DISTINCT FROM 'array' OR p_edits = '[]' THEN
        RAISE EXCEPTION 'edits: name at least one' USING ERRCODE = 'FH451';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'edit_seats', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_ids := ARRAY(SELECT DISTINCT s::uuid FROM jsonb_array_elements(p_edits) AS e,
        jsonb_array_elements_text(e -> 'seats') AS s ORDER BY 1);
    PERFORM 1 FROM {schema}.events_eventperformance WHERE id = p_performance FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN {schema}.operation_end_v1(p_performance, p_key, jsonb_build_object(
            'outcome', 'unknown', 'what', 'performance', 'id', p_performance));
    END IF;
    PERFORM 1 FROM {schema}.events_seat WHERE performance_id = p_performance AND id = ANY (v_ids)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT i INTO v_missing FROM unnest(v_ids) AS i WHERE NOT EXISTS (
        SELECT 1 FROM {schema}.events_seat AS s WHERE s.performance_id = p_performance AND s.id = i)
        LIMIT 1;
    IF FOUND THEN
        RETURN {schema}.operation_end_v1(p_performance, p_key, jsonb_build_object(
            'outcome', 'unknown', 'what', 'seat', 'id', v_missing));
    END IF;
    FOR v_edit IN SELECT e FROM jsonb_array_elements(p_edits) AS e LOOP
        PERFORM {schema}.edit_some_seats_v1(p_performance, v_edit);
    END LOOP;
    SELECT plan_version INTO v_version FROM {schema}.events_eventperformance
        WHERE id = p_performance;
    PERFORM {schema}.note_change_v1(p_performance, 'edit_seats',
        jsonb_build_object('seats', cardinality(v_ids), 'edits', (
            SELECT jsonb_agg(jsonb_build_object('seats', jsonb_array_length(e -> 'seats'),
                'values', e -> 'values')) FROM jsonb_array_elements(p_edits) AS e)),
        p_actor, p_reason);
    RETURN {schema}.operation_end_v1(p_performance, p_key, jsonb_build_object(
        'outcome', 'edited', 'seats', cardinality(v_ids), 'plan_version', v_version));
END $$;
