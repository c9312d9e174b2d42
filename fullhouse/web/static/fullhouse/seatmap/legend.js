// What colours and signs mean, drawn with the very same seats.
import { ACCESSIBLE, COMPANION, PREMIUM, RESTRICTED } from "./plan.js";
import { AVAILABLE, HELD, MINE, SOLD, drawSeat } from "./sprites.js";

const SIDE = 20;
const FLAGS = [
  [ACCESSIBLE, "accessible"],
  [COMPANION, "companion"],
  [PREMIUM, "premium"],
  [RESTRICTED, "restricted"],
];

export function showLegend(root, house, words, colours) {
  const entry = (state, price, flags, text) => {
    const item = document.createElement("li");
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE * 2;
    canvas.className = "sign";
    canvas.setAttribute("aria-hidden", "true");
    drawSeat(canvas.getContext("2d"), SIDE * 2, state, price, flags, colours);
    item.append(canvas, text);
    return item;
  };
  const prices = house.prices.map((each, index) => {
    const price = words.money(each.price, each.currency);
    return entry(AVAILABLE, index, 0, each.several ? words.say("price", { price }) : price);
  });
  const states = [
    entry(MINE, 0, 0, words.say("mine")),
    entry(HELD, 0, 0, words.say("r")),
    entry(SOLD, 0, 0, words.say("s")),
  ];
  const all = house.plan.flags.reduce((sum, flags) => sum | flags, 0);
  const flags = FLAGS.filter(([bit]) => all & bit)
    .map(([bit, name]) => entry(AVAILABLE, 0, bit, words.say(name)));
  root.replaceChildren(...prices, ...states, ...flags);
}
