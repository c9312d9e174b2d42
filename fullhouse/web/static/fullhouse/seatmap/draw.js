// Draws the house: blocks from far, a dot a seat nearer, seats with their signs when close.
import { asPixel, readColours } from "./colours.js";
import { hullOf } from "./hull.js";
import { HELD, MINE, SOLD, Sprites } from "./sprites.js";

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
    if (view.scale >= ROW_LABELS) {
      this.drawRowLabels();
      this.drawTitles();
    } else this.drawNames();
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
    const price = this.house.mainPrice(section.index);
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
    this.drawFocus();
  }

  // Where the list's focus is, so that both show the same seat.
  drawFocus() {
    const { house, plan, context, view } = this;
    if (house.pointed < 0) return;
    const { x, y } = view.toScreen(plan.x[house.pointed], plan.y[house.pointed]);
    const half = view.scale * 0.46 + 2;
    context.strokeStyle = this.colours.ink;
    context.lineWidth = 2;
    context.beginPath();
    context.roundRect(x - half, y - half, half * 2, half * 2, half * 0.6);
    context.stroke();
  }

  drawRowLabels() {
    const { context, view, plan } = this;
    const box = view.box;
    context.font = `500 ${Math.min(13, view.scale * 0.6)}px Vazirmatn, system-ui, sans-serif`;
    context.fillStyle = this.colours.soft;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const row of plan.rows) {
      if (!row.label) continue;
      for (const [seat, next] of [[row.start, row.start + 1], [row.end - 1, row.end - 2]]) {
        const y = plan.y[seat];
        if (y < box.top - 1 || y > box.bottom + 1) continue;
        const alone = plan.x[seat] + (seat === row.start ? 1 : -1);
        const other = next >= row.start && next < row.end ? plan.x[next] : alone;
        const at = view.toScreen(plan.x[seat] + Math.sign(plan.x[seat] - other) * 1.05, y);
        context.fillText(this.words.digits(row.label), at.x, at.y);
      }
    }
  }

  // Over each section, or at the window's edge while its head is out of sight.
  drawTitles() {
    const { context, view } = this;
    context.font = "600 12.5px Vazirmatn, system-ui, sans-serif";
    for (const section of this.plan.sections) {
      const box = section.bounds;
      if (!this.hulls[section.index] || !meet(box, view.box)) continue;
      const at = view.toScreen((box.left + box.right) / 2, box.top);
      const half = context.measureText(section.name).width / 2 + 9;
      const x = Math.min(view.width - half - 6, Math.max(half + 6, at.x));
      const y = Math.max(18, at.y - view.scale * 0.55);
      context.fillStyle = this.colours.paper;
      context.beginPath();
      context.roundRect(x - half, y - 12, half * 2, 24, 9);
      context.fill();
      context.fillStyle = this.colours.ink;
      context.fillText(section.name, x, y + 1);
    }
  }

  drawNames() {
    const { context, view } = this;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const section of this.plan.sections) {
      const box = section.bounds;
      const wide = (box.right - box.left) * view.scale;
      if (!this.hulls[section.index] || !meet(box, view.box) || wide < 34) continue;
      const middle = view.toScreen((box.left + box.right) / 2, (box.top + box.bottom) / 2);
      this.drawName(section, middle, wide);
    }
  }

  drawName(section, middle, wide) {
    const { context, words } = this;
    context.font = "600 13px Vazirmatn, system-ui, sans-serif";
    let name = section.name;
    while (name.length > 4 && context.measureText(name).width > Math.max(wide, 64) - 12) {
      name = `${name.slice(0, -2).trimEnd()}…`;
    }
    const free = this.house.freeIn(section.index);
    const told = free ? words.say("free", { n: words.number(free) }) : words.say("full");
    const nameWidth = context.measureText(name).width;
    context.font = "400 11.5px Vazirmatn, system-ui, sans-serif";
    const half = Math.max(nameWidth, context.measureText(told).width) / 2 + 9;
    context.fillStyle = this.colours.paper;
    context.globalAlpha = 0.93;
    context.beginPath();
    context.roundRect(middle.x - half, middle.y - 20, half * 2, 40, 10);
    context.fill();
    context.globalAlpha = 1;
    context.fillStyle = this.colours.soft;
    context.fillText(told, middle.x, middle.y + 9);
    context.font = "600 13px Vazirmatn, system-ui, sans-serif";
    context.fillStyle = this.colours.ink;
    context.fillText(name, middle.x, middle.y - 7);
  }
}

function meet(one, other) {
  return one.left < other.right && one.right > other.left &&
    one.top < other.bottom && one.bottom > other.top;
}
