// The seats of a performance: what never changes in a version of the plan, as flat arrays.
import { place } from "./layout.js";

export const ACCESSIBLE = 1;
export const COMPANION = 2;
export const PREMIUM = 4;
export const RESTRICTED = 8;

// Returns the plan from the API's columns; seats are addressed by their ordinals from now on.
export function readPlan(told) {
  const count = told.ids.length;
  const plan = {
    version: told.plan_version,
    count,
    ids: told.ids,
    rowLabels: told.rows,
    numbers: told.numbers,
    rowRanks: told.row_ranks,
    seatRanks: told.seat_ranks,
    flags: Uint8Array.from(told.flags, (digit) => parseInt(digit, 16)),
    sectionOf: new Uint16Array(count),
    sections: [],
    rows: [],
    rowOf: new Uint32Array(count),
  };
  let start = 0;
  told.sections.forEach((section, index) => {
    const end = start + section.seats;
    plan.sections.push({ id: section.id, name: section.name, start, end, index });
    plan.sectionOf.fill(index, start, end);
    start = end;
  });
  findRows(plan);
  place(plan, told.xs, told.ys);
  plan.ordinals = new Map(told.ids.map((id, ordinal) => [id, ordinal]));
  return plan;
}

// Seats follow each other row by row within a section.
function findRows(plan) {
  let row = null;
  for (let seat = 0; seat < plan.count; seat++) {
    const section = plan.sectionOf[seat];
    const same = row && row.section === section && row.rank === plan.rowRanks[seat] &&
      row.label === plan.rowLabels[seat];
    if (!same) {
      row = { section, rank: plan.rowRanks[seat], label: plan.rowLabels[seat], start: seat };
      plan.rows.push(row);
    }
    row.end = seat + 1;
    plan.rowOf[seat] = plan.rows.length - 1;
  }
}
