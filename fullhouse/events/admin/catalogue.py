"""Venues, events and their ticket types: plain rows, kept by staff."""

from __future__ import annotations

from django.contrib import admin

from fullhouse.events.admin.base import KeptByService
from fullhouse.events.admin.scale import Valued
from fullhouse.events.admin.widgets import TabularInline
from fullhouse.events.models import Event, TicketType, Venue
from fullhouse.language.ordering import ByName


@admin.register(Venue)
class VenueAdmin(KeptByService):
    list_display = ("name", "city", "country", "total_capacity", "time_zone")
    list_filter = (("country", Valued),)
    ordering = (ByName("name"), "id")
    search_fields = ("name", "city")


class TicketTypeInline(TabularInline):
    model = TicketType
    fields = ("name", "code", "price_modifier", "places_per_ticket", "is_active")
    extra = 0


@admin.register(Event)
class EventAdmin(KeptByService):
    list_display = ("title", "venue", "slug")
    ordering = (ByName("title"), "id")
    list_select_related = ("venue",)
    search_fields = ("title", "slug", "venue__name")
    autocomplete_fields = ("venue",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (TicketTypeInline,)


@admin.register(TicketType)
class TicketTypeAdmin(KeptByService):
    list_display = ("name", "event", "code", "price_modifier", "places_per_ticket", "is_active")
    list_select_related = ("event",)
    list_filter = ("is_active",)
    ordering = (ByName("event__title"), ByName("name"), "id")
    search_fields = ("name", "code", "event__title")
    autocomplete_fields = ("event",)
