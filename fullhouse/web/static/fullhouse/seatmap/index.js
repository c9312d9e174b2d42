// The seat map of a performance's page: loads the seats, shows them, lets the buyer choose.
import { Drawing } from "./draw.js";
import { Grid } from "./grid.js";
import { House, MOST } from "./house.js";
import { listen, zoom } from "./input.js";
import { showLegend } from "./legend.js";
import { List } from "./list.js";
import { Live } from "./live.js";
import { Names } from "./names.js";
import { Offer } from "./offer.js";
import { readPlan } from "./plan.js";
import { listenTabs } from "./tabs.js";
import { Tray } from "./tray.js";
import { View } from "./view.js";
import { Words } from "./words.js";

// From here on a tap means a seat, below it a part of the house.
const SEATS_FROM = 7;
const FINGER_FROM = 16;
// As large as a finger and its number need it.
const NEAR = 26;
// A second tap so soon is half of a double tap.
const DOUBLE_MS = 400;

const read = (id) => JSON.parse(document.getElementById(id).textContent);

async function load(api, version) {
  const get = async (path) => {
    const answer = await fetch(`${api}/${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  };
  const [plan, states] = await Promise.all([get(`plans/${version}`), get("seats")]);
  if (plan.plan_version === states.plan_version) return [plan, states];
  return [await get(`plans/${states.plan_version}`), states];
}

class SeatMap {
  constructor(root, plan, states) {
    this.root = root;
    this.words = new Words(read("map-words"));
    this.plan = plan;
    this.house = new House(plan);
    this.house.take(states);
    this.names = new Names(this.house, this.words);
    this.canvas = root.querySelector(".map-view canvas");
    this.canvas.setAttribute("aria-label", this.words.say("map"));
    this.voice = root.querySelector("[data-say]");
    this.tip = root.querySelector(".map-tip");
    this.tapped = { time: -Infinity };
    this.view = new View(plan.bounds, () => this.redraw());
    this.grid = new Grid(plan);
    this.drawing = new Drawing(this.canvas, plan, this.grid, this.view, this.house, this.words);
    this.parts();
    this.watch();
  }

  parts() {
    const { house, names, words, root } = this;
    const choose = (seat) => this.choose(seat);
    this.list = new List(root.querySelector(".map-list"), house, names, words, choose);
    const tray = document.querySelector(".tray");
    this.live = new Live(root.dataset.api, root.dataset.stream, house, () => location.reload());
    if (tray) {
      this.tray = new Tray(tray, house, names, words, read("map-kinds"), {
        choose,
        refused: (told) => this.refused(told),
        busy: (busy) => {
          this.live.paused = busy;
        },
      });
    }
    this.offer = new Offer(root.querySelector(".map-offer"), house, names, words, {
      take: (seats) => {
        for (const seat of seats) if (!house.chosen.has(seat)) choose(seat);
        document.querySelector("[data-hold]")?.focus();
      },
      closed: () => root.querySelector("[aria-selected=true]").focus(),
    });
    showLegend(root.querySelector(".map-legend"), house, words, this.drawing.colours);
    this.live.start();
  }

  watch() {
    const { view, root, house } = this;
    listen(this.canvas, view, {
      hover: (point) => this.hover(point),
      tap: (...tap) => this.tap(...tap),
    });
    for (const button of root.querySelectorAll("[data-zoom]")) {
      const factor = { in: 1.7, out: 1 / 1.7 }[button.dataset.zoom];
      button.addEventListener("click", () => (factor ? zoom(view, factor) : view.showAll()));
    }
    house.addEventListener("change", (event) => {
      this.redraw();
      if (event.detail.lost.length) this.lost(event.detail.lost);
    });
    new ResizeObserver(() => this.resize()).observe(this.canvas.parentElement);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.restyle());
    // On paper at once: nobody waits there for the next frame.
    matchMedia("print").addEventListener("change", () => {
      this.restyle();
      this.drawing.draw();
    });
    document.fonts?.ready.then(() => this.redraw());
    listenTabs(root, (name) => {
      if (name === "tab-list") this.list.open();
      else this.resize();
    });
    this.resize();
  }

  resize() {
    const box = this.canvas.parentElement.getBoundingClientRect();
    if (!box.width || !box.height) return;
    this.drawing.resize(box.width, box.height, Math.min(2, devicePixelRatio || 1));
    this.view.resize(box.width, box.height);
  }

  restyle() {
    this.drawing.restyle();
    const legend = this.root.querySelector(".map-legend");
    showLegend(legend, this.house, this.words, this.drawing.colours);
    this.redraw();
  }

  redraw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.drawing.draw();
      // Where all of it is in sight, a finger scrolls the page instead of the map.
      this.canvas.style.touchAction = this.view.atWhole ? "pan-y" : "none";
      if (!this.root.dataset.painted) {
        this.root.dataset.painted = "yes";
        performance.mark("seatmap-painted");
      }
    });
  }

  seatAt(point, reach = 0.6) {
    const { x, y } = this.view.toHouse(point.x, point.y);
    return this.grid.at(x, y, reach);
  }

  hover(point) {
    const seat = point && this.view.scale >= SEATS_FROM ? this.seatAt(point) : -1;
    this.canvas.classList.toggle("on-seat", seat >= 0 && this.house.isFree(seat));
    this.showTip(seat);
  }

  showTip(seat) {
    this.tip.hidden = seat < 0;
    if (seat < 0) return;
    this.tip.textContent = this.names.told(seat);
    const { x, y } = this.view.toScreen(this.plan.x[seat], this.plan.y[seat]);
    const room = this.tip.offsetWidth / 2 + 6;
    this.tip.style.left = `${Math.min(this.view.width - room, Math.max(room, x))}px`;
    this.tip.style.top = `${y - this.view.scale * 0.5}px`;
    this.tip.classList.toggle("below", y < 70);
  }

  // `time` in ms, of the event.
  tap(point, finger, time) {
    const before = this.tapped;
    const near = this.view.scale >= (finger ? FINGER_FROM : SEATS_FROM);
    const seat = near ? this.seatAt(point, finger ? 0.8 : 0.6) : -1;
    this.tapped = { time, seat, near };
    // Twice on the same seat, or on what a first tap has only just brought near.
    if (time - before.time < DOUBLE_MS && (!before.near || before.seat === seat)) return;
    if (!near) this.approach(point);
    else if (seat >= 0) this.choose(seat);
    if (near) this.showTip(seat);
  }

  // To the section; where that fills the window already, to the seats around the point.
  approach(point) {
    const { view } = this;
    const { x, y } = view.toHouse(point.x, point.y);
    const seat = this.grid.at(x, y, 3);
    if (seat < 0) return;
    const { bounds } = this.plan.sections[this.plan.sectionOf[seat]];
    if (view.scaleOf(bounds) > view.scale * 1.35) view.glideToBox(bounds);
    else view.glideTo(Math.max(NEAR, view.scale * 2), x, y);
  }

  choose(seat) {
    if (!this.root.dataset.forSale) return;
    const done = this.house.toggle(seat);
    const { names, words } = this;
    const facts = { seat: names.short(seat), state: names.state(seat), n: words.number(MOST) };
    const word = { chosen: "chosen", unchosen: "unchosen", taken: "notFree", most: "most" }[done];
    this.say(this.words.say(word, { ...facts, price: this.names.price(seat) }));
    if (done === "chosen") this.offer.hide();
  }

  say(text) {
    this.voice.textContent = text;
  }

  lost(seats) {
    this.say(this.offer.show(seats));
  }

  // The house said no: what it named is taken, whatever the map knew.
  async refused(told) {
    const known = told.seats.map((id) => this.plan.ordinals.get(id));
    const seats = known.filter((seat) => seat !== undefined);
    const lost = seats.filter((seat) => this.house.chosen.delete(seat));
    if (told.code === "seat_taken") this.house.takeAway(seats);
    this.live.paused = false;
    await this.live.ask();
    if (told.code === "seat_taken" && lost.length) {
      this.tray.fail("");
      this.tray.show();
      this.lost(lost);
    } else {
      for (const seat of lost) this.house.chosen.add(seat);
      this.house.lookAgain();
      this.tray.show();
      this.say(told.message);
    }
    this.redraw();
  }
}

async function main() {
  const root = document.querySelector("[data-seatmap]");
  if (!root) return;
  root.hidden = false;
  try {
    const [told, states] = await load(root.dataset.api, root.dataset.version);
    performance.mark("seatmap-data");
    root.classList.add("ready");
    root.seatMap = new SeatMap(root, readPlan(told), states);
  } catch (error) {
    root.querySelector(".map-wait").textContent = new Words(read("map-words")).say("failed");
    throw error;
  }
}

main();
