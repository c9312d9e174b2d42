-- Only for units that were projected before: what stands as it shall is kept, all else of the unit
-- goes, children first. Performances and seats that are still there are updated in place; a
-- performance that the legacy side no longer has goes as well. The keys of the batch are arrays, so
-- that the indexes are used: a unit of a large house costs what one of a small house costs.
INSERT INTO m_kept SELECT 'line', w.id FROM want_line AS w
    JOIN {schema}.events_reservationline AS t ON t.id = w.id
    WHERE t.allocation_id = ANY (ARRAY(
        SELECT a.id FROM {schema}.events_sectiontickettype AS a
        WHERE a.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))))
      AND (t.performance_id, t.reservation_id, t.allocation_id, t.ticket_type_id, t.seat_id,
           t.quantity, t.unit_price, t.status, t.overbooked)
        IS NOT DISTINCT FROM (w.performance_id, w.reservation_id, w.allocation_id, w.ticket_type_id,
           w.seat_id, w.quantity, w.unit_price, w.status, w.overbooked);
INSERT INTO m_kept SELECT 'movement', w.id FROM want_movement AS w
    JOIN {schema}.events_movement AS t ON t.id = w.id
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND (t.performance_id, t.allocation_id, t.seat_id, t.reservation_id, t.from_state, t.to_state,
           t.quantity, t.at, t.migration_run_id)
        IS NOT DISTINCT FROM (w.performance_id, w.allocation_id, w.seat_id, w.reservation_id,
           w.from_state, w.to_state, w.quantity, w.at, w.migration_run_id);
INSERT INTO m_kept SELECT 'reservation', w.id FROM want_reservation AS w
    JOIN {schema}.events_reservation AS t ON t.id = w.id
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND (t.performance_id, t.reference, t.kind, t.status, t.customer, t.reason, t.created_at)
            IS NOT DISTINCT FROM (w.performance_id, w.reference, w.kind, w.status, w.customer,
                w.reason, w.created_at)
      AND t.expires_at IS NULL AND t.token_hash IS NULL;
INSERT INTO m_kept
SELECT CASE WHEN (t.performance_id, t.section_id, t.allocation_id, t.row_number, t.seat_number,
           t.status, t.price, t.is_accessible, t.is_premium, t.row_rank, t.seat_rank)
        IS NOT DISTINCT FROM (w.performance_id, w.section_id, w.allocation_id, w.row_number,
           w.seat_number, w.status, w.price, w.is_accessible, w.is_premium, w.row_rank, w.seat_rank)
        THEN 'seat' ELSE 'changed_seat' END, w.id
    FROM want_seat AS w
    JOIN {schema}.events_seat AS t ON t.id = w.id AND t.performance_id = w.performance_id
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch));
INSERT INTO m_kept SELECT 'seat_alias', w.legacy_seat_id FROM want_seat_alias AS w
    JOIN {schema}.capacity_migration_seatalias AS t
        ON (t.performance_id, t.legacy_seat_id, t.seat_id)
           = (w.performance_id, w.legacy_seat_id, w.seat_id);
INSERT INTO m_kept SELECT 'section_alias', w.id FROM want_section_alias AS w
    JOIN {schema}.events_sectionalias AS t
        ON (t.id, t.performance_id, t.section_id, t.spelling)
           = (w.id, w.performance_id, w.section_id, w.spelling);
INSERT INTO m_kept SELECT 'allocation', w.id FROM want_allocation AS w
    JOIN {schema}.events_sectiontickettype AS t ON t.id = w.id
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND (t.performance_id, t.section_id, t.ticket_type_id, t.allocated_capacity,
           t.available_capacity, t.unseated_available, t.reserved_capacity, t.sold_capacity,
           t.price_modifier)
        IS NOT DISTINCT FROM (w.performance_id, w.section_id, w.ticket_type_id, w.allocated_capacity,
           w.available_capacity, w.unseated_available, w.reserved_capacity, w.sold_capacity,
           w.price_modifier);
INSERT INTO m_kept SELECT 'section', w.id FROM want_section AS w
    JOIN {schema}.events_eventsection AS t ON t.id = w.id
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND (t.performance_id, t.name, t.total_capacity, t.base_price, t.currency, t.position)
        IS NOT DISTINCT FROM (w.performance_id, w.name, w.total_capacity, w.base_price, w.currency,
           w.position);

DELETE FROM {schema}.events_movement AS t
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND t.id NOT IN (SELECT id FROM m_kept WHERE kind = 'movement');
DELETE FROM {schema}.events_reservationline AS t
    WHERE t.allocation_id = ANY (ARRAY(
        SELECT a.id FROM {schema}.events_sectiontickettype AS a
        WHERE a.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))))
      AND t.id NOT IN (SELECT id FROM m_kept WHERE kind = 'line');
DELETE FROM {schema}.events_reservation AS t
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND t.id NOT IN (SELECT id FROM m_kept WHERE kind = 'reservation');
DELETE FROM {schema}.events_seat AS t
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND t.id NOT IN (SELECT id FROM m_kept WHERE kind IN ('seat', 'changed_seat'));
DELETE FROM {schema}.capacity_migration_seatalias AS t
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND t.legacy_seat_id NOT IN (SELECT id FROM m_kept WHERE kind = 'seat_alias');
DELETE FROM {schema}.events_sectionalias AS t
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND t.id NOT IN (SELECT id FROM m_kept WHERE kind = 'section_alias');
DELETE FROM {schema}.events_sectiontickettype AS t
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND t.id NOT IN (SELECT id FROM m_kept WHERE kind = 'allocation');
DELETE FROM {schema}.events_eventsection AS t
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND t.id NOT IN (SELECT id FROM m_kept WHERE kind = 'section');
DELETE FROM {schema}.events_eventperformance AS t USING m_batch AS b
    WHERE t.id = b.performance_id
      AND NOT EXISTS (SELECT FROM m_unit AS m WHERE m.performance_id = t.id);
DELETE FROM {schema}.capacity_migration_maderow AS t USING m_batch AS b
    WHERE t.kind = 'performance' AND t.row_id = b.performance_id
      AND NOT EXISTS (SELECT FROM m_unit AS m WHERE m.performance_id = t.row_id);
