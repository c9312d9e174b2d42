"""The old calls across a real cut-over and a real way back: no sale is lost, none is doubled."""

import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from fullhouse.compat import authority, performance
from fullhouse.migration.runs import State
from tests.migration.builders import House
from tests.migration.live.over_scene import Stage, stage
from tests.migration.live.over_sellers import wait_for

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def used(one: Stage, key: UUID) -> int:
    query = "SELECT current_capacity FROM {}.events_eventperformance WHERE id = %s"
    return int(one.do(query, key)[0][0])


def test_sales_through_the_old_calls_survive_both_ways(db_committed: None, settings: Any) -> None:
    house = House(total_capacity=5_000)
    evening = house.performance(4_000, {"VIP": 2_000, "Normal": 2_000})
    with stage(house) as one:
        settings.FULLHOUSE_COMPAT = {"using": "default", "legacy_schema": one.schema}
        one.take_over()
        one.cut_over()
        assert authority() == "fullhouse"
        assert performance(evening).book_capacity(2)
        over, sold = threading.Event(), [2]

        def sell() -> None:
            try:
                while not over.wait(0.01):
                    if performance(evening).book_capacity(1):
                        sold[0] += 1
            finally:
                connection.close()

        seller = threading.Thread(target=sell)
        seller.start()
        try:
            wait_for(lambda: sold[0] > 5)
            one.roll_back(budget_ms=10_000)
            so_far = sold[0]
            wait_for(lambda: sold[0] > so_far + 5 or not seller.is_alive())
        finally:
            over.set()
            seller.join()
        assert one.run.state == State.ROLLED_BACK
        assert authority() == "legacy"
        assert used(one, evening) == sold[0]
        assert performance(evening).book_capacity(3)
        assert used(one, evening) == sold[0] + 3
