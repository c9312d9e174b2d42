// A seat drawn once for each look: state, price, flags. Shapes tell what colours tell, too.
import { ACCESSIBLE, COMPANION, PREMIUM, RESTRICTED } from "./plan.js";

export const AVAILABLE = 0;
export const HELD = 1;
export const SOLD = 2;
export const MINE = 3;
// Free, but not at the price that is looked for.
export const ASIDE = 4;

// A size has a sprite for each look that is seen: sizes seen long ago are drawn anew.
const SIZES = 24;

export class Sprites {
  constructor(colours) {
    this.colours = colours;
    this.sizes = new Map();
    const scratch = new OffscreenCanvas(1, 1);
    this.context = scratch.getContext("2d", { willReadFrequently: true });
  }

  // Chooses the size of what follows: whole device pixels.
  choose(size) {
    this.size = size;
    this.kept = this.sizes.get(size);
    if (this.kept) return;
    if (this.sizes.size >= SIZES) this.sizes.clear();
    this.kept = new Map();
    this.sizes.set(size, this.kept);
  }

  // Returns the pixels of a seat, row by row; `label` is written into it, "" for nothing.
  seat(state, price, flags, label) {
    const look = (state << 8) | (price << 4) | flags;
    let labels = this.kept.get(look);
    if (!labels) this.kept.set(look, labels = new Map());
    let pixels = labels.get(label);
    if (!pixels) labels.set(label, pixels = this.drawn(state, price, flags, label));
    return pixels;
  }

  drawn(state, price, flags, label) {
    const { context, size, colours } = this;
    context.canvas.width = size;
    context.canvas.height = size;
    drawSeat(context, size, state, price, flags, colours);
    if (label) {
      const high = size * (label.length > 2 ? 0.28 : 0.36);
      context.font = `600 ${high}px Vazirmatn, system-ui, sans-serif`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillStyle = state === AVAILABLE ? colours["on-price"] : colours.soft;
      context.fillText(label, size / 2, size * 0.53);
    }
    return new Uint32Array(context.getImageData(0, 0, size, size).data.buffer);
  }
}

export function drawSeat(context, size, state, price, flags, colours) {
  const unit = size / 20;
  const body = () => {
    context.beginPath();
    const round = [6 * unit, 6 * unit, 3 * unit, 3 * unit];
    context.roundRect(unit * 1.5, unit * 1.5, unit * 17, unit * 17, round);
  };
  if (state === SOLD) {
    drawSold(context, unit, colours);
  } else if (state === HELD) {
    drawHeld(context, unit, body, colours);
  } else if (state === ASIDE) {
    body();
    context.strokeStyle = colours.price[price];
    context.lineWidth = 1.4 * unit;
    context.stroke();
  } else {
    body();
    context.fillStyle = state === MINE ? colours.mine : colours.price[price];
    context.fill();
    if (state === MINE) drawMine(context, unit, body, colours);
    else drawPips(context, unit, price, colours);
  }
  if (state !== SOLD) drawFlags(context, unit, flags, state, colours);
}

function drawSold(context, unit, colours) {
  context.strokeStyle = colours.sold;
  context.lineWidth = 2 * unit;
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(6.5 * unit, 6.5 * unit);
  context.lineTo(13.5 * unit, 13.5 * unit);
  context.moveTo(13.5 * unit, 6.5 * unit);
  context.lineTo(6.5 * unit, 13.5 * unit);
  context.stroke();
}

function drawHeld(context, unit, body, colours) {
  body();
  context.save();
  context.clip();
  context.strokeStyle = colours.held;
  context.lineWidth = 1.6 * unit;
  context.beginPath();
  for (let at = -20; at < 20; at += 5) {
    context.moveTo(at * unit, 20 * unit);
    context.lineTo((at + 20) * unit, 0);
  }
  context.stroke();
  context.restore();
  context.strokeStyle = colours.held;
  context.lineWidth = 1.4 * unit;
  body();
  context.stroke();
}

function drawMine(context, unit, body, colours) {
  body();
  context.strokeStyle = colours.ink;
  context.lineWidth = 2 * unit;
  context.stroke();
  context.strokeStyle = colours["on-mine"];
  context.lineWidth = 2.6 * unit;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(6 * unit, 10.5 * unit);
  context.lineTo(9 * unit, 13.5 * unit);
  context.lineTo(14.5 * unit, 7 * unit);
  context.stroke();
}

// As many dots as the price's place in the legend: what the colour says, without colour.
function drawPips(context, unit, price, colours) {
  context.fillStyle = colours["on-price"];
  const count = price + 1;
  for (let pip = 0; pip < count; pip++) {
    const x = (10 + (pip - (count - 1) / 2) * 2.7) * unit;
    context.beginPath();
    context.arc(x, 16 * unit, 0.95 * unit, 0, 2 * Math.PI);
    context.fill();
  }
}

function drawFlags(context, unit, flags, state, colours) {
  context.fillStyle = state === HELD || state === ASIDE ? colours.soft : colours["on-price"];
  context.strokeStyle = context.fillStyle;
  context.lineWidth = 1.5 * unit;
  if (flags & ACCESSIBLE && state !== MINE) {
    // A wheel and who sits in it.
    context.beginPath();
    context.arc(9 * unit, 11 * unit, 3.6 * unit, 0, 2 * Math.PI);
    context.moveTo(9 * unit, 10.5 * unit);
    context.lineTo(9 * unit, 5.5 * unit);
    context.moveTo(9 * unit, 8 * unit);
    context.lineTo(13 * unit, 8 * unit);
    context.stroke();
  } else if (flags & COMPANION && state !== MINE) {
    context.beginPath();
    context.arc(7.7 * unit, 8 * unit, 2 * unit, 0, 2 * Math.PI);
    context.arc(12.6 * unit, 8 * unit, 2 * unit, 0, 2 * Math.PI);
    context.fill();
  }
  if (flags & PREMIUM) {
    context.beginPath();
    context.moveTo(10 * unit, 1.2 * unit);
    context.lineTo(12 * unit, 4 * unit);
    context.lineTo(8 * unit, 4 * unit);
    context.fill();
  }
  if (flags & RESTRICTED) {
    context.beginPath();
    context.moveTo(18.5 * unit, 10 * unit);
    context.lineTo(18.5 * unit, 18.5 * unit);
    context.lineTo(10 * unit, 18.5 * unit);
    context.fillStyle = colours.paper;
    context.fill();
    context.stroke();
  }
}
