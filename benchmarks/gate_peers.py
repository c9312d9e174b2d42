"""What gate.py compares with: an empty view, and a hold as one writes it with an ORM and DRF."""

import datetime
import os
import uuid

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gate_peers_settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.db import connection, transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

from fullhouse.events.models import (  # noqa: E402
    Movement,
    Reservation,
    ReservationLine,
    SectionTicketType,
)


def empty(request: HttpRequest) -> HttpResponse:
    """Answer nothing."""
    return HttpResponse(b"")


class HoldIn(serializers.Serializer):
    """Places of an allocation."""

    allocation = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1, max_value=100)


class HoldOut(serializers.ModelSerializer):
    """A hold."""

    class Meta:
        model = Reservation
        fields = ("id", "reference", "status", "expires_at")


class Hold(APIView):
    """Look under a lock, update, insert: one transaction."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        """Hold places."""
        asked = HoldIn(data=request.data)
        asked.is_valid(raise_exception=True)
        quantity = asked.validated_data["quantity"]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL fullhouse.engine = 'on'")
            leaf = SectionTicketType.objects.select_for_update().get(
                pk=asked.validated_data["allocation"]
            )
            if leaf.available_capacity < quantity:
                return Response({"left": leaf.available_capacity}, status=409)
            hold = Reservation.objects.create(
                performance_id=leaf.performance_id,
                reference=uuid.uuid4().hex,
                expires_at=timezone.now() + datetime.timedelta(minutes=10),
            )
            ReservationLine.objects.create(
                performance_id=leaf.performance_id,
                reservation=hold,
                allocation=leaf,
                ticket_type_id=leaf.ticket_type_id,
                quantity=quantity,
                unit_price=20,
            )
            SectionTicketType.objects.filter(pk=leaf.pk).update(
                available_capacity=F("available_capacity") - quantity,
                unseated_available=F("unseated_available") - quantity,
                reserved_capacity=F("reserved_capacity") + quantity,
            )
            Movement.objects.create(
                performance_id=leaf.performance_id,
                allocation_id=leaf.pk,
                reservation_id=hold.pk,
                from_state="available",
                to_state="reserved",
                quantity=quantity,
                operation="reserve",
            )
        return Response(HoldOut(hold).data, status=201)


urlpatterns = [path("empty", empty), path("hold", Hold.as_view())]
