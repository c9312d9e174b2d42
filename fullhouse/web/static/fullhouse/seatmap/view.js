// The window on the house: scale (pixels a unit) and the point of the house in its middle.

const LARGEST = 46;
// Around the house, for the labels of its rows; and pixels above and below, for names.
const MARGIN = 1.8;
const HEAD_PIXELS = 20;
const MOVE_MS = 220;

export class View {
  constructor(bounds, changed) {
    this.bounds = {
      left: bounds.left - MARGIN, right: bounds.right + MARGIN,
      top: bounds.top - MARGIN, bottom: bounds.bottom + MARGIN,
    };
    this.changed = changed;
    this.width = 1;
    this.height = 1;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
  }

  resize(width, height) {
    const whole = this.scale <= this.smallest * 1.01 || this.width === 1;
    this.width = width;
    this.height = height;
    if (whole) this.showAll();
    else this.keepInside();
  }

  get smallest() {
    const { left, right, top, bottom } = this.bounds;
    const high = Math.max(1, this.height - 2 * HEAD_PIXELS);
    const fits = Math.min(this.width / (right - left), high / (bottom - top));
    return Math.min(LARGEST, fits);
  }

  get atWhole() {
    return this.scale <= this.smallest * 1.01;
  }

  showAll() {
    const { left, right, top, bottom } = this.bounds;
    this.set(this.smallest, (left + right) / 2, (top + bottom) / 2);
  }

  toHouse(px, py) {
    return {
      x: this.x + (px - this.width / 2) / this.scale,
      y: this.y + (py - this.height / 2) / this.scale,
    };
  }

  toScreen(x, y) {
    return {
      x: (x - this.x) * this.scale + this.width / 2,
      y: (y - this.y) * this.scale + this.height / 2,
    };
  }

  // The part of the house that is seen.
  get box() {
    const across = this.width / 2 / this.scale;
    const down = this.height / 2 / this.scale;
    const { x, y } = this;
    return { left: x - across, right: x + across, top: y - down, bottom: y + down };
  }

  set(scale, x, y) {
    this.scale = Math.min(LARGEST, Math.max(this.smallest, scale));
    this.x = x;
    this.y = y;
    this.keepInside();
  }

  // The house stays in sight: its middle where it fits, its edge at most at the window's middle.
  keepInside() {
    const { left, right, top, bottom } = this.bounds;
    this.scale = Math.max(this.smallest, Math.min(LARGEST, this.scale));
    const fitsAcross = (right - left) * this.scale <= this.width;
    const fitsDown = (bottom - top) * this.scale <= this.height;
    this.x = fitsAcross ? (left + right) / 2 : Math.min(right, Math.max(left, this.x));
    this.y = fitsDown ? (top + bottom) / 2 : Math.min(bottom, Math.max(top, this.y));
    this.changed();
  }

  pan(dx, dy) {
    this.stop();
    this.set(this.scale, this.x - dx / this.scale, this.y - dy / this.scale);
  }

  // Zooms so that what is under the point stays there.
  zoomAt(px, py, factor) {
    this.stop();
    const under = this.toHouse(px, py);
    const scale = Math.min(LARGEST, Math.max(this.smallest, this.scale * factor));
    const x = under.x - (px - this.width / 2) / scale;
    this.set(scale, x, under.y - (py - this.height / 2) / scale);
  }

  glideTo(scale, x, y) {
    this.stop();
    if (this.calm.matches) {
      this.set(scale, x, y);
      return;
    }
    const from = { scale: this.scale, x: this.x, y: this.y };
    const began = performance.now();
    const step = (now) => {
      const part = Math.min(1, (now - began) / MOVE_MS);
      const eased = 1 - (1 - part) ** 3;
      this.set(
        from.scale * (scale / from.scale) ** eased,
        from.x + (x - from.x) * eased,
        from.y + (y - from.y) * eased,
      );
      this.moving = part < 1 ? requestAnimationFrame(step) : null;
    };
    this.moving = requestAnimationFrame(step);
  }

  // At which a part of the house fills the window.
  scaleOf(box) {
    const across = this.width / (box.right - box.left + 4);
    return Math.min(across, this.height / (box.bottom - box.top + 4), 30);
  }

  glideToBox(box) {
    this.glideTo(this.scaleOf(box), (box.left + box.right) / 2, (box.top + box.bottom) / 2);
  }

  stop() {
    if (this.moving) cancelAnimationFrame(this.moving);
    this.moving = null;
  }
}
