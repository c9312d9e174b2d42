-- From what was read to units, in a snapshot that is younger than every id that was read: the
-- performances of an event that is named, a row for each performance that is new.
INSERT INTO m_read (id, performance_id)
SELECT r.id, p.id FROM m_read AS r
    JOIN src_performance AS p ON p.event_id = r.event_id
    WHERE r.performance_id IS NULL;

INSERT INTO {schema}.capacity_migration_migrationunit (run_id, performance_id, seats, error)
SELECT r.run_id, p.id, coalesce(s.seats, 0), ''
    FROM m_run AS r CROSS JOIN (
        SELECT DISTINCT p.id FROM src_performance AS p
            JOIN m_read AS d ON d.performance_id = p.id
            WHERE p.id NOT IN (
                SELECT u.performance_id FROM {schema}.capacity_migration_migrationunit AS u
                WHERE u.run_id = (SELECT run_id FROM m_run))
    ) AS p
    LEFT JOIN (
        SELECT performance_id, count(*) AS seats FROM src_seat
            WHERE performance_id = ANY (ARRAY(SELECT performance_id FROM m_read))
            GROUP BY performance_id
    ) AS s ON s.performance_id = p.id
    ORDER BY p.id
ON CONFLICT (run_id, performance_id) DO NOTHING;

-- The catalogue is up to date by now, and what came and went between two passes has no unit.
UPDATE m_read AS r SET is_open = false
    WHERE r.performance_id IS NULL
       OR r.performance_id NOT IN (
           SELECT u.performance_id FROM {schema}.capacity_migration_migrationunit AS u
           WHERE u.run_id = (SELECT run_id FROM m_run));
