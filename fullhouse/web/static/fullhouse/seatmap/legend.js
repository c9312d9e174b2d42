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

// A price of several is a switch: the seats at other prices step aside.
function listenPrice(button, house, price, title) {
  const show = () => button.setAttribute("aria-pressed", String(house.only === price));
  Object.assign(button, { type: "button", title });
  button.addEventListener("click", () => house.lookFor(house.only === price ? -1 : price));
  house.addEventListener("change", show);
  show();
}

export function showLegend(root, house, words, colours) {
  const entry = (state, price, flags, text, holder = "span") => {
    const item = document.createElement("li");
    const label = document.createElement(holder);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE * 2;
    canvas.className = "sign";
    canvas.setAttribute("aria-hidden", "true");
    drawSeat(canvas.getContext("2d"), SIDE * 2, state, price, flags, colours);
    label.append(canvas, text);
    item.append(label);
    return item;
  };
  const prices = house.prices.map((each, index) => {
    const price = words.money(each.price, each.currency);
    const text = each.several ? words.say("price", { price }) : price;
    const many = house.prices.length > 1;
    const item = entry(AVAILABLE, index, 0, text, many ? "button" : "span");
    if (many) listenPrice(item.firstChild, house, index, words.say("only"));
    return item;
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
