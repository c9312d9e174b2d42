// The same seats as a grid of buttons, a part of the house at a time: for keyboards and screen
// readers. A part is a section, or so many of its rows as a page can show at once.

import { ACCESSIBLE } from "./plan.js";

const MOST_SEATS = 1200;

export class List {
  constructor(root, house, names, words, choose) {
    Object.assign(this, { house, names, words, choose, plan: house.plan });
    this.picker = root.querySelector("select");
    this.grid = root.querySelector("[data-grid]");
    this.cells = new Map();
    this.parts = this.plan.sections.flatMap((section) => this.partsOf(section));
    this.picker.append(...this.parts.map((part, index) => new Option(part.name, String(index))));
    this.picker.addEventListener("change", () => this.show(Number(this.picker.value)));
    this.grid.addEventListener("click", (event) => this.press(event));
    this.grid.addEventListener("keydown", (event) => this.key(event));
    this.grid.addEventListener("focusin", (event) => this.focused(event));
    house.addEventListener("change", (event) => this.update(event.detail.seats));
  }

  partsOf(section) {
    const { start, end } = section;
    const rows = this.plan.rows.filter((row) => row.start >= start && row.start < end);
    const parts = [];
    for (const row of rows) {
      const part = parts.at(-1);
      if (part && row.end - part.start <= MOST_SEATS) {
        part.rows.push(row);
        part.end = row.end;
      } else parts.push({ rows: [row], start: row.start, end: row.end });
    }
    const { words } = this;
    const name = words.isolated(section.name);
    const label = (row) => words.isolated(words.digits(row.label || "–"));
    return parts.map((part) => {
      const [first, last] = [part.rows[0], part.rows.at(-1)].map(label);
      const rows = words.say("rows", { first, last });
      return { ...part, name: parts.length > 1 ? words.list([name, rows]) : name };
    });
  }

  // Opens with the first part that has free seats.
  open() {
    if (this.shown !== undefined) return;
    this.show(Math.max(0, this.parts.findIndex((part) => this.freeIn(part))));
  }

  freeIn(part) {
    let free = 0;
    for (let seat = part.start; seat < part.end; seat++) free += this.house.isFree(seat) ? 1 : 0;
    return free;
  }

  counts() {
    const { words } = this;
    this.parts.forEach((part, index) => {
      const free = this.freeIn(part);
      const told = free ? words.say("free", { n: words.number(free) }) : words.say("full");
      this.picker.options[index].textContent = `${part.name} (${told})`;
    });
  }

  show(index) {
    this.shown = index;
    this.picker.value = String(index);
    this.counts();
    this.cells.clear();
    const part = this.parts[index];
    if (!part) return;
    const table = document.createElement("div");
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", part.name);
    table.setAttribute("aria-multiselectable", "true");
    table.setAttribute("aria-describedby", "list-help");
    this.rows = part.rows;
    table.append(...part.rows.map((row) => this.row(row)));
    this.grid.replaceChildren(table);
    this.cells.get(part.start).tabIndex = 0;
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
    if (this.plan.flags[seat] & ACCESSIBLE) cell.dataset.wheel = "";
    this.cells.set(seat, cell);
    this.dress(seat, cell);
    return cell;
  }

  dress(seat, cell) {
    const { house } = this;
    cell.className = ["available", "reserved", "sold", "mine", "available"][house.look(seat)];
    cell.classList.add("seat", `price-${house.priceOf(seat) + 1}`);
    cell.setAttribute("aria-label", this.names.told(seat));
    cell.setAttribute("aria-selected", String(house.chosen.has(seat)));
    cell.setAttribute("aria-disabled", String(!house.isFree(seat)));
  }

  update(seats) {
    if (this.shown === undefined) return;
    this.counts();
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
    for (const cell of this.grid.querySelectorAll('[tabindex="0"]')) cell.tabIndex = -1;
    event.target.tabIndex = 0;
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
    if (!this.cells.has(to)) {
      this.show(this.parts.findIndex((part) => to >= part.start && to < part.end));
    }
    this.cells.get(to).focus();
  }

  // Where a key leads from a seat, in the order in which the page is read; over the last row of
  // a part into the next part of the same section.
  target(seat, key, control) {
    const at = this.rows.findIndex((row) => seat >= row.start && seat < row.end);
    const row = this.rows[at];
    const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    if (key === forward) return Math.min(seat + 1, row.end - 1);
    if (key === backward) return Math.max(seat - 1, row.start);
    if (key === "Home") return control ? this.rows[0].start : row.start;
    if (key === "End") return (control ? this.rows.at(-1) : row).end - 1;
    const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -5, PageDown: 5 }[key];
    if (!step) return undefined;
    const beside = this.plan.rows[this.plan.rowOf[seat] + step];
    const other = beside?.section === row.section
      ? beside
      : this.rows[Math.max(0, Math.min(this.rows.length - 1, at + step))];
    return Math.min(other.start + (seat - row.start), other.end - 1);
  }
}
