// Colours come from the style sheet, so that light, dark and print are decided in one place.

export const CLASSES = 6;

const NAMES = [
  "ink", "soft", "line", "paper", "ground", "mine", "on-mine", "held", "sold", "on-price",
];

export function readColours(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--map-${name}`).trim();
  const colours = Object.fromEntries(NAMES.map((name) => [name, read(name)]));
  colours.price = Array.from({ length: CLASSES }, (_, index) => read(`price-${index + 1}`));
  return colours;
}

// Returns a colour as the bytes of ImageData, in this machine's order.
export function asPixel(colour) {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0];
}

// Groups offers by what a ticket costs: the dearest first, at most CLASSES groups.
export function priceClasses(offers) {
  const known = new Map();
  for (const offer of offers) {
    const key = `${offer.currency} ${Number(offer.price)}`;
    if (!known.has(key)) known.set(key, { price: Number(offer.price), currency: offer.currency });
  }
  const prices = [...known.values()].sort(
    (one, other) => one.currency.localeCompare(other.currency) || other.price - one.price,
  );
  const size = Math.max(1, Math.ceil(prices.length / CLASSES));
  const classes = [];
  for (let start = 0; start < prices.length; start += size) {
    const group = prices.slice(start, start + size);
    const lowest = group.reduce((one, other) => (other.price < one.price ? other : one));
    classes.push({ ...lowest, several: group.length > 1, members: group });
  }
  const indexOf = new Map();
  classes.forEach((each, index) => {
    for (const one of each.members) indexOf.set(`${one.currency} ${one.price}`, index);
  });
  return { classes, of: (offer) => indexOf.get(`${offer.currency} ${Number(offer.price)}`) };
}
