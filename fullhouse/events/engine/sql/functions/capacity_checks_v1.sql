-- capacity_checks_v1(when): the deferred rules I1, I2, I3 and the composite keys, 'later' or 'now'.
-- A structural function changes both sides of a sum in several statements, so it asks for 'later'
-- first, also where the caller checks at once, and for 'now' at its end, so that no error waits
-- for COMMIT. SQLSTATEs: 23I01, 23I02, 23I03, 25I01, 23503.
CREATE FUNCTION {schema}.capacity_checks_v1(p_when text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_when = 'now' THEN
        SET CONSTRAINTS {schema}.i1_performance_update, {schema}.i2_performance_update,
            {schema}.i2_section_insert_delete, {schema}.i2_section_update,
            {schema}.i3_section_insert, {schema}.i3_section_update,
            {schema}.i3_allocation_insert_delete, {schema}.i3_allocation_update,
            {schema}.allocation_in_section, {schema}.seat_in_allocation IMMEDIATE;
    END IF;
    SET CONSTRAINTS {schema}.i1_performance_update, {schema}.i2_performance_update,
        {schema}.i2_section_insert_delete, {schema}.i2_section_update,
        {schema}.i3_section_insert, {schema}.i3_section_update,
        {schema}.i3_allocation_insert_delete, {schema}.i3_allocation_update,
        {schema}.allocation_in_section, {schema}.seat_in_allocation DEFERRED;
END $$;
