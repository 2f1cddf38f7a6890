// Lines and outlines as flat lists of numbers: x0, y0, x1, y1, ...

function hash(n) {
  let z = (n | 0) + 0x9e3779b9 | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return ((z ^ (z >>> 16)) >>> 0) / 4294967296;
}

// Smooth noise between -1 and 1 over x.
function wave(x, seed) {
  const i = Math.floor(x), t = x - i, u = t * t * (3 - 2 * t);
  const a = hash(i * 7919 + seed * 104729), b = hash((i + 1) * 7919 + seed * 104729);
  return 2 * (a + (b - a) * u) - 1;
}

function curve(out, x0, y0, x1, y1, x2, y2, x3, y3, n = 6) {
  for (let i = 1; i <= n; i++) {
    const t = i / n, s = 1 - t, a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
    out.push(a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3);
  }
  return out;
}

// The line through `points` with its inner corners rounded (as display.rounded does it).
function rounded(points, radius) {
  const kept = [points[0], points[1]];
  for (let i = 2; i < points.length; i += 2) {
    const n = kept.length;
    if (Math.abs(points[i] - kept[n - 2]) + Math.abs(points[i + 1] - kept[n - 1]) > 0.01) {
      kept.push(points[i], points[i + 1]);
    }
  }
  if (kept.length === 2) return [kept[0], kept[1], kept[0] + 0.01, kept[1]];
  const out = [kept[0], kept[1]];
  for (let i = 2; i < kept.length - 2; i += 2) {
    const bx = kept[i], by = kept[i + 1];
    const ux = kept[i - 2] - bx, uy = kept[i - 1] - by;
    const vx = kept[i + 2] - bx, vy = kept[i + 3] - by;
    const la = Math.hypot(ux, uy), lc = Math.hypot(vx, vy);
    const fold = (ux * vx + uy * vy) / (la * lc);
    const q = Math.min(radius, 0.45 * la, 0.45 * lc) * Math.min(1, (1 - fold) / 0.35);
    if (q < 0.05) { out.push(bx, by); continue; }
    const a = q / la, c = q / lc;
    out.push(bx + ux * a, by + uy * a);
    curve(out, bx + ux * a, by + uy * a, bx + ux * a * 0.34, by + uy * a * 0.34,
      bx + vx * c * 0.34, by + vy * c * 0.34, bx + vx * c, by + vy * c);
  }
  out.push(kept[kept.length - 2], kept[kept.length - 1]);
  return out;
}

// `points` without the first `start` pixels of their length, null if nothing is left.
function trimmed(points, start) {
  for (let i = 0; i + 3 < points.length; i += 2) {
    const dx = points[i + 2] - points[i], dy = points[i + 3] - points[i + 1];
    const length = Math.hypot(dx, dy);
    if (length > start) {
      const t = start / length;
      return [points[i] + dx * t, points[i + 1] + dy * t, ...points.slice(i + 2)];
    }
    start -= length;
  }
  return null;
}

// `points` at even steps of about `step` pixels.
function dense(points, step) {
  const lengths = [0];
  for (let i = 2; i < points.length; i += 2) {
    const d = Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]);
    lengths.push(lengths[lengths.length - 1] + d);
  }
  const total = lengths[lengths.length - 1];
  const n = clamp(Math.round(total / step), 2, 160), out = [];
  let j = 0;
  for (let i = 0; i <= n; i++) {
    const s = total * i / n;
    while (j < lengths.length - 2 && lengths[j + 1] < s) j++;
    const t = (s - lengths[j]) / (lengths[j + 1] - lengths[j] || 1);
    out.push(points[2 * j] + (points[2 * j + 2] - points[2 * j]) * t,
      points[2 * j + 1] + (points[2 * j + 3] - points[2 * j + 1]) * t);
  }
  return out;
}

// An even line shaken by `amount` pixels, bending about every `length` pixels.
function shaken(points, amount, length, seed, shift = 0) {
  const step = Math.max(3, length / 4), line = dense(points, step), out = [];
  for (let i = 0; i < line.length; i += 2) {
    const a = Math.max(0, i - 2), b = Math.min(line.length - 2, i + 2);
    const dx = line[b] - line[a], dy = line[b + 1] - line[a + 1], l = Math.hypot(dx, dy) || 1;
    const off = shift + amount * wave(i * step / 2 / length, seed);
    out.push(line[i] - dy / l * off, line[i + 1] + dx / l * off);
  }
  return out;
}

function circle(x, y, rx, ry = rx, rotate = 0, n = 28, from = 0, to = 2 * Math.PI) {
  const out = [], c = Math.cos(rotate), s = Math.sin(rotate);
  for (let i = 0; i <= n; i++) {
    const a = from + (to - from) * i / n, px = rx * Math.cos(a), py = ry * Math.sin(a);
    out.push(x + px * c - py * s, y + px * s + py * c);
  }
  return out;
}

// Indices of triangles that fill the closed outline `p`, by cutting off ears.
function triangles(p) {
  const n = p.length / 2, left = [], out = [];
  let area = 0;
  for (let i = 0, j = n - 1; i < n; j = i++) {
    area += p[2 * j] * p[2 * i + 1] - p[2 * i] * p[2 * j + 1];
  }
  for (let i = 0; i < n; i++) left.push(area > 0 ? i : n - 1 - i);
  const side = (a, b, c) => (p[2 * b] - p[2 * a]) * (p[2 * c + 1] - p[2 * a + 1])
    - (p[2 * b + 1] - p[2 * a + 1]) * (p[2 * c] - p[2 * a]);
  let tries = 0;
  while (left.length > 3 && tries < left.length) {
    const m = left.length;
    let cut = false;
    for (let i = 0; i < m && !cut; i++) {
      const a = left[(i + m - 1) % m], b = left[i], c = left[(i + 1) % m];
      if (side(a, b, c) <= 0) continue;
      let ear = true;
      for (const q of left) {
        if (q === a || q === b || q === c) continue;
        if (side(a, b, q) >= 0 && side(b, c, q) >= 0 && side(c, a, q) >= 0) { ear = false; break; }
      }
      if (ear) { out.push(a, b, c); left.splice(i, 1); cut = true; }
    }
    if (!cut) { out.push(left[0], left[1], left[2]); left.splice(1, 1); tries++; }
  }
  if (left.length === 3) out.push(...left);
  return out;
}

const tints = new Map();
function tint(text, alpha = 1) {
  let c = tints.get(text);
  if (!c) {
    const v = parseInt(text.slice(1), 16);
    tints.set(text, c = [(v >> 16 & 255) / 255, (v >> 8 & 255) / 255, (v & 255) / 255]);
  }
  return [c[0], c[1], c[2], alpha];
}
const faded = (c, alpha) => [c[0], c[1], c[2], c[3] * alpha];
const mixed = (a, b, t) =>
  [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t, a[3]];
