"""Every call of the old surface names the call that replaces it."""

import functools
import warnings
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from fullhouse.compat.words import say

P = ParamSpec("P")
T = TypeVar("T")


def replaced_by(new_call: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Warn at the line of the caller, before anything is done."""

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def warned(*args: P.args, **kwargs: P.kwargs) -> T:
            text = say("deprecated", old=function.__qualname__, new=new_call)
            warnings.warn(text, DeprecationWarning, stacklevel=2)
            return function(*args, **kwargs)

        return warned

    return wrap
