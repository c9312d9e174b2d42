-- make_allocation_v1 -> uuid: an empty allocation of a section for a ticket type, or its pool (null).
-- Called with the section locked. The price modifier is the ticket type's own; the pool's is 1.
CREATE FUNCTION {schema}.make_allocation_v1(
    p_performance uuid, p_section uuid, p_ticket_type uuid
) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid := {schema}.uuid7();
    v_modifier numeric := coalesce(
        (SELECT t.price_modifier FROM {schema}.events_tickettype AS t WHERE t.id = p_ticket_type), 1);
BEGIN
    INSERT INTO {schema}.events_sectiontickettype
            (id, performance_id, section_id, ticket_type_id, allocated_capacity, available_capacity,
             unseated_available, price_modifier)
        VALUES (v_id, p_performance, p_section, p_ticket_type, 0, 0, 0, v_modifier);
    RETURN v_id;
END $$;
