"""A seller: a process that sells, holds, cancels and edits, and keeps a journal of what it said.

    python -m fullhouse.migration.live.rehearse.seller

Its first line of input is its orders as JSON; it sells until the input ends. It sells through the
legacy tables, and through Fullhouse once those answer that they are no longer sold from. It prints
`selling` when it has begun. A connection that is lost is opened again.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import errors, sql

from fullhouse.migration.live.rehearse.fullhouse_till import (
    FullhouseTill,
    GoneError,
    HinderedError,
    LostError,
)
from fullhouse.migration.live.rehearse.journal import Journal, Side, State
from fullhouse.migration.live.rehearse.legacy_till import LegacyTill
from fullhouse.migration.live.rehearse.sale import Sale
from fullhouse.migration.source import load

#: What a fence answers, on either side: sold from the other side now.
FENCED: Final = "FHF01"
#: An answer of the kind "try again", as any application gets it now and then.
_HINDERED: Final = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.UniqueViolation,
    errors.QueryCanceled,
)
#: SQLSTATE classes: not now (nothing was done); the server or the way to it failed.
_TRY_AGAIN: Final = ("40", "55")
_CONNECTION: Final = ("08", "53", "57")
_AGAIN_SECONDS: Final = 0.2
_MOST_KEPT: Final = 200


class Seller:
    """One seller with its own customers."""

    def __init__(self, orders: dict[str, Any]) -> None:
        self._orders = orders
        self._luck = random.Random(int(orders["seed"]))  # noqa: S311 - repeatable, not a secret
        self._journal = Journal(Path(orders["journal"]))
        self._source = load(orders["source"])
        self.side: Side = "legacy"
        self._connection: psycopg.Connection[Any] | None = None
        self._legacy: LegacyTill | None = None
        self._fullhouse: FullhouseTill | None = None
        self._kept: dict[str, Sale] = {}
        self._asked: Sale | None = None
        self.sold = 0

    def step(self) -> str:
        """Do one thing and return what: a customer's wish, an edit, or what hindered it."""
        try:
            return self._legacy_step() if self.side == "legacy" else self._fullhouse_step()
        except (*_HINDERED, HinderedError):
            self._refused()
            return "hindered"
        except GoneError:
            self._refused()
            self._change_side()
            return "hindered"
        except (psycopg.Error, LostError) as error:
            self._take_in(error)
            return "lost"

    def close(self) -> None:
        """Give the connection back and close the journal."""
        if self._connection is not None:
            self._connection.close()
        self._journal.close()

    def _legacy_step(self) -> str:
        till = self._at_legacy_till()
        wish = self._wish()
        if wish == "edit":
            till.edit(self._luck)
            self._commit()
            return wish
        if wish in ("sell", "hold"):
            state: State = "sold" if wish == "sell" else "held"
            sale = till.take(self._luck, state=state)
            if sale is None or self._luck.random() < 0.05:  # a customer who thinks again
                self._roll_back()
                return "nothing"
            self._commit()
            self._told(sale.now(state))
            return wish
        kept = self._some_kept(wish)
        if kept is None:
            return "nothing"
        state = "sold" if wish == "confirm" else "free"
        self._ask(kept, state)
        if not till.change(kept, state):
            self._refused()
            return "nothing"
        self._commit()
        self._told(kept.now(state))
        return wish

    def _fullhouse_step(self) -> str:
        if self._fullhouse is None:
            self._fullhouse = FullhouseTill(self._orders["database"])
        wish = self._wish()
        if wish in ("sell", "hold", "edit"):
            sale = self._fullhouse.hold(self._luck)
            if sale is None:
                return "nothing"
            self._told(sale)
            if wish == "hold":
                return wish
            kept: Sale | None = sale
        else:
            kept = self._some_kept(wish)
        if kept is None:
            return "nothing"
        state: State = "free" if wish == "cancel" else "sold"
        self._ask(kept, state)
        self._fullhouse.change(kept, state)
        self._told(kept.now(state))
        return wish

    def _wish(self) -> str:
        wishes = ("sell", "hold", "confirm", "cancel", "edit")
        return self._luck.choices(wishes, weights=(55, 15, 10, 12, 8))[0]

    def _some_kept(self, wish: str) -> Sale | None:
        fit = [one for one in self._kept.values() if wish == "cancel" or one.state == "held"]
        return self._luck.choice(fit) if fit else None

    def _ask(self, sale: Sale, state: State) -> None:
        """Note that a sale is about to change; until the answer comes, nobody knows."""
        self._journal.tries(sale.key, state)
        del self._kept[sale.key]
        self._asked = sale

    def _refused(self) -> None:
        """The answer was no, for certain: what was asked to change stands as it did."""
        self._roll_back()
        if self._asked is not None:
            self._told(self._asked)

    def _told(self, sale: Sale) -> None:
        self._asked = None
        self._journal.told(
            sale.key,
            sale.state,
            side=self.side,
            performance=sale.performance,
            seats=sale.seats,
            places=sale.places,
        )
        self.sold += sale.state == "sold"
        if sale.state != "free":
            self._kept[sale.key] = sale
            if len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]

    def _at_legacy_till(self) -> LegacyTill:
        if self._connection is None or self._connection.closed:
            orders = self._orders
            self._connection = psycopg.connect(
                orders["conninfo"], password=orders["password"] or None
            )
            self._connection.execute(
                sql.SQL("SET default_transaction_isolation TO {}").format(
                    sql.Literal(orders["level"])
                )
            )
            self._connection.commit()
            self._legacy = LegacyTill(self._connection, self._source, orders["schema"])
        assert self._legacy is not None  # noqa: S101 - made with the connection
        return self._legacy

    def _commit(self) -> None:
        if self._connection is not None:
            self._connection.commit()

    def _roll_back(self) -> None:
        if self._connection is None or self._connection.closed:
            return
        try:
            self._connection.rollback()
        except psycopg.Error:
            self._connection.close()

    def _change_side(self) -> None:
        self._roll_back()
        self._fullhouse = None
        self.side = "fullhouse" if self.side == "legacy" else "legacy"

    def _take_in(self, error: Exception) -> None:
        """Change the side if a fence says so; else begin anew with another connection."""
        state = _sqlstate(error)
        if state == FENCED:
            self._refused()
            self._change_side()
            return
        if state and state.startswith(_TRY_AGAIN):
            self._refused()
            return
        if state and not state.startswith(_CONNECTION):
            raise error  # a fault of the seller or of the takeover: it must be seen
        self._asked = None
        if self._connection is not None:
            self._connection.close()
        time.sleep(_AGAIN_SECONDS)


def _sqlstate(error: BaseException) -> str | None:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, psycopg.Error):
        cause = cause.__cause__
    return cause.sqlstate if cause else None


def sell(seller: Seller, orders: dict[str, Any], over: threading.Event) -> None:
    """Work until `over`, at `rate` steps a second (0: one after another); note how long each took.

    A step that had to wait for its turn counts from when its turn was.
    """
    rate = float(orders["rate"])
    due = time.time()
    with Path(orders["times"]).open("a", encoding="ascii", buffering=1) as times:
        while not over.is_set():
            if rate:
                due += 1 / rate
                over.wait(max(due - time.time(), 0))
            else:
                due = time.time()
            side, what = seller.side, seller.step()
            now = time.time()
            times.write(f"{now:.4f} {(now - due) * 1000:.2f} {side} {what}\n")


def main() -> int:
    """Read the orders and sell until the input ends."""
    orders = json.loads(sys.stdin.readline())
    over = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait, daemon=True).start()
    seller = Seller(orders)
    try:
        print("selling", flush=True)
        sell(seller, orders, over)
    finally:
        seller.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
