// Draws the house: blocks from far, a dot a seat nearer, seats with their signs when close.
import { asPixel, readColours } from "./colours.js";
import { hullOf } from "./hull.js";
import { Labels, meet } from "./labels.js";
import { ASIDE, HELD, MINE, SOLD, Sprites } from "./sprites.js";

// Pixels between two neighbours, from which on seats are dots, signs, and numbered.
const DOTS = 2;
const SIGNS = 8;
const NUMBERS = 22;
const ROW_LABELS = 11;

export class Drawing {
  constructor(canvas, plan, grid, view, house, words) {
    Object.assign(this, { canvas, plan, grid, view, house, words });
    this.context = canvas.getContext("2d");
    this.layer = new OffscreenCanvas(1, 1);
    this.hulls = plan.sections.map((section) => hullOf(plan, section));
    this.labels = new Labels(this.context, plan, view, house, words);
    this.restyle();
  }

  restyle() {
    this.colours = readColours(this.canvas);
    this.sprites = new Sprites(this.colours);
    this.pixels = {
      price: this.colours.price.map(asPixel),
      [HELD]: asPixel(this.colours.held),
      [SOLD]: asPixel(this.colours.line),
      [MINE]: asPixel(this.colours.mine),
      [ASIDE]: asPixel(this.colours.line),
    };
  }

  resize(width, height, ratio) {
    this.ratio = ratio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.layer.width = this.canvas.width;
    this.layer.height = this.canvas.height;
    this.layerContext = this.layer.getContext("2d");
    this.image = this.layerContext.createImageData(this.layer.width, this.layer.height);
    this.words32 = new Uint32Array(this.image.data.buffer);
  }

  draw() {
    const { context, view, ratio } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.drawHulls();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (view.scale >= SIGNS) this.drawSigns();
    else if (view.scale >= DOTS) this.drawDots();
    this.labels.draw(this.colours, view.scale >= ROW_LABELS);
  }

  drawHulls() {
    const { context, view, ratio } = this;
    const scale = view.scale * ratio;
    context.setTransform(
      scale, 0, 0, scale,
      (view.width / 2 - view.x * view.scale) * ratio,
      (view.height / 2 - view.y * view.scale) * ratio,
    );
    context.lineJoin = "round";
    this.plan.sections.forEach((section, index) => {
      if (!this.hulls[index] || !meet(section.bounds, view.box)) return;
      const far = view.scale < DOTS;
      const colour = far ? this.blockColour(section) : this.colours.ground;
      context.fillStyle = colour;
      context.strokeStyle = colour;
      context.lineWidth = far ? 1.2 : 1.8;
      context.fill(this.hulls[index]);
      context.stroke(this.hulls[index]);
    });
  }

  blockColour(section) {
    const free = this.house.freeIn(section.index);
    if (!free) return this.colours.line;
    const { only } = this.house;
    const price = only < 0 ? this.house.mainPrice(section.index) : only;
    const share = Math.round(35 + (65 * free) / (section.end - section.start));
    return `color-mix(in srgb, ${this.colours.price[price]} ${share}%, ${this.colours.ground})`;
  }

  drawDots() {
    const { view, ratio, plan, house, words32, layer } = this;
    const scale = view.scale * ratio;
    const side = Math.max(1, Math.round(scale * 0.72));
    const left = (view.width / 2 - view.x * view.scale) * ratio - side / 2;
    const top = (view.height / 2 - view.y * view.scale) * ratio - side / 2;
    const { width, height } = layer;
    words32.fill(0);
    const { x: xs, y: ys } = plan;
    const { looks, offerOf, classOf } = house;
    const { price, ...others } = this.pixels;
    this.grid.within(view.box, (seat) => {
      const x = Math.round(xs[seat] * scale + left);
      const y = Math.round(ys[seat] * scale + top);
      const startX = Math.max(0, x);
      const endX = Math.min(width, x + side);
      if (startX >= endX) return;
      const endY = Math.min(height, y + side);
      const pixel = looks[seat] ? others[looks[seat]] : price[classOf[offerOf[seat]]];
      for (let line = Math.max(0, y); line < endY; line++) {
        const end = line * width + endX;
        for (let at = line * width + startX; at < end; at++) words32[at] = pixel;
      }
    });
    this.layerContext.putImageData(this.image, 0, 0);
    this.context.drawImage(layer, 0, 0, view.width, view.height);
  }

  // Pixels are copied by hand: for thousands of seats that is many times faster than drawImage.
  drawSigns() {
    const { view, ratio, plan, house, sprites, words32, layer } = this;
    const scale = view.scale * ratio;
    const size = Math.max(1, Math.round(scale * 0.92));
    const left = (view.width / 2 - view.x * view.scale) * ratio - size / 2;
    const top = (view.height / 2 - view.y * view.scale) * ratio - size / 2;
    const { width, height } = layer;
    const numbered = view.scale >= NUMBERS;
    sprites.choose(size);
    words32.fill(0);
    this.grid.within(view.box, (seat) => {
      const x = Math.round(plan.x[seat] * scale + left);
      const y = Math.round(plan.y[seat] * scale + top);
      const from = Math.max(0, -x);
      const to = Math.min(size, width - x);
      if (from >= to) return;
      const state = house.look(seat);
      const plain = !numbered || state === MINE || state === SOLD || plan.flags[seat] & 3;
      const label = plain ? "" : this.words.digits(plan.numbers[seat]);
      const pixels = sprites.seat(state, house.priceOf(seat), plan.flags[seat], label);
      const last = Math.min(size, height - y);
      for (let line = Math.max(0, -y); line < last; line++) {
        const at = (y + line) * width + x;
        for (let dot = from; dot < to; dot++) words32[at + dot] = pixels[line * size + dot];
      }
    });
    this.layerContext.putImageData(this.image, 0, 0);
    this.context.drawImage(layer, 0, 0, view.width, view.height);
  }
}
