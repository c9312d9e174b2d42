-- Deletes exactly the ids that were read and of which every unit is made.
UPDATE m_read SET is_open = false WHERE performance_id IN (SELECT performance_id FROM m_batch);
DELETE FROM {schema}.capacity_migration_outbox AS o
    WHERE o.id = ANY (ARRAY(SELECT id FROM m_read GROUP BY id HAVING bool_and(NOT is_open)));
