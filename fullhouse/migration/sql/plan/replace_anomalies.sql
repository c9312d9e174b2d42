-- The anomalies of this plan instead of those of the one before. A decision taken stays with an
-- anomaly that is found again: the same kind, performance and subject, with the same rows.
CREATE TEMP TABLE m_decided ON COMMIT DROP AS
SELECT kind, performance_id, subject, md5(rows::text) AS rows, decision, decided_by, decided_at
    FROM {schema}.capacity_migration_anomaly
    WHERE run_id = (SELECT run_id FROM m_run) AND decision <> '' AND policy = 'ask';

DELETE FROM {schema}.capacity_migration_anomaly WHERE run_id = (SELECT run_id FROM m_run);

INSERT INTO {schema}.capacity_migration_anomaly (run_id, performance_id, kind, subject, rows, count,
    evidence, proposal, policy, decision, decided_by, decided_at)
SELECT r.run_id, a.performance_id, a.kind, left(a.subject, 255), coalesce(a.rows, '[]'), a.count,
       a.evidence, k.proposal, k.policy,
       coalesce(d.decision, CASE k.policy WHEN 'apply' THEN k.proposal ELSE '' END),
       coalesce(d.decided_by, CASE k.policy WHEN 'apply' THEN 'policy' ELSE '' END), d.decided_at
    FROM m_anomaly AS a
    JOIN m_kind AS k ON k.name = a.kind
    CROSS JOIN m_run AS r
    LEFT JOIN m_decided AS d ON d.kind = a.kind AND d.subject = left(a.subject, 255)
        AND d.performance_id IS NOT DISTINCT FROM a.performance_id
        AND d.rows = md5(coalesce(a.rows, '[]')::text)
    ORDER BY a.kind, a.performance_id, a.subject COLLATE "C";
