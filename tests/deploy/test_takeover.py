"""The owner role takes a legacy database over and back; the app role sells in between."""

import json
from pathlib import Path

import pytest

from .conftest import House

SELL = """
import json
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import SeatRequest, reserve
from fullhouse.events.models import Seat
from fullhouse.migration.models import MigrationRun

unit = MigrationRun.objects.get(legacy_schema="town").units.order_by("pk")[0].performance_id
seat = Seat.objects.filter(performance_id=unit, status="available").first()
held = reserve(performance_id=unit, requests=[SeatRequest(seat.pk)])
confirm(performance_id=unit, reservation_id=held.reservation_id)
print(json.dumps({"reservation": str(held.reservation_id)}))
"""


@pytest.mark.usefixtures("db_committed")
def test_over_selling_and_back_without_a_superuser(deployed: House, tmp_path: Path) -> None:
    owner, app = deployed.owner, deployed.app
    kept = ("--schema", "town", "--yes", "--backup-dir", str(tmp_path))
    owner.run("legacy", "sample", "--seats", "120", "--dirty", "0", "--schema", "town")
    over = owner.run("capacity_migration", "run", "--live", "--cutover", "--json", *kept)
    assert json.loads(over)["state"] == "cut_over"
    sold = json.loads(app.run("shell", "--no-imports", "--command", SELL))["reservation"]
    assert json.loads(app.run("capacity", "audit", "--json"))["clean"]
    owner.run("capacity_migration", "sync", "--schema", "town")
    query = f"SELECT status FROM town.events_eventbooking WHERE id = '{sold}'"
    assert owner.rows(query) == [("confirmed",)]
    # The serving role sees the takeover's record, and cannot move it.
    refused = app.attempt("capacity_migration", "rollback", "--schema", "town", "--yes")
    assert refused.returncode == 3, refused.stderr
    back = owner.run("capacity_migration", "rollback", "--json", "--schema", "town", "--yes")
    assert json.loads(back)["state"] == "rolled_back"
    assert owner.rows(query) == [("confirmed",)]
