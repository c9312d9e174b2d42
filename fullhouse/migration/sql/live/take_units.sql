-- Gives their turn to the next units that were read, up to a number of seats (a heavier one goes
-- alone), and takes those that nobody else works on. The projection reads in later statements, so
-- it sees all that was committed before the lock was granted. Locks: unit rows, skipping locked ones.
INSERT INTO m_turn
SELECT x.performance_id FROM (
    SELECT u.performance_id, sum(u.seats + 20) OVER w - u.seats AS before, row_number() OVER w AS n
        FROM {schema}.capacity_migration_migrationunit AS u
        WHERE u.run_id = (SELECT run_id FROM m_run) AND u.performance_id = ANY (ARRAY(
            SELECT performance_id FROM m_read WHERE is_open AND NOT is_tried {which}))
        WINDOW w AS (ORDER BY u.id)
    ) AS x WHERE x.before < {seats} AND x.n <= {units};

UPDATE m_read SET is_tried = true WHERE performance_id IN (SELECT performance_id FROM m_turn);

INSERT INTO m_batch
SELECT u.performance_id FROM {schema}.capacity_migration_migrationunit AS u
    WHERE u.run_id = (SELECT run_id FROM m_run)
      AND u.performance_id = ANY (ARRAY(SELECT performance_id FROM m_turn))
    ORDER BY u.id FOR UPDATE OF u SKIP LOCKED;
