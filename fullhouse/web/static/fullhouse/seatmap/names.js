// How a seat is called, in short and in full.
import { ACCESSIBLE, COMPANION, PREMIUM, RESTRICTED } from "./plan.js";

const FLAGS = [
  [ACCESSIBLE, "accessible"],
  [COMPANION, "companion"],
  [PREMIUM, "premium"],
  [RESTRICTED, "restricted"],
];

export class Names {
  constructor(house, words) {
    Object.assign(this, { house, words, plan: house.plan });
  }

  short(seat) {
    const { plan, words } = this;
    const row = words.isolated(words.digits(plan.rowLabels[seat] || "–"));
    return words.say("seat", { row, seat: words.isolated(words.digits(plan.numbers[seat])) });
  }

  long(seat) {
    return this.words.list([this.section(seat), this.short(seat)]);
  }

  section(seat) {
    return this.words.isolated(this.plan.sections[this.plan.sectionOf[seat]].name);
  }

  price(seat) {
    const offer = this.house.offer(seat);
    return this.words.money(offer.price, offer.currency);
  }

  flags(seat) {
    const found = FLAGS.filter(([bit]) => this.plan.flags[seat] & bit);
    return found.map(([, name]) => this.words.say(name));
  }

  state(seat) {
    return this.words.say(this.house.chosen.has(seat) ? "mine" : "ars"[this.house.states[seat]]);
  }

  // All that a listener needs of one seat.
  told(seat) {
    const price = this.house.isFree(seat) ? [this.price(seat)] : [];
    return this.words.list([this.short(seat), ...price, ...this.flags(seat), this.state(seat)]);
  }
}
