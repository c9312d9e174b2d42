-- The rows of numbered seats, so that a search need not read the seats of a house that is full.
-- `longest` is never less than the longest run of free seats in the row (seats of overdue holds count as
-- free) until `recheck_at`, when a hold of the row falls due, or a mark says to look again. Taking a seat
-- makes runs shorter, so that whoever takes one need not write here; freeing one lengthens them
-- (triggers/seat_rows.sql). The largest integer: not looked at yet. `allocations` and
-- `accessible` are what the seats of the row belong to, and how many are wheelchair places; null: not
-- looked at yet. No foreign keys: a row without seats is found empty and then passed over.
CREATE TABLE {schema}.events_seatrow (
    performance_id uuid NOT NULL,
    section_id uuid NOT NULL,
    row_rank integer NOT NULL,
    longest integer NOT NULL DEFAULT 2147483647,
    recheck_at timestamptz NOT NULL DEFAULT 'infinity',
    allocations uuid[],
    accessible integer,
    PRIMARY KEY (performance_id, section_id, row_rank)
) WITH (
    fillfactor = 50, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);

-- "Look at this row again", from whoever could not write it because a buyer had it locked.
CREATE TABLE {schema}.events_seatrowmark (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    performance_id uuid NOT NULL,
    section_id uuid NOT NULL,
    row_rank integer NOT NULL,
    PRIMARY KEY (performance_id, section_id, row_rank, id)
);

INSERT INTO {schema}.events_seatrow (performance_id, section_id, row_rank, longest)
    SELECT performance_id, section_id, row_rank, count(*) FILTER (WHERE status <> 'sold')
    FROM {schema}.events_seat GROUP BY 1, 2, 3;
