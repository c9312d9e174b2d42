-- Deletes exactly the ids that were read of the units that were written.
WITH done AS (
    DELETE FROM b_read WHERE performance_id IN (SELECT performance_id FROM m_batch) RETURNING id
)
DELETE FROM {schema}.capacity_migration_outbox AS o WHERE o.id = ANY (ARRAY(SELECT id FROM done));
