-- The section's key follows its name, whoever writes it: two spellings of one name cannot be two
-- sections of one performance.
CREATE FUNCTION {schema}.set_section_name_key() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.name_key := {schema}.name_key(NEW.name);
    RETURN NEW;
END $$;

CREATE TRIGGER section_name_key
    BEFORE INSERT OR UPDATE ON {schema}.events_eventsection FOR EACH ROW
    EXECUTE FUNCTION {schema}.set_section_name_key();
