-- reserve_v1: hold places of one performance until a deadline, all or nothing.
--
-- p_requests: a list of 1 to 1000 objects, each one of
--   {"allocation_id", "quantity", "ticket_type_id"}  places of an allocation; the type may be named
--                                 for a pool (any type on offer, or null), else it is the allocation's;
--   {"section_id", "ticket_type_id", "quantity"}  places of a section, sold as a type: from the
--                                 type's own allocation, then from the section's pool;
--   {"seat_id", "ticket_type_id"}  that seat; the type as for an allocation; "accessible": true asks
--                                 for a place that is kept (seats_rule_refusal_v1).
-- A quantity is places. A type whose tickets take several (places_per_ticket) is sold in whole tickets:
-- the quantity is a multiple, each ticket's places come from one allocation, and `unit_price` is the
-- ticket's. Of named seats so many of one allocation make a ticket and share its price exactly.
-- p_kind sale keeps to the performance's sales rules (rules_refusal_v1), and takes from what its channel
-- has set aside first (lock_channel_v1); a comp does neither. Both only where `has_rules`.
-- p_ttl_seconds: 1 (less would end before the answer arrives) to 604800 (a week: longer is not a
-- hold but places the house keeps). p_token_hash: SHA-256 of the buyer's secret, or null.
-- Unit price: the seat's own (not in a ticket of several places), else the section's base price times a
-- modifier, rounded by currency: the allocation's own, or for places sold from the pool as a type that
-- of the section's allocation of that type, else the ticket type's own.
-- Holds past their deadline are expired in the same call where they stand in the way, only if that
-- makes the whole request possible; free places go first.
--
-- How: an optimistic attempt, in which the hot row comes last and its conditional UPDATE is the check.
-- When it lost a race or must expire something, its locks are rolled back, and the next attempt
-- takes every lock in order and decides under them.
-- Named seats are waited for, not skipped: a seat locked by a hold that then rolls back would be
-- refused falsely. Everybody locks seats in id order, so that waiting cannot deadlock, and early
-- release makes the wait short; lock_timeout bounds it.
-- Locks: (where a section lets nobody leave a single seat: seat rows of its wanted seats, first;)
-- (only where such rules are: the customer, the channel's reservations by id;) (only to expire:
-- performance, sections where overbooked, reservations by id;) seats by id; allocations by id, last.
-- Outcomes: granted {reservation_id, reference, expires_at, currency, total, lines[{id, allocation_id,
--   ticket_type_id, seat_id, quantity, places_per_ticket, unit_price, from_channel where some are}]}
--   | sold_out {wanted, left, allocation_id,
--   section_id, ticket_type_id} | seat_taken {seat_ids, seats} | closed {status, opens_at, closes_at}
--   | unknown {what, id} | not_on_offer {ticket_type} | wrong_type {sold_as, ticket_type}
--   | not_whole_tickets {ticket_type_id, quantity, places_per_ticket} | those of rules_refusal_v1
--   | mixed_currencies {currencies} | protected, leaves_single (seats_rule_refusal_v1)
--   | reference_taken {reference} | key_reused. Refused: nothing moved.
-- SQLSTATE: FH410, FH411, FH430 to FH439 an argument; FH401, FH402 the key; 55P03 a lock timeout, or
-- attempts lost too often: try again.
CREATE FUNCTION {schema}.reserve_v1(
    p_performance uuid, p_requests jsonb, p_ttl_seconds integer, p_kind text, p_reference text,
    p_token_hash bytea, p_customer text, p_channel text,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_id uuid := {schema}.uuid7();
    v_allocation uuid;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, v_id, p_actor, p_reason);
    PERFORM {schema}.require_reserve_v1(
        p_ttl_seconds, p_kind, p_reference, p_token_hash, p_customer, p_channel);
    PERFORM {schema}.require_requests_v1(p_requests);
    IF p_key IS NOT NULL THEN
        v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'reserve', p_digest);
        IF v_outcome IS NOT NULL THEN
            RETURN v_outcome;
        END IF;
    END IF;
    FOR v_attempt IN 1..20 LOOP
        BEGIN
            v_allocation := CASE WHEN v_attempt = 1 AND jsonb_array_length(p_requests) = 1
                THEN {schema}.own_allocation_v1(p_performance, p_requests -> 0) END;
            IF v_allocation IS NOT NULL THEN
                v_outcome := {schema}.reserve_one_v1(p_performance, v_id, v_allocation,
                    (p_requests -> 0 ->> 'quantity')::integer,
                    p_ttl_seconds, p_kind, p_reference, p_token_hash, p_customer, p_channel,
                    p_actor, p_reason);
                IF v_outcome ->> 'outcome' = 'lost' THEN
                    RAISE EXCEPTION 'undo what was written' USING ERRCODE = 'FH001';
                END IF;
            END IF;
            IF v_outcome IS NULL THEN
                v_outcome := {schema}.reserve_attempt_v1(p_performance, v_id, p_requests,
                    v_attempt > 1, p_ttl_seconds, p_kind, p_reference, p_token_hash,
                    p_customer, p_channel, p_actor, p_reason);
            END IF;
        EXCEPTION
            WHEN SQLSTATE 'FH001' THEN
                v_outcome := NULL;
            WHEN unique_violation THEN
                IF NOT EXISTS (SELECT FROM {schema}.events_reservation
                        WHERE performance_id = p_performance AND reference = p_reference) THEN
                    RAISE;
                END IF;
                v_outcome := jsonb_build_object(
                    'outcome', 'reference_taken', 'reference', p_reference);
        END;
        EXIT WHEN v_outcome IS NOT NULL;
    END LOOP;
    IF v_outcome IS NULL THEN
        RAISE EXCEPTION 'others took these places faster, 20 times in a row'
            USING ERRCODE = '55P03', HINT = 'Try again.';
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
