"""The old capacity manager. Rows may be given as instances or as ids."""

from collections.abc import Mapping
from typing import Any, Final

from fullhouse.compat.arguments import InvalidArgument, as_count, as_id, no_price
from fullhouse.compat.deprecation import replaced_by
from fullhouse.compat.sides import on_authority
from fullhouse.compat.values import Allocation, SeatView, Section, Summary, Validation
from fullhouse.compat.where import Where
from fullhouse.compat.words import refused
from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.domain.errors import InvalidRequest, Refusal

_AVAILABILITY: Final = "fullhouse.events.services.availability.availability"
DEFAULT_TTL_SECONDS: Final = 600


class CapacityManager:
    """The calls that old code makes for a whole performance.

    Without arguments it works where FULLHOUSE_COMPAT says. Raises InvalidArgument (a
    ValueError), Refusal where a call has no other way to say no, Conflict, EngineFault.
    """

    def __init__(self, using: str | None = None, legacy_schema: str | None = None) -> None:
        self._using = using
        self._legacy_schema = legacy_schema

    @replaced_by("fullhouse.events.services.open_performance.open_performance")
    def create_performance_capacity(
        self, performance: object, config: Mapping[str, Any]
    ) -> tuple[Section, ...]:
        """Give a performance its sections and return them; all or nothing.

        `config`: {"sections": [{"name", "total_capacity", "base_price", "ticket_types":
        [{"ticket_type_id", "allocated_capacity", "price_modifier"}]}]}. Before the cut-over the
        legacy tables keep the sum and the places by ticket type; section names have no row.
        Raises InvalidArgument with the path of a mistake; Refusal when the house says no.
        """
        key = as_id("performance", performance)
        try:
            plan = HousePlan.from_configuration(config)
            return on_authority(self._where(), lambda side: side.create(key, plan))
        except InvalidArgument:
            raise
        except InvalidRequest as error:
            raise InvalidArgument(error.argument, error.problem) from error

    @replaced_by("fullhouse.events.services.reserve.reserve")
    def reserve_seats(
        self,
        performance: object,
        ticket_type_id: object,
        section_name: str,
        count: int,
        *,
        ttl_seconds: int = DEFAULT_TTL_SECONDS,
        **others: object,
    ) -> tuple[bool, Allocation | str]:
        """Hold `count` places of a section for a ticket type, all or nothing.

        (True, the allocation with its `hold`) or (False, why not): then nothing has moved.
        Any spelling of the section will do. Places without numbers go first, then free seats in
        house order. After the cut-over the hold ends after `ttl_seconds`, unless confirmed.
        Raises InvalidArgument for a count below 1 and for a price: the house sets it.
        """
        no_price("reserve_seats", others)
        key = as_id("performance", performance)
        kind = None if ticket_type_id is None else as_id("ticket_type_id", ticket_type_id)
        wanted = as_count("count", count)
        ttl = as_count("ttl_seconds", ttl_seconds)
        try:
            return True, on_authority(
                self._where(), lambda side: side.reserve(key, kind, section_name, wanted, ttl)
            )
        except Refusal as refusal:
            return False, refused(refusal)

    @replaced_by("fullhouse.events.services.availability.free_seats")
    def get_available_seats(
        self, performance: object, ticket_type_id: object = None, section_name: str | None = None
    ) -> list[SeatView]:
        """Return the numbered seats that can be had now, section by section, row by row.

        With a ticket type: those that may be sold as it. Raises Refusal `unknown`.
        """
        key = as_id("performance", performance)
        kind = None if ticket_type_id is None else as_id("ticket_type_id", ticket_type_id)
        return on_authority(self._where(), lambda side: side.free_seats(key, kind, section_name))

    @replaced_by(_AVAILABILITY)
    def get_capacity_summary(self, performance: object) -> Summary:
        """Return {"performance": {...}, "sections": [{..., "ticket_types": [...]}]}.

        Rates are percentages of places reserved or sold. A ticket type's name is None for
        places that are sold as any type. Raises Refusal `unknown`.
        """
        key = as_id("performance", performance)
        return on_authority(self._where(), lambda side: side.summary(key))

    @replaced_by("fullhouse.events.services.audit.audit")
    def validate_migration(self, performance: object = None) -> Validation:
        """Tell whether the data stand proved.

        Before the cut-over: whether the takeover's validation holds. After it: whether the
        audit finds every number right, of one performance or of all.
        """
        key = None if performance is None else as_id("performance", performance)
        return on_authority(self._where(), lambda side: side.validate(key))

    def _where(self) -> Where:
        return Where.of(self._using, self._legacy_schema)


capacity_manager: Final = CapacityManager()
