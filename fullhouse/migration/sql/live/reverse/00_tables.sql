-- Working tables of a session that writes back. b_ tables hold one batch: what the units of m_batch
-- are in Fullhouse now, and what the legacy rows shall say.
-- What was read of the outbox; kept beyond a commit.
CREATE TEMP TABLE b_read (id bigint, performance_id uuid);
CREATE TEMP TABLE b_unit (id uuid, event_id uuid, is_open boolean, used bigint, used_then bigint,
    places bigint, parts jsonb, is_resized boolean) ON COMMIT DELETE ROWS;
-- `is_moved`: its state or its holder is not what it was at the cut-over.
CREATE TEMP TABLE b_seat (id uuid, performance_id uuid, status text, is_moved boolean)
    ON COMMIT DELETE ROWS;
CREATE TEMP TABLE b_row (id uuid, status text, is_active boolean, old_status text,
    old_is_active boolean) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE b_added (id uuid, performance_id uuid, event_id uuid, ticket_type_id uuid,
    section text, row_number text, seat_number text, status text, price numeric, currency text,
    is_accessible boolean, is_premium boolean, is_active boolean, created_at timestamptz)
    ON COMMIT DELETE ROWS;
CREATE TEMP TABLE b_performance (id uuid, current_capacity bigint, max_capacity bigint,
    ticket_capacities jsonb, is_available boolean) ON COMMIT DELETE ROWS;
-- `is_new`: the legacy side has no such booking; `is_whole`: it is written whole, not its status only.
CREATE TEMP TABLE b_booking (id uuid, performance_id uuid, event_id uuid, customer text,
    reference text, participants bigint, unit_price numeric, total_price numeric, currency text,
    status text, seats jsonb, breakdown jsonb, is_active boolean, created_at timestamptz,
    is_new boolean, is_whole boolean) ON COMMIT DELETE ROWS;
