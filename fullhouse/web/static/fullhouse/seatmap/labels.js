// What is written on the map: names of sections, labels of rows, where the stage is.
import { boundsOf } from "./layout.js";

const FONT = "Vazirmatn, system-ui, sans-serif";
// Pixels from the window's edge to a label that is kept in sight there.
const EDGE = 15;
// Narrower, a section has no room for its name.
const NAMED_FROM = 34;

export class Labels {
  constructor(context, plan, view, house, words) {
    Object.assign(this, { context, plan, view, house, words });
    this.sections = plan.sections.filter((section) => section.end > section.start);
    this.rows = plan.rows.filter((row) => row.label)
      .map((row) => ({ ...row, box: boundsOf(plan, row.start, row.end) }));
    this.rightToLeft = document.dir === "rtl";
  }

  draw(colours, near) {
    this.colours = colours;
    this.context.direction = this.rightToLeft ? "rtl" : "ltr";
    this.context.textAlign = "center";
    this.context.textBaseline = "middle";
    this.drawStage();
    if (near) {
      this.drawRows();
      this.drawTitles();
    } else this.drawNames();
  }

  drawStage() {
    const { context, view, plan: { stage } } = this;
    if (!stage || !meet(stage, view.box)) return;
    const { x, y } = view.toScreen(stage.left, stage.top);
    const width = (stage.right - stage.left) * view.scale;
    const height = (stage.bottom - stage.top) * view.scale;
    context.fillStyle = this.colours.line;
    context.beginPath();
    context.roundRect(x, y, width, height, Math.min(8, height / 2));
    context.fill();
    const size = Math.min(15, height * 0.6);
    if (size < 8) return;
    this.write(600, size, this.colours.ink);
    context.fillText(this.words.say("stage"), x + width / 2, y + height / 2 + 1);
  }

  drawRows() {
    const { plan, view } = this;
    const size = Math.min(13, view.scale * 0.6);
    for (const row of this.rows) {
      if (!meet(row.box, view.box)) continue;
      this.write(500, size, this.colours.soft);
      for (const [seat, next] of [[row.start, row.start + 1], [row.end - 1, row.end - 2]]) {
        const alone = plan.x[seat] + (seat === row.start ? 1 : -1);
        const other = next >= row.start && next < row.end ? plan.x[next] : alone;
        const x = plan.x[seat] + Math.sign(plan.x[seat] - other) * 1.05;
        const at = view.toScreen(x, plan.y[seat]);
        this.context.fillText(this.words.digits(row.label), at.x, at.y);
      }
      this.keepInSight(row, size);
    }
  }

  // A row whose beginning is out of sight is called by its name at the window's edge.
  keepInSight(row, size) {
    const { context, plan, view, rightToLeft } = this;
    const edge = rightToLeft ? view.box.right : view.box.left;
    const beyond = rightToLeft ? row.box.right > edge : row.box.left < edge;
    const inside = (EDGE / view.scale) * (rightToLeft ? -1 : 1);
    if (!beyond) return;
    let nearest = row.start;
    const away = (seat) => Math.abs(plan.x[seat] - edge - inside);
    for (let seat = row.start; seat < row.end; seat++) {
      if (away(seat) < away(nearest)) nearest = seat;
    }
    const x = rightToLeft ? view.width - EDGE : EDGE;
    const { y } = view.toScreen(0, plan.y[nearest]);
    const text = this.words.digits(row.label);
    const half = Math.max(11, context.measureText(text).width / 2 + 5);
    this.plate(x, y, half, size * 0.75, 6, 0.88);
    this.write(600, size, this.colours.ink);
    context.fillText(text, x, y);
  }

  // Over each section, or at the window's edge while its head is out of sight.
  drawTitles() {
    const { context, view } = this;
    for (const section of this.sections) {
      const box = section.bounds;
      if (!meet(box, view.box)) continue;
      this.write(600, 12.5, this.colours.ink);
      const half = context.measureText(section.name).width / 2 + 9;
      const at = view.toScreen((box.left + box.right) / 2, box.top);
      const x = Math.min(view.width - half - 6, Math.max(half + 6, at.x));
      const y = Math.max(16, at.y - 13);
      this.plate(x, y, half, 12, 9);
      this.write(600, 12.5, this.colours.ink);
      context.fillText(section.name, x, y + 1);
    }
  }

  drawNames() {
    const { view } = this;
    for (const section of this.sections) {
      const box = section.bounds;
      const wide = (box.right - box.left) * view.scale;
      if (!meet(box, view.box) || wide < NAMED_FROM) continue;
      const middle = view.toScreen((box.left + box.right) / 2, (box.top + box.bottom) / 2);
      this.drawName(section, middle, wide);
    }
  }

  drawName(section, middle, wide) {
    const { context, words, colours } = this;
    this.write(600, 13, colours.ink);
    let name = section.name;
    while (name.length > 4 && context.measureText(name).width > Math.max(wide, 64) - 12) {
      name = `${name.slice(0, -2).trimEnd()}…`;
    }
    const free = this.house.freeIn(section.index);
    const none = this.house.only < 0 ? "full" : "notAtPrice";
    const told = free ? words.say("free", { n: words.number(free) }) : words.say(none);
    const nameWidth = context.measureText(name).width;
    this.write(400, 11.5, colours.soft);
    const half = Math.max(nameWidth, context.measureText(told).width) / 2 + 9;
    this.plate(middle.x, middle.y, half, 20, 10, 0.93);
    this.write(400, 11.5, colours.soft);
    context.fillText(told, middle.x, middle.y + 9);
    this.write(600, 13, colours.ink);
    context.fillText(name, middle.x, middle.y - 7);
  }

  write(weight, size, colour) {
    this.context.font = `${weight} ${size}px ${FONT}`;
    this.context.fillStyle = colour;
  }

  // What a text stands on, so that it reads on any seats.
  plate(x, y, half, high, round, alpha = 1) {
    const { context } = this;
    context.fillStyle = this.colours.paper;
    context.globalAlpha = alpha;
    context.beginPath();
    context.roundRect(x - half, y - high, half * 2, high * 2, round);
    context.fill();
    context.globalAlpha = 1;
  }
}

export function meet(one, other) {
  return one.left < other.right && one.right > other.left &&
    one.top < other.bottom && one.bottom > other.top;
}
