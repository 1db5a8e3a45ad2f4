// Edges as one path each for all of a kind: a thousand edges are two elements.

const RADIUS = 6;

/** An orthogonal line through the corners, rounded, with an arrow at its end. */
export function edgePath(corners: readonly number[]): string {
  const points: [number, number][] = [];
  for (let at = 0; at + 1 < corners.length; at += 2) points.push([corners[at] as number, corners[at + 1] as number]);
  const [first, ...rest] = points;
  const last = points.at(-1);
  if (!first || !last || rest.length === 0) return "";
  let path = `M${first[0]} ${first[1]}`;
  for (const [index, [x, y]] of rest.entries()) {
    const after = rest[index + 1];
    const before = points[index] as [number, number];
    if (!after) {
      path += `L${x} ${y}`;
      break;
    }
    const back = Math.hypot(before[0] - x, before[1] - y);
    const on = Math.hypot(after[0] - x, after[1] - y);
    const radius = Math.min(RADIUS, back / 2, on / 2);
    if (radius === 0) continue;
    const from = [x + ((before[0] - x) / back) * radius, y + ((before[1] - y) / back) * radius];
    const to = [x + ((after[0] - x) / on) * radius, y + ((after[1] - y) / on) * radius];
    path += `L${from[0]} ${from[1]}Q${x} ${y} ${to[0]} ${to[1]}`;
  }
  return `${path}M${last[0] - 3.5} ${last[1] - 5.5}L${last[0]} ${last[1] - 0.5}L${last[0] + 3.5} ${last[1] - 5.5}`;
}
