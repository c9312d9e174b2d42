-- Working tables of a validating session. v_ tables belong to the independent ledger, which reads
-- the legacy side by itself and none of the projection's tables.
CREATE TEMP TABLE m_mismatch (rule text, performance_id uuid, tbl text, key text, legacy jsonb,
    new jsonb);
CREATE TEMP TABLE m_compared (name text, n bigint);
CREATE TEMP TABLE v_seat (performance_id uuid, id uuid, status text, is_active boolean,
    price numeric, section text, row_number text, seat_number text, created_at timestamptz,
    seat_id uuid, line_id uuid, line_status text, line_booking uuid, line_quantity integer,
    line_price numeric, new_status text, new_price numeric, base_price numeric)
    ON COMMIT DELETE ROWS;
CREATE TEMP TABLE v_booking (performance_id uuid, id uuid, counts text, unit_price numeric,
    total_price numeric, asked bigint, entries jsonb) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE v_entry (performance_id uuid, booking_id uuid, counts text, id uuid, label text,
    price numeric) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE v_named (performance_id uuid, booking_id uuid, counts text, seat_id uuid,
    lost uuid, price numeric) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE v_line (performance_id uuid, id uuid, reservation_id uuid, seat_id uuid,
    status text, quantity integer, unit_price numeric, kind text) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE v_label (kind text, label text, key text) ON COMMIT DELETE ROWS;
