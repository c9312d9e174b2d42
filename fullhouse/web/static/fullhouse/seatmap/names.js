// How a seat is called, in short and in full.
import { ACCESSIBLE, COMPANION, PREMIUM, RESTRICTED } from "./plan.js";

const FLAGS = [
  [ACCESSIBLE, "accessible"],
  [COMPANION, "companion"],
  [PREMIUM, "premium"],
  [RESTRICTED, "restricted"],
];

// A name in another direction than the sentence around it keeps to itself (Unicode FSI and PDI).
const OTHER_WAY = /[\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff]/;
const isolated = (text) => (OTHER_WAY.test(text) ? `\u2068${text}\u2069` : text);

export class Names {
  constructor(house, words) {
    Object.assign(this, { house, words, plan: house.plan });
  }

  short(seat) {
    const { plan, words } = this;
    const row = isolated(words.digits(plan.rowLabels[seat] || "–"));
    return words.say("seat", { row, seat: isolated(words.digits(plan.numbers[seat])) });
  }

  long(seat) {
    return this.words.list([this.section(seat), this.short(seat)]);
  }

  section(seat) {
    const { name } = this.plan.sections[this.plan.sectionOf[seat]];
    // In a Persian sentence it is the Latin name that goes the other way.
    return this.words.persian ? `\u2068${name}\u2069` : isolated(name);
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
