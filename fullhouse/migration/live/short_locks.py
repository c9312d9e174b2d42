"""Takes strong locks on tables that others write to, without ever making them queue for long.

A request that waits makes everybody behind it wait as well; so it waits a moment, gives up, and
comes back later, each time at another moment.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from django.db import OperationalError, connections, transaction

from fullhouse.migration.exit_codes import RetryError

#: How long sellers may stand behind a request that is not granted.
LOCK_TIMEOUT_MS: Final = 200
ATTEMPTS: Final = 40
_LONGEST_PAUSE_SECONDS: Final = 2.0
_TRANSIENT: Final = frozenset({"55P03", "40P01"})

Sleep = Callable[[float], None]


def with_short_locks(
    work: Callable[[], None],
    what: str,
    *,
    using: str,
    attempts: int = ATTEMPTS,
    sleep: Sleep = time.sleep,
) -> None:
    """Do `work` in one transaction with a lock timeout, again with growing, jittered pauses.

    `what` names the thing to be locked. Raises RetryError when it was never granted; then nothing
    of `work` was done.
    """
    for attempt in range(1, attempts + 1):
        try:
            with transaction.atomic(using=using), connections[using].cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
                work()
            return
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in _TRANSIENT:
                raise
            if attempt == attempts:
                raise _never_granted(what, attempts) from error
        longest = min(_LONGEST_PAUSE_SECONDS, 0.05 * 2**attempt)
        sleep(random.uniform(longest / 2, longest))  # noqa: S311 - jitter, not a secret


def _never_granted(what: str, attempts: int) -> RetryError:
    return RetryError(
        f"{what} is in use without a pause: a lock of {LOCK_TIMEOUT_MS} ms was asked for "
        f"{attempts} times in vain. A long transaction holds it; see pg_stat_activity, then run "
        "the same command again.",
        f"{what} بی‌وقفه در کار است: قفل {LOCK_TIMEOUT_MS} میلی‌ثانیه‌ای {attempts} بار خواسته شد و"
        " به دست نیامد. تراکنشی بلند آن را دارد؛ pg_stat_activity را ببینید و همین فرمان را دوباره"
        " بدهید.",
    )
