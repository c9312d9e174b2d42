// Where each seat is, in units of the distance between neighbours. A plan's own drawing is used
// where it has one; otherwise sections are set out side by side, row under row.

const GAP = 2;
const STAGE_GAP = 2;
const HEAD = 1.8;
const WIDEST_ROW = 80;
// Ranks may jump over aisles, and over numbers that no seat has.
const WIDEST_AISLE = 3;

export function place(plan, xs, ys) {
  plan.x = new Float32Array(plan.count);
  plan.y = new Float32Array(plan.count);
  const own = drawn(plan, xs, ys);
  if (!own) setOut(plan);
  plan.bounds = boundsOf(plan, 0, plan.count);
  for (const section of plan.sections) section.bounds = boundsOf(plan, section.start, section.end);
  plan.stage = own ? stageOf(plan) : null;
  if (plan.stage) {
    plan.bounds.top = Math.min(plan.bounds.top, plan.stage.top);
    plan.bounds.bottom = Math.max(plan.bounds.bottom, plan.stage.bottom);
  }
}

// Where every section's rows begin: over the house or under it. Null where they do not agree.
function stageOf(plan) {
  const ends = new Map();
  for (const row of plan.rows) {
    const first = ends.get(row.section)?.first ?? row;
    ends.set(row.section, { first, last: row });
  }
  const middle = ({ start, end }) => plan.y[(start + end) >> 1];
  const ways = [...ends.values()].map(({ first, last }) => Math.sign(middle(last) - middle(first)));
  const [way] = ways.filter(Boolean);
  if (!way || ways.includes(-way)) return null;
  const { left, right, top, bottom } = plan.bounds;
  const half = Math.max(3, (right - left) * 0.2);
  const high = Math.max(1.6, half * 0.16);
  const centre = (left + right) / 2;
  const start = way > 0 ? top - STAGE_GAP - high : bottom + STAGE_GAP;
  return { left: centre - half, right: centre + half, top: start, bottom: start + high };
}

export function boundsOf(plan, start, end) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let seat = start; seat < end; seat++) {
    box.left = Math.min(box.left, plan.x[seat] - 0.5);
    box.right = Math.max(box.right, plan.x[seat] + 0.5);
    box.top = Math.min(box.top, plan.y[seat] - 0.5);
    box.bottom = Math.max(box.bottom, plan.y[seat] + 0.5);
  }
  return box;
}

// Takes the plan's own coordinates. False where some are missing, or seats lie on each other.
function drawn(plan, xs, ys) {
  const steps = [];
  for (let seat = 0; seat < plan.count; seat++) {
    if (xs[seat] === null || ys[seat] === null) return false;
    if (seat && plan.rowOf[seat] === plan.rowOf[seat - 1]) {
      steps.push(Math.hypot(xs[seat] - xs[seat - 1], ys[seat] - ys[seat - 1]));
    }
  }
  steps.sort((one, other) => one - other);
  const pitch = steps[steps.length >> 1] || 1;
  const seen = new Set();
  for (let seat = 0; seat < plan.count; seat++) {
    plan.x[seat] = xs[seat] / pitch;
    plan.y[seat] = ys[seat] / pitch;
    seen.add(Math.round(plan.x[seat] * 2) * 100003 + Math.round(plan.y[seat] * 2));
  }
  return seen.size > plan.count * 0.98;
}

function setOut(plan) {
  const blocks = plan.sections.filter((each) => each.end > each.start)
    .map((section) => setOutSection(plan, section));
  const room = (each) => (each.width + GAP) * (each.height + HEAD + GAP);
  const area = blocks.reduce((sum, each) => sum + room(each), 0);
  const widest = Math.max(Math.sqrt(area * 1.7), ...blocks.map((each) => each.width));
  let top = 0;
  let shelf = [];
  let used = 0;
  const close = () => {
    let left = (widest - used + GAP) / 2;
    for (const block of shelf) {
      shift(plan, block.section, left + block.width / 2, top + HEAD);
      left += block.width + GAP;
    }
    top += Math.max(0, ...shelf.map((each) => each.height)) + HEAD + GAP;
    shelf = [];
    used = 0;
  };
  for (const block of blocks) {
    if (shelf.length && used + block.width > widest) close();
    shelf.push(block);
    used += block.width + GAP;
  }
  close();
}

// Rows under each other around x = 0, the first at y = 0.
function setOutSection(plan, section) {
  let line = -1;
  let width = 0;
  for (const row of plan.rows) {
    if (row.start < section.start || row.start >= section.end) continue;
    for (let start = row.start; start < row.end;) {
      let x = 0;
      let seat = start;
      line += 1;
      for (; seat < row.end && x < WIDEST_ROW; seat++) {
        if (seat > start) {
          const step = plan.seatRanks[seat] - plan.seatRanks[seat - 1];
          x += Math.min(Math.max(step, 1), WIDEST_AISLE);
        }
        plan.x[seat] = x;
        plan.y[seat] = line * 1.15;
      }
      for (let each = start; each < seat; each++) plan.x[each] -= x / 2;
      width = Math.max(width, x + 1);
      start = seat;
    }
  }
  return { section, width, height: (line + 1) * 1.15 };
}

function shift(plan, section, x, y) {
  for (let seat = section.start; seat < section.end; seat++) {
    plan.x[seat] += x;
    plan.y[seat] += y;
  }
}
