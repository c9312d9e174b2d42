-- Structural writes under REPEATABLE READ or SERIALIZABLE are refused: the checks below must see
-- what other transactions have committed, and an older snapshot hides it (write skew).
-- SQLSTATE 25I01.
CREATE FUNCTION {schema}.require_read_committed(p_rule text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION '%: capacity changes need READ COMMITTED, this transaction is %',
            p_rule, upper(current_setting('transaction_isolation'))
            USING ERRCODE = '25I01',
                  HINT = 'Run the change again in a transaction at READ COMMITTED.';
    END IF;
END $$;
