-- Working tables of one session. Those with ON COMMIT DELETE ROWS hold one batch of units; integers
-- stand for labels there (u unit, s section, r row, n number), so that the heavy steps sort numbers.

-- The run, one row.
CREATE TEMP TABLE m_run (run_id uuid, split text);

-- The catalogue as it will be (catalogue/*.sql); `placeholder`: the legacy side lacks the row.
CREATE TEMP TABLE m_venue (id uuid PRIMARY KEY, name text, city text, country text,
    total_capacity integer, is_active boolean, placeholder boolean, created_at timestamptz);
CREATE TEMP TABLE m_event (id uuid PRIMARY KEY, venue_id uuid, title text, slug text, currency text,
    is_active boolean, placeholder boolean, created_at timestamptz);
CREATE TEMP TABLE m_type (id uuid PRIMARY KEY, event_id uuid, name text, code text, name_key text,
    code_key text, is_active boolean, placeholder boolean, legacy_modifier numeric, n integer,
    created_at timestamptz, price numeric);
-- Under which keys a ticket type is found in documents: its id, its name as it is and folded, its
-- code. `type` is null for one that is not on offer.
CREATE TEMP TABLE m_type_key (event_id uuid, key text, type uuid, PRIMARY KEY (event_id, key));

-- What the operator laid down for single performances.
CREATE TEMP TABLE m_given_section (performance_id uuid, position integer, name text,
    total_capacity integer, base_price numeric);
CREATE TEMP TABLE m_given_type (performance_id uuid, position integer, ticket_type_id uuid,
    allocated_capacity integer, price_modifier numeric);
CREATE TEMP TABLE m_given_label (performance_id uuid, position integer, label text);

-- One batch: which performances.
CREATE TEMP TABLE m_batch (performance_id uuid) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_unit (u integer, performance_id uuid, event_id uuid, venue_id uuid,
    date date, start_time time, status text, max_capacity integer, current_capacity integer,
    capacities jsonb, raw_capacities jsonb, currency text, given boolean, seated boolean,
    performance_active boolean, event_active boolean, is_available boolean,
    legacy_date date, legacy_time time, created_at timestamptz) ON COMMIT DELETE ROWS;

-- Its legacy rows as they are.
CREATE TEMP TABLE m_seat (u integer, id uuid, section text, row_number text, seat_number text,
    status text, is_active boolean, price numeric, currency text, ticket_type_id uuid,
    is_accessible boolean, is_premium boolean, created_at timestamptz) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_booking (u integer, id uuid, reference text, status text, is_active boolean,
    counts text, participants integer, unit_price numeric, total_price numeric, currency text,
    seats jsonb, breakdown jsonb, raw_seats jsonb, raw_breakdown jsonb, customer text,
    created_at timestamptz) ON COMMIT DELETE ROWS;

-- Labels, each distinct one once.
CREATE TEMP TABLE m_label (label text, key text, clean text, s integer) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_row (label text, key text, r integer) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_number (label text, key text, n integer) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_currency (label text, code text) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_spelling (u integer, label text, s integer, seats integer)
    ON COMMIT DELETE ROWS;
-- Legacy section s of unit u is read as section s_to; its rows are told apart by `prefix`.
CREATE TEMP TABLE m_read_as (u integer, s integer, s_to integer, prefix text) ON COMMIT DELETE ROWS;

-- What bookings name and claim. An entry is one element of a booking's list of seats.
CREATE TEMP TABLE m_entry (u integer, booking_id uuid, counts text, n bigint, seat_id uuid,
    is_here boolean, label text, parts text[], price numeric, at timestamptz)
    ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_claim (u integer, booking_id uuid, counts text, seat_id uuid, price numeric,
    n bigint, at timestamptz, shared boolean) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_lost (u integer, booking_id uuid, seat_id uuid, n bigint) ON COMMIT DELETE ROWS;
-- What a booking's breakdown asks for, and how many places it has: `asked` by its documents, of
-- which `claimed` name a seat, `lost` name none of this performance, `rest` name nothing.
CREATE TEMP TABLE m_asked (u integer, booking_id uuid, n bigint, quantity integer, type uuid)
    ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_count (u integer, booking_id uuid, counts text, told text, asked integer,
    claimed integer, lost integer, rest integer, only_type uuid, unit_price numeric, at timestamptz)
    ON COMMIT DELETE ROWS;

-- Places by capacity without seats, each legacy seat row, money, unseated sales, results.
CREATE TEMP TABLE m_part (u integer, s integer, type uuid, places integer, modifier numeric)
    ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_split (u integer, s integer, type uuid, lower bigint, upper bigint)
    ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_place (u integer, s integer, type uuid, id uuid,
    winner_id uuid, is_winner boolean, standing integer, holder uuid, reason text, price numeric,
    currency text, row_rank integer, seat_rank integer, row_number text, seat_number text,
    is_accessible boolean, is_premium boolean, created_at timestamptz) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_section (u integer, s integer, id uuid, key text, name text, currency text,
    base_price numeric, base_from text, position integer) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_size (u integer, s integer, type uuid, seats integer, places integer)
    ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_unseated (u integer, booking_id uuid, counts text, n bigint, s integer,
    type uuid, ticket_type uuid, quantity integer, price numeric, at timestamptz)
    ON COMMIT DELETE ROWS;
-- Bookings whose places do not cost what the booking cost: what each shared place costs instead,
-- a cent more for the first `rest` of them. `all_share`: also those that have a price of their own.
CREATE TEMP TABLE m_share (booking_id uuid, all_share boolean, each numeric, rest bigint,
    total numeric, kept numeric) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_allocation (u integer, s integer, type uuid, id uuid, seats integer,
    places integer, modifier numeric, final_price numeric) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE m_line (u integer, id uuid, reservation_id uuid, s integer, type uuid,
    allocation_id uuid, ticket_type uuid, seat_id uuid, quantity integer, unit_price numeric,
    status text, overbooked boolean, kind text, reason text, booking_id uuid, at timestamptz)
    ON COMMIT DELETE ROWS;

-- Rows of the new tables that stand already as they shall.
CREATE TEMP TABLE m_kept (kind text, id uuid) ON COMMIT DELETE ROWS;

-- What a plan finds, over all batches.
CREATE TEMP TABLE m_anomaly (performance_id uuid, kind text, subject text, rows jsonb, count bigint,
    evidence jsonb);
CREATE TEMP TABLE m_plan (performance_id uuid, unit jsonb, legacy_hash numeric, places bigint);
