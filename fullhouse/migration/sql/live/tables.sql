-- What one sync pass has read of the outbox: a row an id and a unit that it concerns. `is_open`: not
-- made yet; `is_tried`: had its turn in this pass. Kept beyond a commit, because a pass has several.
CREATE TEMP TABLE m_read (id bigint, performance_id uuid, event_id uuid,
    is_open boolean DEFAULT true, is_tried boolean DEFAULT false);
-- Marks by link that are being looked up.
CREATE TEMP TABLE m_linked (id bigint) ON COMMIT DELETE ROWS;
-- Units whose turn it is in one transaction of a pass.
CREATE TEMP TABLE m_turn (performance_id uuid) ON COMMIT DELETE ROWS;
