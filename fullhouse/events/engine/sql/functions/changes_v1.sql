-- changes_v1: which performances changed since a position, in facts that anybody may know.
--
-- A position is a snapshot: what committed after it was taken is new, whatever order the transactions
-- began, wrote or committed in. Nothing is told before its commit, nothing is passed over, and a long
-- transaction elsewhere holds nothing up. p_since null: only where we are now. p_performance null: all.
-- Looks at p_limit rows at most; more, an unreadable position or one of another server: everything
-- may have changed. A takeover's own rows are not told.
-- What is told may not be on disk yet: settle before it leaves the database (services/changes.py).
-- Units: none. Locks: none. Outcome: {position, everything, changes: [{performance_id, sections (null:
-- not known), places, seats, parts: [status, plan, prices]}]}.
CREATE FUNCTION {schema}.changes_v1(p_since text, p_performance uuid, p_limit integer)
RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_now pg_snapshot := pg_current_snapshot();
    v_since pg_snapshot := v_now;
    v_rows bigint;
    v_changes jsonb;
BEGIN
    BEGIN
        v_since := coalesce(p_since::pg_snapshot, v_now);
    EXCEPTION WHEN data_exception THEN
        v_since := NULL;
    END;
    IF v_since IS NULL OR pg_snapshot_xmax(v_since) > pg_snapshot_xmax(v_now) THEN
        RETURN jsonb_build_object(
            'position', v_now::text, 'everything', true, 'changes', '[]'::jsonb);
    END IF;
    WITH moved AS MATERIALIZED (
        SELECT m.performance_id, m.allocation_id, m.seat_id IS NOT NULL AS seated
        FROM {schema}.events_movement AS m
        WHERE m.migration_run_id IS NULL AND m.txid >= pg_snapshot_xmin(v_since)
          AND m.txid < pg_snapshot_xmax(v_now)
          AND NOT pg_visible_in_snapshot(m.txid, v_since)
        ORDER BY m.txid LIMIT p_limit + 1
    ), told AS MATERIALIZED (
        SELECT n.performance_id, n.facts ->> 'part' AS part
        FROM {schema}.events_notice AS n
        WHERE n.kind = 'performance.changed' AND n.txid >= pg_snapshot_xmin(v_since)
          AND n.txid < pg_snapshot_xmax(v_now)
          AND NOT pg_visible_in_snapshot(n.txid, v_since)
        ORDER BY n.txid LIMIT p_limit + 1
    ), allocation AS (
        SELECT performance_id, allocation_id, bool_or(seated) AS seated FROM moved GROUP BY 1, 2
    ), fact AS (
        SELECT c.performance_id, a.section_id, c.seated, NULL AS part
        FROM allocation AS c
        LEFT JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = c.performance_id AND a.id = c.allocation_id
        UNION ALL SELECT DISTINCT t.performance_id, NULL::uuid, NULL::boolean, t.part FROM told AS t
    ), change AS (
        SELECT f.performance_id,
               jsonb_agg(DISTINCT f.section_id) FILTER (WHERE f.section_id IS NOT NULL) AS sections,
               bool_or(f.section_id IS NULL AND f.part IS NULL) AS unknown,
               bool_or(f.part IS NULL) AS places, coalesce(bool_or(f.seated), false) AS seats,
               jsonb_agg(DISTINCT f.part) FILTER (WHERE f.part IS NOT NULL) AS parts
        FROM fact AS f
        WHERE p_performance IS NULL OR f.performance_id = p_performance
        GROUP BY f.performance_id
    )
    SELECT greatest((SELECT count(*) FROM moved), (SELECT count(*) FROM told)),
           (SELECT jsonb_agg(jsonb_build_object('performance_id', c.performance_id,
                'sections', CASE WHEN NOT c.unknown THEN coalesce(c.sections, '[]') END,
                'places', c.places, 'seats', c.seats, 'parts', coalesce(c.parts, '[]')))
            FROM change AS c)
        INTO v_rows, v_changes;
    RETURN jsonb_build_object('position', v_now::text, 'everything', v_rows > p_limit,
        'changes', CASE WHEN v_rows > p_limit THEN '[]' ELSE coalesce(v_changes, '[]') END);
END $$;
