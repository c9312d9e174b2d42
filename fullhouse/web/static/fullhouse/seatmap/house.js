// What state each seat is in, what it costs, and which ones this buyer has chosen.
import { priceClasses } from "./colours.js";
import { ASIDE, AVAILABLE, HELD, MINE, SOLD } from "./sprites.js";

const LETTERS = { a: AVAILABLE, r: HELD, s: SOLD };
// What one order may have on the map; larger parties are the box office's own business.
export const MOST = 50;

export class House extends EventTarget {
  constructor(plan) {
    super();
    this.plan = plan;
    this.states = new Uint8Array(plan.count).fill(SOLD);
    this.looks = this.states.slice();
    this.offerOf = new Uint16Array(plan.count);
    this.classOf = [0];
    this.chosen = new Set();
    // The price that is looked for; -1: any.
    this.only = -1;
    this.free = new Uint32Array(plan.sections.length);
    this.version = null;
  }

  // Takes what the API told: everything, or what changed. Returns the chosen seats that were lost.
  take(told) {
    if (told.ordinals) {
      told.ordinals.forEach((seat, index) => {
        this.states[seat] = LETTERS[told.states[index]];
      });
    } else {
      for (let seat = 0; seat < this.plan.count; seat++) {
        this.states[seat] = LETTERS[told.states[seat]];
      }
      this.takeOffers(told);
    }
    this.version = told.version;
    this.status = told.status;
    this.count();
    const lost = [...this.chosen].filter((seat) => this.states[seat] !== AVAILABLE);
    for (const seat of lost) this.chosen.delete(seat);
    this.lookAgain();
    this.dispatchEvent(new CustomEvent("change", { detail: { seats: told.ordinals, lost } }));
    return lost;
  }

  takeOffers(told) {
    this.offers = told.offers;
    const prices = priceClasses(told.offers);
    this.prices = prices.classes;
    this.classOf = told.offers.map((offer) => prices.of(offer));
    let seat = 0;
    for (const [offer, length] of told.offer_runs) {
      this.offerOf.fill(offer, seat, seat + length);
      seat += length;
    }
    this.main = this.plan.sections.map((section) => this.mostCommon(section));
  }

  mostCommon(section) {
    const counts = new Uint32Array(8);
    for (let seat = section.start; seat < section.end; seat++) counts[this.priceOf(seat)] += 1;
    return counts.indexOf(Math.max(...counts));
  }

  // Seats that the house refused: somebody has them, until it tells more.
  takeAway(seats) {
    for (const seat of seats) if (this.isFree(seat)) this.states[seat] = HELD;
    this.count();
    this.lookAgain();
  }

  count() {
    this.free.fill(0);
    for (let seat = 0; seat < this.plan.count; seat++) {
      if (this.isFree(seat) && this.suits(seat)) this.free[this.plan.sectionOf[seat]] += 1;
    }
  }

  suits(seat) {
    return this.only < 0 || this.priceOf(seat) === this.only;
  }

  // Looks for one price, or for any again.
  lookFor(price) {
    this.only = price;
    this.count();
    this.lookAgain();
    this.dispatchEvent(new CustomEvent("change", { detail: { seats: [], lost: [] } }));
  }

  // What each seat looks like, in one array: it is read for every seat of every frame.
  lookAgain() {
    this.looks.set(this.states);
    if (this.only >= 0) {
      for (let seat = 0; seat < this.plan.count; seat++) {
        if (this.isFree(seat) && !this.suits(seat)) this.looks[seat] = ASIDE;
      }
    }
    for (const seat of this.chosen) this.looks[seat] = MINE;
  }

  look(seat) {
    return this.looks[seat];
  }

  isFree(seat) {
    return this.states[seat] === AVAILABLE;
  }

  offer(seat) {
    return this.offers[this.offerOf[seat]];
  }

  priceOf(seat) {
    return this.classOf[this.offerOf[seat]];
  }

  freeIn(section) {
    return this.free[section];
  }

  mainPrice(section) {
    return this.main[section];
  }

  // Returns chosen, given up, taken (not free), or full (too many).
  toggle(seat) {
    let done;
    if (this.chosen.delete(seat)) done = "unchosen";
    else if (!this.isFree(seat)) done = "taken";
    else if (this.chosen.size >= MOST) done = "most";
    else {
      this.chosen.add(seat);
      done = "chosen";
    }
    if (done === "chosen" || done === "unchosen") {
      this.lookAgain();
      this.dispatchEvent(new CustomEvent("change", { detail: { seats: [seat], lost: [] } }));
    }
    return done;
  }

  // Returns free seats in place of lost ones: of the same section and kind, each nearest first.
  nearest(lost) {
    const { plan } = this;
    const found = [];
    for (const gone of lost) {
      const section = plan.sections[plan.sectionOf[gone]];
      let best = -1;
      let least = Infinity;
      for (let seat = section.start; seat < section.end; seat++) {
        const suits = this.isFree(seat) && !this.chosen.has(seat) && !found.includes(seat) &&
          (plan.flags[seat] & 3) === (plan.flags[gone] & 3);
        const across = Math.abs(plan.x[seat] - plan.x[gone]);
        const distance = across + 1.5 * Math.abs(plan.y[seat] - plan.y[gone]);
        if (suits && distance < least) {
          least = distance;
          best = seat;
        }
      }
      if (best >= 0) found.push(best);
    }
    return found;
  }
}
