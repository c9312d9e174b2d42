-- split_party_v1: seats for a party that may be split, in the fewest parts, near each other.
--
-- All parts are in one section and of one ticket type, the first in the order of preference that can
-- seat the party; with restricted views only where none can without. A part is a run of free seats in
-- one row. With the least number of parts: the first part has room for its share of the party or more,
-- the others are the longest runs not more than so many rows away (0, 1, 2, 4, 8 ...), the
-- least that does. All parts take whole runs, except for the shortest.
-- Parts come before the rule of single seats: a split party may leave one.
-- Returns the choice as choose_seats_v1 does, {"busy": row} when a row of it is locked, or null.
-- Locks: the seat rows of the choice that nobody has. Waits for nobody.
CREATE FUNCTION {schema}.split_party_v1(
    p_performance uuid, p_event uuid, p_party jsonb, p_protect boolean
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_place record;
    v_choice jsonb;
    v_row integer;
BEGIN
    FOR v_place IN
        SELECT p.*, r.restricted FROM {schema}.party_places_v1(p_performance, p_event, p_party) AS p
        CROSS JOIN (VALUES (false), (true)) AS r (restricted)
        WHERE r.restricted OR NOT coalesce((p_party ->> 'restricted_view')::boolean, false)
        ORDER BY r.restricted, p.preference
    LOOP
        v_choice := {schema}.split_in_section_v1(p_performance, v_place.section_id,
            (p_party ->> 'quantity')::integer, v_place.allocations, p_protect, v_place.restricted,
            coalesce(v_place.focal_row, 0));
        CONTINUE WHEN v_choice IS NULL;
        FOR v_row IN SELECT jsonb_array_elements_text(v_choice -> 'rows')::integer LOOP
            PERFORM 1 FROM {schema}.events_seatrow
                WHERE performance_id = p_performance AND section_id = v_place.section_id
                  AND row_rank = v_row FOR NO KEY UPDATE SKIP LOCKED;
            IF NOT FOUND THEN
                RETURN jsonb_build_object('busy', jsonb_build_object(
                    'section_id', v_place.section_id, 'row_rank', v_row));
            END IF;
        END LOOP;
        RETURN v_choice || jsonb_build_object('ticket_type_id', v_place.ticket_type_id);
    END LOOP;
    RETURN NULL;
END $$;
