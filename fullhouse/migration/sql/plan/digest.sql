-- The legacy content of the run as one text: catalogue and units, each in a stable order.
SELECT encode(sha256(convert_to(concat_ws(E'\n',
    (SELECT string_agg(concat_ws('|', id, name, city, country, total_capacity, is_active), E'\n'
        ORDER BY id) FROM m_venue),
    (SELECT string_agg(concat_ws('|', id, venue_id, title, slug, is_active), E'\n' ORDER BY id)
        FROM m_event),
    (SELECT string_agg(concat_ws('|', id, event_id, name, code, is_active, price), E'\n' ORDER BY id)
        FROM m_type),
    (SELECT string_agg(concat_ws('|', performance_id, legacy_hash), E'\n' ORDER BY performance_id)
        FROM m_plan)
), 'UTF8')), 'hex');
