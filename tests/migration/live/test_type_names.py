"""Ticket types of one event that come to have the same name, as legacy data may have them."""

from psycopg import sql

from fullhouse.migration.live.rehearse import proofs
from fullhouse.migration.live.rehearse.phases import FORWARD, settle
from fullhouse.migration.live.rehearse.rehearsal import scene
from fullhouse.migration.progress import Silence
from fullhouse.migration.runs import Order

from ..shell import legacy_schema
from .rehearsals import work_through


def test_a_name_goes_to_the_lower_id_though_the_higher_had_it(db_committed: None) -> None:
    """One UPDATE gives the name before it takes it from the other; it has to step aside first."""
    with (
        legacy_schema(seats=60) as schema,
        scene(Order("events", schema), sellers=1, watcher=Silence()) as made,
    ):
        work_through(made, FORWARD[:2])
        table = sql.Identifier(schema, "events_tickettype")
        rename = sql.SQL("UPDATE {} SET name = 'Same' WHERE id = %s").format(table)
        with made.scratch.connect(autocommit=True) as legacy:
            event, low, high = legacy.execute(
                sql.SQL(
                    "SELECT event_id, (array_agg(id ORDER BY id))[1],"
                    " (array_agg(id ORDER BY id))[2] FROM {} GROUP BY 1"
                    " HAVING count(*) > 1 LIMIT 1"
                ).format(table)
            ).fetchone() or (None, None, None)
            assert event is not None
            for key in (high, low):
                legacy.execute(rename, [key])
                settle(made.stage)
        run, source, using = made.stage.run, made.stage.source, made.stage.order.using
        assert proofs.equal(run, source, using=using).broken == ()
