// The ground under a section's seats.

// The smallest convex shape around a section's seats (Andrew's monotone chain), as a path.
export function hullOf(plan, section) {
  const points = [];
  for (const row of plan.rows) {
    if (row.start < section.start || row.start >= section.end) continue;
    for (const seat of [row.start, row.end - 1, (row.start + row.end) >> 1]) {
      for (const dx of [-0.5, 0.5]) {
        for (const dy of [-0.5, 0.5]) points.push([plan.x[seat] + dx, plan.y[seat] + dy]);
      }
    }
  }
  if (!points.length) return null;
  points.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const half = (ordered) => {
    const chain = [];
    for (const point of ordered) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const path = new Path2D();
  for (const [x, y] of [...half(points), ...half(points.reverse())]) path.lineTo(x, y);
  path.closePath();
  return path;
}

function turn([ax, ay], [bx, by], [cx, cy]) {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
