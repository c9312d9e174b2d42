// The same seats as a grid of buttons, a section at a time: for keyboards and screen readers.

export class List {
  constructor(root, house, names, words, choose) {
    Object.assign(this, { root, house, names, words, choose, plan: house.plan });
    this.picker = root.querySelector("select");
    this.grid = root.querySelector("[data-grid]");
    this.cells = new Map();
    for (const section of this.plan.sections) {
      this.picker.append(new Option("", String(section.index)));
    }
    this.picker.addEventListener("change", () => this.show(Number(this.picker.value)));
    this.grid.addEventListener("click", (event) => this.press(event));
    this.grid.addEventListener("keydown", (event) => this.key(event));
    this.grid.addEventListener("focusin", (event) => this.focused(event));
    this.grid.addEventListener("focusout", () => house.point(-1));
    house.addEventListener("change", (event) => this.update(event.detail.seats));
    this.counts();
  }

  open(section = 0) {
    if (this.shown === undefined) this.show(section);
  }

  counts() {
    for (const section of this.plan.sections) {
      const free = this.house.freeIn(section.index);
      const { words } = this;
      const told = free ? words.say("free", { n: words.number(free) }) : words.say("full");
      this.picker.options[section.index].textContent = `${section.name} (${told})`;
    }
  }

  show(index) {
    this.shown = index;
    this.picker.value = String(index);
    this.cells.clear();
    const section = this.plan.sections[index];
    const table = document.createElement("div");
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", section.name);
    table.setAttribute("aria-multiselectable", "true");
    table.setAttribute("aria-describedby", "list-help");
    const { start, end } = section;
    this.rows = this.plan.rows.filter((row) => row.start >= start && row.start < end);
    for (const row of this.rows) table.append(this.row(row));
    this.grid.replaceChildren(table);
    const first = this.cells.get(section.start);
    if (first) first.tabIndex = 0;
  }

  row(row) {
    const line = document.createElement("div");
    line.setAttribute("role", "row");
    const head = document.createElement("span");
    head.setAttribute("role", "rowheader");
    head.textContent = this.words.digits(row.label || "–");
    line.append(head);
    for (let seat = row.start; seat < row.end; seat++) line.append(this.cell(seat));
    return line;
  }

  cell(seat) {
    const cell = document.createElement("span");
    cell.setAttribute("role", "gridcell");
    cell.dataset.seat = seat;
    cell.tabIndex = -1;
    cell.textContent = this.words.digits(this.plan.numbers[seat]);
    this.cells.set(seat, cell);
    this.dress(seat, cell);
    return cell;
  }

  dress(seat, cell) {
    const { house } = this;
    cell.className = ["available", "reserved", "sold", "mine"][house.look(seat)];
    cell.classList.add("seat", `price-${house.priceOf(seat) + 1}`);
    cell.setAttribute("aria-label", this.names.told(seat));
    cell.setAttribute("aria-selected", String(house.chosen.has(seat)));
    cell.setAttribute("aria-disabled", String(!house.isFree(seat)));
  }

  update(seats) {
    this.counts();
    if (this.shown === undefined) return;
    for (const seat of seats ?? this.cells.keys()) {
      const cell = this.cells.get(seat);
      if (cell) this.dress(seat, cell);
    }
  }

  press(event) {
    const cell = event.target.closest("[data-seat]");
    if (cell) this.choose(Number(cell.dataset.seat));
  }

  focused(event) {
    const seat = Number(event.target.dataset.seat);
    for (const cell of this.grid.querySelectorAll('[tabindex="0"]')) cell.tabIndex = -1;
    event.target.tabIndex = 0;
    this.house.point(seat);
  }

  key(event) {
    const seat = Number(event.target.dataset.seat);
    if (Number.isNaN(seat)) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.choose(seat);
      return;
    }
    const to = this.target(seat, event.key, event.ctrlKey);
    if (to === undefined) return;
    event.preventDefault();
    this.cells.get(to)?.focus();
  }

  // Where a key leads from a seat, in the order in which the page is read.
  target(seat, key, control) {
    const at = this.rows.findIndex((row) => seat >= row.start && seat < row.end);
    const row = this.rows[at];
    const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    if (key === forward) return Math.min(seat + 1, row.end - 1);
    if (key === backward) return Math.max(seat - 1, row.start);
    if (key === "Home") return control ? this.rows[0].start : row.start;
    if (key === "End") return (control ? this.rows[this.rows.length - 1] : row).end - 1;
    const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -5, PageDown: 5 }[key];
    if (!step) return undefined;
    const other = this.rows[Math.max(0, Math.min(this.rows.length - 1, at + step))];
    return Math.min(other.start + (seat - row.start), other.end - 1);
  }
}
