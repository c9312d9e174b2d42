// Which seats are where: square cells over the house, each with the seats whose centre is in it.

const CELL = 4;

export class Grid {
  constructor(plan) {
    const { left, top, right, bottom } = plan.bounds;
    this.plan = plan;
    this.left = left;
    this.top = top;
    this.columns = Math.max(1, Math.ceil((right - left) / CELL));
    this.lines = Math.max(1, Math.ceil((bottom - top) / CELL));
    this.starts = new Uint32Array(this.columns * this.lines + 1);
    this.seats = new Uint32Array(plan.count);
    for (let seat = 0; seat < plan.count; seat++) this.starts[this.cellOf(seat) + 1] += 1;
    for (let cell = 1; cell < this.starts.length; cell++) {
      this.starts[cell] += this.starts[cell - 1];
    }
    const next = this.starts.slice();
    for (let seat = 0; seat < plan.count; seat++) this.seats[next[this.cellOf(seat)]++] = seat;
  }

  cellOf(seat) {
    return this.line(this.plan.y[seat]) * this.columns + this.column(this.plan.x[seat]);
  }

  column(x) {
    return Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.left) / CELL)));
  }

  line(y) {
    return Math.min(this.lines - 1, Math.max(0, Math.floor((y - this.top) / CELL)));
  }

  // Calls `visit` with every seat of the cells that the box touches.
  within(box, visit) {
    const first = this.column(box.left - 1);
    const last = this.column(box.right + 1);
    const end = this.line(box.bottom + 1);
    for (let line = this.line(box.top - 1); line <= end; line++) {
      const from = this.starts[line * this.columns + first];
      const to = this.starts[line * this.columns + last + 1];
      for (let place = from; place < to; place++) visit(this.seats[place]);
    }
  }

  // Returns the seat nearest to a point, at most `reach` away; -1 where there is none.
  at(x, y, reach) {
    let found = -1;
    let best = reach * reach;
    const box = { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach };
    this.within(box, (seat) => {
      const distance = (this.plan.x[seat] - x) ** 2 + (this.plan.y[seat] - y) ** 2;
      if (distance <= best) {
        best = distance;
        found = seat;
      }
    });
    return found;
  }
}
