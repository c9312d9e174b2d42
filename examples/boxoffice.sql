-- A small box office, for the source of the same name: integer keys, places by tariff and quota, no
-- seats, orders with lines. It contradicts itself as such data do. Run again, it changes nothing:
--   fullhouse database shell -- --file examples/boxoffice.sql
BEGIN;
CREATE SCHEMA IF NOT EXISTS boxoffice;
SET LOCAL search_path = boxoffice;

CREATE TABLE IF NOT EXISTS houses (house_no integer PRIMARY KEY, house_name varchar(80) NOT NULL,
    town varchar(80), licensed_for integer NOT NULL, closed_on date);
CREATE TABLE IF NOT EXISTS productions (production_no bigint PRIMARY KEY,
    house_no integer NOT NULL REFERENCES houses, title varchar(200) NOT NULL,
    currency_code char(3) NOT NULL, state varchar(10) NOT NULL);
CREATE TABLE IF NOT EXISTS tariffs (tariff_no bigint PRIMARY KEY,
    production_no bigint NOT NULL REFERENCES productions, label varchar(60) NOT NULL,
    short_code varchar(10) NOT NULL, price_cents integer, on_offer smallint NOT NULL);
CREATE TABLE IF NOT EXISTS shows (show_no bigint PRIMARY KEY,
    production_no bigint NOT NULL REFERENCES productions, starts_at timestamp NOT NULL,
    places_sold integer NOT NULL, cancelled_at timestamp);
CREATE TABLE IF NOT EXISTS quotas (quota_no bigint PRIMARY KEY, show_no bigint NOT NULL,
    tariff_no bigint NOT NULL, places integer NOT NULL);
CREATE TABLE IF NOT EXISTS customers (customer_no bigint PRIMARY KEY, email varchar(200));
CREATE TABLE IF NOT EXISTS orders (order_no bigint PRIMARY KEY, show_no bigint NOT NULL,
    customer_no bigint, state varchar(10) NOT NULL, total_cents bigint,
    placed_at timestamp NOT NULL);
CREATE TABLE IF NOT EXISTS order_items (order_no bigint NOT NULL, line_no integer NOT NULL,
    tariff_no bigint NOT NULL, quantity integer NOT NULL, PRIMARY KEY (order_no, line_no));

INSERT INTO houses VALUES (1, 'Old Mill Theatre', 'Graz', 400, NULL), (2, 'Cellar', 'Wien', 90, NULL)
    ON CONFLICT DO NOTHING;
INSERT INTO productions VALUES (1, 1, 'The Inspector', 'EUR', 'ON'), (2, 2, 'Night Songs', 'EUR', 'ON')
    ON CONFLICT DO NOTHING;
INSERT INTO tariffs VALUES (11, 1, 'Full', 'F', 4000, 1), (12, 1, 'Reduced', 'R', 2500, 1),
    (13, 1, 'School', 'S', 500, 0), (21, 2, 'Standing', 'ST', 1500, 1)
    ON CONFLICT DO NOTHING;
INSERT INTO shows VALUES
    (101, 1, '2026-12-04 19:30', 9, NULL), -- a counter that drifted
    (102, 1, '2026-12-05 19:30', 12, NULL), -- more sold than the quota
    (103, 1, '2026-12-06 19:30', 0, '2026-11-01 10:00'), -- cancelled
    (201, 2, '2026-12-04 22:00', 5, NULL),
    (202, 2, '2026-12-05 22:00', 1, NULL) -- no quota at all
    ON CONFLICT DO NOTHING;
INSERT INTO quotas VALUES
    (1, 101, 11, 80), (2, 101, 11, 20), (3, 101, 12, 50), -- a quota in two parts
    (4, 102, 11, 10), (5, 102, 12, 0), -- a quota of nothing
    (6, 103, 11, 20),
    (7, 201, 21, 90)
    ON CONFLICT DO NOTHING;
INSERT INTO customers VALUES (1, 'ada@example.org'), (2, 'bo@example.org') ON CONFLICT DO NOTHING;
INSERT INTO orders VALUES
    (5001, 101, 1, 'PAID', 10500, '2026-11-02 09:00'),
    (5002, 101, 2, 'OPEN', 10000, '2026-11-02 09:05'), -- a hold
    (5003, 101, NULL, 'VOID', 12000, '2026-11-02 09:10'),
    (5004, 101, 2, 'PARKED', 8000, '2026-11-02 09:15'), -- a state that nobody knows
    (5005, 101, 1, 'PAID', 8000, '2026-11-02 09:20'), -- three, and one taken back
    (5006, 101, 2, 'COLLECTED', 3000, '2026-11-02 09:25'), -- of a tariff that was deleted
    (5007, 102, 1, 'PAID', 48000, '2026-11-02 09:30'), -- twelve of a quota of ten
    (5008, 201, 1, 'PAID', 7500, '2026-11-02 09:35'),
    (5009, 201, 2, 'PAID', 0, '2026-11-02 09:40'), -- an order of nothing
    (5010, 202, 2, 'PAID', 1500, '2026-11-02 09:45'),
    (5011, 999, 1, 'PAID', 4000, '2026-11-02 09:50') -- of a show that is not there
    ON CONFLICT DO NOTHING;
INSERT INTO order_items VALUES
    (5001, 1, 11, 2), (5001, 2, 12, 1), (5002, 1, 12, 4), (5003, 1, 11, 3), (5004, 1, 11, 2),
    (5005, 1, 11, 3), (5005, 2, 11, -1), (5006, 1, 19, 2), (5007, 1, 11, 12), (5008, 1, 21, 5),
    (5010, 1, 21, 1), (5011, 1, 11, 1)
    ON CONFLICT DO NOTHING;
COMMIT;
