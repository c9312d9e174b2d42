"""The seat map under fingers, wheel and keys; the list beside it; what a seat is sold as."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from playwright.sync_api import Page, expect

from fullhouse.events.domain.configuration import AllocationPlan, HousePlan, SeatPlan, SectionPlan
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import Event, EventPerformance, ReservationLine, TicketType, Venue
from fullhouse.events.services.open_performance import open_performance
from tests.browser.checks import check_page
from tests.browser.fingers import Fingers, Spot
from tests.browser.houses import theatre
from tests.browser.test_box_office import HELD, MAP, open_map, tap

Open = Callable[..., Page]
CHOSEN = ".chosen li"


def view(page: Page) -> dict[str, Any]:
    """Where the map's window is: scale, x and y of the house in its middle, whether all is seen."""
    found: dict[str, Any] = page.evaluate(
        """map => {
          const { scale, x, y, atWhole } = document.querySelector(map).seatMap.view;
          return { scale, x, y, atWhole, scrolled: scrollY, page: visualViewport.scale };
        }""",
        MAP,
    )
    return found


def middle(page: Page) -> Spot:
    box = page.locator(".map-view canvas").bounding_box()
    assert box
    return (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def spot(page: Page, seat: UUID) -> Spot:
    """Where the map draws this seat now, in the window."""
    found = page.evaluate(
        """([map, id]) => {
          const { view, plan, canvas } = document.querySelector(map).seatMap;
          const seat = plan.ordinals.get(id);
          const { x, y } = view.toScreen(plan.x[seat], plan.y[seat]);
          const box = canvas.getBoundingClientRect();
          return [x + box.left, y + box.top];
        }""",
        [MAP, str(seat)],
    )
    return (found[0], found[1])


def test_fingers_on_the_map(open_page: Open) -> None:
    """Whole: one finger scrolls the page, two bring the map near. Near: one moves the map."""
    house = theatre()
    page = open_page("en", size="phone")
    open_map(page, house)
    fingers, (x, y) = Fingers(page), middle(page)
    whole = view(page)

    fingers.move([(x, y), (x, y - 160), (x, y - 160)])
    page.wait_for_function("() => scrollY > 100")
    assert view(page)["scale"] == whole["scale"]
    page.evaluate("scrollTo(0, 0)")

    fingers.move([(x, y - 30), (x, y - 60)], [(x, y + 30), (x, y + 60)])
    near = view(page)
    assert near["scale"] / whole["scale"] > 1.8
    assert (near["scrolled"], near["page"]) == (0, 1)

    fingers.move([(x, y), (x + 40, y - 80)])
    moved = view(page)
    assert moved["scale"] == near["scale"]
    assert moved["y"] > near["y"]
    assert moved["scrolled"] == 0

    # Turned by a quarter: neither nearer nor farther.
    fingers.move(
        [(x - 50, y), (x - 36, y - 36), (x, y - 50)], [(x + 50, y), (x + 36, y + 36), (x, y + 50)]
    )
    turned = view(page)
    assert abs(turned["scale"] / moved["scale"] - 1) < 0.05
    assert turned["page"] == 1

    fingers.move([(x - 120, y), (x - 15, y)], [(x + 120, y), (x + 15, y)])
    assert view(page)["atWhole"]
    expect(page.locator(CHOSEN)).to_have_count(0)


def test_a_tap_brings_near_and_the_next_one_chooses(open_page: Open) -> None:
    house = theatre(rows=12, seats=30)
    page = open_page("fa", size="phone")
    open_map(page, house)
    fingers, seat = Fingers(page), house.seat("F", "20")
    taken = house.seat("F", "21")
    house.sell(taken)
    # Half of a double tap chooses nothing of what the first one brought near.
    fingers.tap(spot(page, seat))
    fingers.tap(spot(page, seat))
    assert view(page)["scale"] > 16
    expect(page.locator(CHOSEN)).to_have_count(0)
    fingers.wait(1)
    fingers.tap(spot(page, seat))
    fingers.tap(spot(page, seat))
    expect(page.locator(CHOSEN)).to_have_count(1)
    expect(page.locator(".map-tip")).to_contain_text("انتخاب شما")
    # The tray is one line until it is asked for more.
    expect(page.locator(".tray-more")).to_contain_text("۱ صندلی")
    expect(page.locator(".chosen")).to_be_hidden()
    page.locator(".tray-more").tap()
    expect(page.locator(".chosen")).to_be_visible()
    page.locator(".tray-more").tap()
    check_page(page)
    expect(page.locator(".chosen")).to_be_hidden()
    page.wait_for_function(
        """([map, id]) => {
          const { house, plan } = document.querySelector(map).seatMap;
          return !house.isFree(plan.ordinals.get(id));
        }""",
        arg=[MAP, str(taken)],
    )
    fingers.wait(1)
    fingers.tap(spot(page, taken))
    expect(page.locator(".map-tip")).to_contain_text("فروخته‌شده")


def test_the_wheel_and_the_keys(page_en: Page) -> None:
    page, house = page_en, theatre()
    open_map(page, house)
    whole = view(page)
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.wheel(0, 120)
    page.wait_for_function("() => scrollY > 0")
    assert view(page)["scale"] == whole["scale"]
    page.evaluate("scrollTo(0, 0)")
    page.locator(".map-view canvas").focus()
    for key, nearer in (("+", True), ("-", False), ("+", True), ("0", False)):
        before = view(page)["scale"]
        page.keyboard.press(key)
        assert (view(page)["scale"] > before) is nearer
    # The turn of the wheel that scrolled the page goes on; a new one is the map's.
    page.evaluate(
        """() => {
          const canvas = document.querySelector(".map-view canvas");
          const turn = { deltaY: -200, bubbles: true, cancelable: true };
          canvas.dispatchEvent(new WheelEvent("wheel", { ...turn, deltaY: 200 }));
          window.kept = canvas.dispatchEvent(new WheelEvent("wheel", turn));
          window.whole = document.querySelector("[data-seatmap]").seatMap.view.atWhole;
          canvas.dispatchEvent(new WheelEvent("wheel", { ...turn, ctrlKey: true }));
        }"""
    )
    assert page.evaluate("[kept, whole]") == [True, True]
    assert not view(page)["atWhole"]
    for key in "++++":
        page.keyboard.press(key)
    before = view(page)["x"]
    page.keyboard.press("ArrowRight")
    assert view(page)["x"] > before


def pool_house() -> UUID:
    """Make an evening whose numbered seats are of no type: each is sold as what its buyer is."""
    venue = Venue.objects.create(name="Pool Room", total_capacity=100)
    event = Event.objects.create(venue=venue, title="For all", slug=f"pool-{uuid7()}")
    for name, modifier in (("Adult", "1"), ("Child", "0.5"), ("Family of four", "3")):
        TicketType.objects.create(
            event=event,
            name=name,
            price_modifier=Decimal(modifier),
            places_per_ticket=4 if "four" in name else 1,
        )
    day = datetime.date(2027, 3, 25)
    evening = EventPerformance.objects.create(
        event=event, date=day, start_time=datetime.time(20, 0)
    )
    seats = tuple(
        SeatPlan(row_number="A", seat_number=str(n + 1), ticket_type_id=None, seat_rank=n + 1)
        for n in range(8)
    )
    section = SectionPlan(
        name="Parquet",
        total_capacity=8,
        base_price=Decimal(40),
        currency="EUR",
        ticket_types=(AllocationPlan(ticket_type_id=None, allocated_capacity=8),),
        seats=seats,
    )
    open_performance(performance_id=evening.pk, plan=HousePlan((section,)))
    return evening.pk


def sold_as(performance_id: UUID) -> list[tuple[str | None, str | None, Decimal]]:
    lines = ReservationLine.objects.filter(performance=performance_id, status="reserved")
    rows = lines.values_list("seat__seat_number", "ticket_type__name", "unit_price")
    return sorted(rows, key=lambda row: str(row[0]))


def test_a_seat_of_the_pool_is_sold_as_what_its_buyer_is(open_page: Open) -> None:
    evening = pool_house()
    page = open_page("en")
    page.goto(f"/performances/{evening}/")
    page.wait_for_selector("[data-painted]")
    page.evaluate("map => [0, 1].forEach(n => document.querySelector(map).seatMap.choose(n))", MAP)
    pickers = page.locator(".chosen select")
    # A family's ticket is for four places, not for a seat.
    assert pickers.first.locator("option").all_inner_texts() == ["Adult · 40 EUR", "Child · 20 EUR"]
    expect(page.locator(".tray output")).to_have_text("80 EUR")
    pickers.nth(1).select_option(label="Child · 20 EUR")
    expect(page.locator(".tray output")).to_have_text("60 EUR")
    expect(pickers.nth(1)).to_be_focused()
    check_page(page)
    page.locator("[data-hold]").click()
    page.wait_for_selector(HELD)
    assert sold_as(evening) == [("1", "Adult", Decimal(40)), ("2", "Child", Decimal(20))]

    plain = open_page("en", javascript=False)
    plain.goto(f"/performances/{evening}/")
    plain.get_by_role("link", name="Choose from the list Parquet").click()
    plain.get_by_label("Ticket type").select_option(index=1)
    plain.locator("label.seat input").first.check()
    plain.get_by_role("button", name="Hold the chosen seats").click()
    expect(plain.locator(".lines")).to_contain_text("Child")
    assert sold_as(evening)[2] == ("3", "Child", Decimal(20))

    # So are the best seats: no type is no answer where every seat needs one.
    plain.goto(f"/performances/{evening}/")
    plain.get_by_role("button", name="Hold the best seats").click()
    expect(plain.locator(".lines")).to_contain_text("Adult")


def test_a_picker_under_the_hand_stays_when_others_buy(page_en: Page) -> None:
    evening = pool_house()
    page_en.goto(f"/performances/{evening}/")
    page_en.wait_for_selector("[data-painted]")
    page_en.evaluate("map => document.querySelector(map).seatMap.choose(0)", MAP)
    picker = page_en.locator(".chosen select")
    picker.focus()
    page_en.evaluate(
        """map => {
          const { house } = document.querySelector(map).seatMap;
          const { version, status } = house;
          house.take({ version, status, ordinals: [5], states: "s" });
        }""",
        MAP,
    )
    expect(picker).to_be_focused()


def test_seats_at_one_price(page_en: Page) -> None:
    page, house = page_en, theatre(rows=4, seats=10)
    open_map(page, house)
    looks = """map => {
      const { house } = document.querySelector(map).seatMap;
      return [house.freeIn(0), house.freeIn(1), house.looks.filter((look) => look === 4).length];
    }"""
    stalls, circle, aside = page.evaluate(looks, MAP)
    assert aside == 0
    cheaper = page.locator(".map-legend button").nth(1)
    cheaper.press("Enter")
    expect(cheaper).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(looks, MAP) == [0, circle, stalls]
    check_page(page)
    # What stands aside can be had all the same.
    tap(page, house.seat("B", "3"))
    expect(page.locator(CHOSEN)).to_have_count(1)
    cheaper.click()
    assert page.evaluate(looks, MAP) == [stalls, circle, 0]


def test_a_large_section_is_listed_in_parts(page_fa: Page) -> None:
    page, house = page_fa, theatre(rows=24, seats=40)
    open_map(page, house)
    page.locator("#tab-list").click()
    parts = page.locator("#list-section option")
    expect(parts).to_have_count(3)
    cells = page.locator("[role=gridcell]")
    assert cells.count() <= 1200
    # Down over the last row of a part: the next row, in the next part.
    cells.last.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#list-section")).to_have_value("1")
    first_row = page.locator("[role=row]").first
    expect(first_row.locator(":focus")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(CHOSEN)).to_have_count(1)
    page.keyboard.press("ArrowUp")
    check_page(page)


def test_without_a_stream_the_house_is_asked(page_en: Page) -> None:
    house = theatre()
    wanted = house.seat("B", "6")
    page_en.route("**/stream", lambda route: route.abort())
    open_map(page_en, house)
    tap(page_en, wanted)
    house.sell(wanted)
    expect(page_en.locator(".map-offer")).to_be_in_viewport()
    page_en.locator(".map-offer").get_by_role("button", name="Close").click()
    expect(page_en.locator(".map-offer")).to_be_hidden()
    check_page(page_en, expected=["ERR_FAILED"])
