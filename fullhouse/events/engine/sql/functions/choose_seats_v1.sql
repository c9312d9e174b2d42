-- choose_seats_v1: the best seats for a party, and the lock on their row.
--
-- p_party: see best_available_v1. p_protect: accessible and companion places are not released yet.
-- Goes through the rows that may do in the order of preference, nearest to the focal row first. A row
-- that another search has is passed over, so that buyers of the same instant are spread over rows. The
-- first choice without a flaw is taken; one that leaves a single seat, or has a restricted view, only
-- when there is none without, or after 16 rows that have only such.
-- Returns {seat_ids, ticket_type_id, quality, overdue, parts, row: {...}, rejected: [why each row that
-- was looked at was not taken], untold: [those of them whose own numbers do not tell]};
-- {tighten: section_id}: p_patience rows (null: never) had been sold since anybody looked, see
-- tighten_rows_v1; {busy: {section_id, row_rank}}: nothing that was not locked would do, wait for this row; neither: nothing
-- would do.
-- Locks: seat rows that nobody has. Waits for nobody.
CREATE FUNCTION {schema}.choose_seats_v1(
    p_performance uuid, p_event uuid, p_party jsonb, p_protect boolean, p_patience integer
) RETURNS jsonb
LANGUAGE plpgsql SET plan_cache_mode TO force_generic_plan AS $$
DECLARE
    v_seats integer := (p_party ->> 'quantity')::integer;
    v_accessible integer := coalesce((p_party ->> 'accessible')::integer, 0);
    v_restricted boolean := coalesce((p_party ->> 'restricted_view')::boolean, false);
    v_place record;
    v_rows refcursor;
    v_row integer;
    v_look jsonb;
    v_best jsonb;
    v_busy jsonb;
    v_flawed integer := 0;
    v_reason text;
    v_rejected text[] := '{}';
    v_untold text[] := '{}';
BEGIN
    <<search>>
    FOR v_place IN SELECT * FROM {schema}.party_places_v1(p_performance, p_event, p_party) LOOP
        -- In the order of ranks the index delivers row by row, so that one seldom reads them all.
        IF v_place.focal_row IS NULL THEN
            OPEN v_rows FOR SELECT row_rank FROM {schema}.rows_for_party_v1(p_performance,
                v_place.section_id, v_seats, v_place.allocations, v_accessible)
                ORDER BY row_rank;
        ELSE
            OPEN v_rows FOR SELECT row_rank FROM {schema}.rows_for_party_v1(p_performance,
                v_place.section_id, v_seats, v_place.allocations, v_accessible)
                ORDER BY abs(row_rank - v_place.focal_row), row_rank;
        END IF;
        LOOP
            FETCH v_rows INTO v_row;
            EXIT WHEN NOT FOUND;
            v_look := {schema}.claim_row_v1(p_performance, v_place.section_id, v_row, v_seats,
                v_place.allocations, v_accessible, p_protect AND v_accessible = 0, v_restricted,
                v_place.orphan_rule AND v_accessible = 0, v_place.focal_seat);
            v_look := v_look || jsonb_build_object('ticket_type_id', v_place.ticket_type_id,
                'row', jsonb_build_object('section_id', v_place.section_id, 'row_rank', v_row));
            v_reason := coalesce(v_look ->> 'problem',
                ('{NULL,leaves_single,restricted_view,restricted_view}'::text[])[
                    (v_look ->> 'quality')::integer + 1]);
            IF v_reason = 'busy' THEN
                v_busy := coalesce(v_busy, v_look -> 'row');
            ELSIF v_look ->> 'problem' IS NULL
                    AND coalesce((v_look -> 'quality')::integer < (v_best -> 'quality')::integer, true)
                    THEN
                v_best := v_look;
            END IF;
            EXIT search WHEN v_reason IS NULL;
            v_rejected := v_rejected || v_reason;
            IF NOT coalesce((v_look ->> 'told')::boolean, false) THEN
                v_untold := v_untold || v_reason;
            ELSIF cardinality(v_rejected) - cardinality(v_untold) >= p_patience THEN
                RETURN jsonb_build_object('tighten', v_place.section_id);
            END IF;
            v_flawed := v_flawed + (v_look ->> 'problem' IS NULL)::integer;
            EXIT search WHEN v_flawed >= 16;
        END LOOP;
        CLOSE v_rows;
    END LOOP;
    IF v_best IS NULL AND v_busy IS NULL AND (p_party ->> 'split')::boolean THEN
        v_best := {schema}.split_party_v1(p_performance, p_event, p_party, p_protect);
    END IF;
    RETURN coalesce(v_best, CASE WHEN v_busy IS NULL THEN '{}' ELSE
        jsonb_build_object('busy', v_busy) END)
        || jsonb_build_object('rejected', v_rejected, 'untold', v_untold);
END $$;
