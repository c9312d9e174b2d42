-- party_refusal_v1: why best available cannot serve this party whatever is free, or null.
-- Outcomes: unknown {what, id}, closed {status, opens_at, closes_at}, not_on_offer {ticket_type}.
CREATE FUNCTION {schema}.party_refusal_v1(p_performance uuid, p_event uuid, p_party jsonb)
RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        CASE WHEN p_event IS NULL THEN jsonb_build_object(
            'outcome', 'unknown', 'what', 'performance', 'id', p_performance) END,
        (SELECT jsonb_build_object('outcome', 'closed', 'status', status,
                'opens_at', sales_open_at, 'closes_at', sales_close_at)
            FROM {schema}.events_eventperformance
            WHERE id = p_performance AND (status <> 'on_sale'
                OR sales_open_at > clock_timestamp() OR sales_close_at <= clock_timestamp())),
        (SELECT jsonb_build_object('outcome', 'unknown', 'what', 'section', 'id', w.id)
            FROM jsonb_array_elements_text(CASE jsonb_typeof(p_party -> 'sections')
                WHEN 'array' THEN p_party -> 'sections' END) AS w (id)
            WHERE NOT EXISTS (SELECT FROM {schema}.events_eventsection AS s
                WHERE s.performance_id = p_performance AND s.id = w.id::uuid) LIMIT 1),
        (SELECT jsonb_build_object('outcome', 'not_on_offer', 'ticket_type', w.id)
            FROM jsonb_array_elements_text(CASE jsonb_typeof(p_party -> 'ticket_types')
                WHEN 'array' THEN p_party -> 'ticket_types' END) AS w (id)
            WHERE NOT EXISTS (SELECT FROM {schema}.events_tickettype AS t
                WHERE t.event_id = p_event AND t.id = w.id::uuid AND t.is_active) LIMIT 1))
$$;
