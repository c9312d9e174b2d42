"""The old models, with the old capacity calls mixed in."""

from django.db import models

from fullhouse.compat import PerformanceCapacity


class EventPerformance(PerformanceCapacity, models.Model):
    id = models.UUIDField(primary_key=True)
    max_capacity = models.IntegerField()
    current_capacity = models.IntegerField()
    is_available = models.BooleanField()
    ticket_capacities = models.JSONField()

    class Meta:
        managed = False
        db_table = "events_eventperformance"

    def __str__(self) -> str:
        return str(self.pk)


class Seat(models.Model):
    id = models.UUIDField(primary_key=True)
    performance = models.ForeignKey(EventPerformance, models.PROTECT, related_name="seats")
    section = models.CharField(max_length=50)
    status = models.CharField(max_length=20)

    class Meta:
        managed = False
        db_table = "events_seat"

    def __str__(self) -> str:
        return str(self.pk)
