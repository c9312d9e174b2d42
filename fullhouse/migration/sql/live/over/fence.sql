-- The fence on a legacy table after the cut-over: every write is refused, reads go on. It reads
-- nothing that a seller's snapshot could hide: that it is there is the answer. Only the reverse
-- writer passes, by the run and the epoch of its lease, which another runner's start makes stale.
-- SQLSTATE FHF01.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fence$
DECLARE
    v_writer text := nullif(current_setting('fullhouse.reverse_epoch', true), '');
BEGIN
    IF v_writer IS NOT NULL AND EXISTS (
        SELECT FROM {runs} AS r WHERE r.id = {run}::uuid AND r.id || ':' || r.epoch = v_writer
          AND r.state IN ('cut_over', 'contracted')) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'FHF01',
        MESSAGE = format('%s of %I.%I refused: Fullhouse sells these performances since the '
            'cut-over; nothing was written. / نوشتن در %I.%I پذیرفته نشد: از زمان انتقال، فول‌هاوس '
            'این اجراها را می‌فروشد و چیزی نوشته نشد.', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME,
            TG_TABLE_SCHEMA, TG_TABLE_NAME),
        DETAIL = 'Reading goes on, and what Fullhouse sells is written here by itself. / خواندن آزاد '
            'است و فروش‌های فول‌هاوس خودکار اینجا نوشته می‌شود.',
        HINT = {hint};
END $fence$
