// The four styles: colours, and how each draws lines, heads, shadows and things.

const shadowTint = (alpha) => [0.16, 0.12, 0.08, alpha];

const STYLES = {
  normal: {
    name: "normal", boil: 0, page: "#f3e6cf", dark: false,
    plate: tint("#fffdf8"), mouth: tint("#8e2f2f"), tongue: tint("#e08a80"), teeth: tint("#fffdf6"), faceLine: 0.085,
    backdrop: landscape,
    limbTint: (look, shade) => mixed(look.ink, look.far, shade),
    limb: (paper, points, width, colour) => paper.stroke(points, 0.5 * width, colour),
    thin: (paper, points, width, colour) => paper.stroke(points, 0.5 * width, colour),
    hand: (paper, x, y, r, colour) => paper.disc(x, y, r, r, colour),
    head(paper, x, y, r, outline, ink, around) {
      if (around) paper.stroke([...around, around[0], around[1]], 0.5 * outline, ink);
      else paper.disc(x, y, r + 0.5 * outline, r + 0.5 * outline, ink, 0, outline);
    },
    pool: (paper, x, y, rx, ry, fade) => paper.soft(x, y, rx, ry, shadowTint(0.22 * fade)),
    contact: (paper, x, y, rx, ry, s) => paper.soft(x, y, rx, ry, shadowTint(0.42 * s), true),
    prop(paper, points, piece, body, line) {
      if (body && piece.closed) paper.fill(points, body, piece.cut);
      if (line) paper.stroke(piece.closed ? [...points, points[0], points[1]] : points, 0.5 * line, tint("#3a3633"));
    },
  },

  sketch: {
    name: "sketch", boil: 8, page: "#efe9da", dark: false,
    plate: tint("#fbf8f0", 0.96), mouth: tint("#9b4a44"), tongue: tint("#d98b80"), teeth: tint("#fbf8f0"), faceLine: 0.09,
    sheet: (paper, camera) => sheet(paper, camera, tint("#f7f3e9"), [0.55, 0.47, 0.32, 0.13], 11, 1),
    backdrop: pencilland,
    limbTint: (look, shade) => mixed(look.ink, tint("#f7f3e9"), 0.34 * shade),
    limb(paper, points, width, colour, seed, shade) {
      const b = this.beat * 57 + seed * 7;
      for (let i = 0; i < (shade > 0.6 ? 1 : 2); i++) {
        const side = shade > 0.6 ? 0 : (i ? 0.2 : -0.2) * width;
        const line = shaken(points, 0.13 * width, 2.6 * width, b + i, side), n = line.length / 2;
        const half = [];
        for (let j = 0; j < n; j++) half.push((0.25 + 0.04 * wave(j * 0.7, b + i)) * width * Math.min(1, 0.66 + 0.3 * Math.min(j, n - 1 - j)));
        paper.stroke(line, half, faded(colour, 0.95), { kind: "pencil", seed: b });
      }
    },
    thin(paper, points, width, colour) { this.limb(paper, points, width, colour, 3, 1); },
    hand(paper, x, y, r, colour) {
      paper.disc(x, y, r, r, this.plate);
      paper.stroke(circle(x, y, 1.05 * r, r, 0, 14), 0.34 * r, colour, { kind: "pencil" });
    },
    head(paper, x, y, r, outline, ink, around, seed) {
      for (let i = 0; i < 3; i++) {
        const b = this.beat * 31 + seed + 5 * i, g = r * (1 + 0.02 * (i - 1));
        const ring = around ? [...around, around[0], around[1]]
          : circle(x + 0.02 * r * wave(b, 1), y + 0.02 * r * wave(b, 2), g * (1 + 0.018 * wave(b, 3)), g, hash(b) * 6, 34, 0, 6.6);
        paper.stroke(shaken(ring, 0.012 * r, 0.8 * r, b), 0.24 * outline, faded(ink, 0.92), { kind: "pencil", seed: b });
      }
    },
    pool(paper, x, y, rx, ry, fade, who) {
      const n = 9, b = this.beat + 3;
      for (let i = 0; i < n; i++) {
        const v = (i + 0.5) / n * 2 - 1, w = rx * 0.8 * Math.sqrt(1 - v * v), cy = y + v * 0.62 * ry;
        const o = 0.12 * rx * wave(i, b);
        paper.stroke([x - w + o, cy + 0.07 * w, x + w + o, cy - 0.07 * w], Math.max(0.02 * ry, 0.7), [0.23, 0.23, 0.26, 0.5 * fade], { kind: "pencil", seed: i });
      }
    },
    contact() {},
    prop(paper, points, piece, body, line, seed, size) {
      const b = this.beat * 13 + seed, lead = tint("#3a3a42", 0.92);
      if (body && piece.closed) {
        paper.fill(points, mixed(tint("#f9f6ec", 0.96), body, piece.line ? 0.12 : 0.0), piece.cut);
        hatched(paper, points, 0.045 * size + 4, faded(mixed(body, tint("#3a3a42"), 0.1), 0.75), Math.max(0.22 * line, 0.7));
      }
      if (!line) return;
      const ring = piece.closed ? [...points, points[0], points[1]] : points;
      for (let i = 0; i < 2; i++) {
        paper.stroke(shaken(ring, 0.28 * line, 30, b + i, (i - 0.5) * 0.35 * line), 0.25 * line, lead, { kind: "pencil", seed: b + i });
      }
    },
  },

  ink: {
    name: "ink", boil: 6.25, page: "#e8dcc4", dark: false,
    plate: tint("#f6eedd", 0.97), mouth: tint("#7d1f1a"), tongue: tint("#d0776a"), teeth: tint("#f6eedd"), faceLine: 0.10,
    sheet: (paper, camera) => sheet(paper, camera, tint("#f3ead8"), [0.5, 0.4, 0.24, 0.17], 4, 1.1),
    backdrop: inkland,
    limbTint: (look, shade) => mixed(look.ink, tint("#f3ead8"), 0.42 * shade),
    limb(paper, points, width, colour, seed, shade, trunk) {
      const b = this.beat * 41 + seed, line = dense(points, Math.max(width * 0.45, 3)), n = line.length / 2;
      const leg = seed % 16 === 3 || seed % 16 === 4, half = [], dry = [];
      for (let i = 0; i < n; i++) {
        const u = i / (n - 1), end = trunk ? 1 : Math.min(1, ((leg ? 1.16 : 1.06) - u) / 0.34) ** 0.55;
        const begin = Math.min(1, (u + 0.06) / 0.1) ** 0.55;
        half.push(0.59 * width * Math.min(end, begin) * (1 + 0.06 * wave(u * 6, b)) * (1 + 0.16 * Math.sin(Math.PI * u)));
        dry.push(trunk ? 0 : clamp((u - 0.6) * (leg ? 0.7 : 1.25 + 0.4 * shade), 0, 0.55));
      }
      paper.stroke(line, half, colour, { kind: "brush", seed: hash(b) * 9, dry });
    },
    thin(paper, points, width, colour) { paper.stroke(points, 0.55 * width, colour); },
    hand() {},
    head(paper, x, y, r, outline, ink, around, seed) {
      const b = this.beat * 23 + seed, start = 2.2 + 0.5 * hash(b);
      const ring = around ? [...around, around[0], around[1]] : circle(x, y, r * 1.0, r * 1.0, start, 40, 0, 6.5);
      const line = dense(ring, Math.max(r * 0.12, 2)), n = line.length / 2, half = [], dry = [];
      for (let i = 0; i < n; i++) {
        const u = i / (n - 1);
        half.push(outline * (0.52 + 0.16 * Math.sin(Math.PI * u) + 0.06 * wave(u * 5, b)) * Math.min(1, 0.5 + 6 * u, 0.4 + 4 * (1 - u)));
        dry.push(clamp((u - 0.72) * 2.0, 0, 0.6));
      }
      paper.stroke(line, half, ink, { kind: "brush", seed: hash(b) * 7, dry });
    },
    pool: (paper, x, y, rx, ry, fade) => paper.soft(x, y, rx, 0.8 * ry, [0.05, 0.05, 0.06, 0.36 * fade]),
    contact: (paper, x, y, rx, ry, s) => paper.soft(x, y, rx, ry, [0.05, 0.05, 0.06, 0.3 * s], true),
    prop(paper, points, piece, body, line, seed) {
      const b = this.beat * 13 + seed;
      if (body && piece.closed) {
        const grey = 0.3 * body[0] + 0.59 * body[1] + 0.11 * body[2], red = body[0] > 0.7 && body[1] < 0.4;
        paper.fill(points, red ? tint("#b8281f") : mixed(tint("#f3ead8"), tint("#4b463d"), 0.75 * (1 - grey) + 0.05), piece.cut);
      }
      if (!line) return;
      const ring = piece.closed ? [...points, points[0], points[1]] : points;
      const path = dense(ring, 7), n = path.length / 2, half = [], dry = [];
      for (let i = 0; i < n; i++) {
        const u = i / (n - 1);
        half.push(line * (0.55 + 0.3 * wave(u * 7, b)) * Math.min(1, 0.4 + 5 * u, 0.3 + 4 * (1 - u)));
        dry.push(clamp((u - 0.7) * 1.6, 0, 0.5));
      }
      paper.stroke(path, half, tint("#15130f", 0.92), { kind: "brush", seed: hash(b) * 5, dry });
    },
  },

  neon: {
    name: "neon", boil: 0, page: "#05060f", dark: true, lights: bodyLight,
    plate: [0.03, 0.02, 0.09, 0.9], mouth: tint("#2a0a2e"), tongue: tint("#ff5fb8"), teeth: tint("#0d0a26"), faceLine: 0.085,
    backdrop: neonland,
    limbTint: (look, shade) => mixed(look.ink, tint("#0d0a26"), 0.22 * shade),
    tube(paper, points, width, colour) {
      paper.stroke(points, 0.62 * width, faded(colour, 0.22));
      paper.stroke(points, 0.36 * width, faded(colour, 0.9));
      paper.stroke(points, 0.145 * width, mixed(colour, [1, 1, 1, 1], 0.82));
    },
    limb(paper, points, width, colour) { this.tube(paper, points, width, colour); },
    thin(paper, points, width, colour) { this.tube(paper, points, width, colour); },
    hand() {},
    head(paper, x, y, r, outline, ink, around) {
      const ring = around ? [...around, around[0], around[1]] : circle(x, y, r, r, 0, 44);
      this.tube(paper, ring, 1.38 * outline, ink);
    },
    pool(paper, x, y, rx, ry, fade, who) {
      const c = who ? who.look.ink : [0.7, 0.7, 0.9, 1];
      paper.soft(x, y, 1.15 * rx, 1.15 * ry, faded(c, 0.20 * fade));
    },
    contact() {},
    prop(paper, points, piece, body, line) {
      if (!line) return;
      const c = glowing(body || tint("#8fa3ff")), ring = piece.closed ? [...points, points[0], points[1]] : points;
      if (piece.closed) paper.fill(points, [0.03, 0.02, 0.09, 0.55], piece.cut);
      this.tube(paper, ring, 1.5 * line, c);
    },
  },
};

// The light a body of tubes throws around itself, and its mirror image on a polished floor.
function bodyLight(paper, who, camera, model) {
  const at = who.body.at, H = model.actors[who.a].height, ink = who.look.ink, w = who.line;
  for (const list of [SPINE, ...ARMS, ...LEGS]) {
    const points = [], alphas = [];
    for (const i of list) {
      const p = camera.project(at[3 * i], -at[3 * i + 1], at[3 * i + 2]);
      points.push(p[0], p[1]);
      alphas.push(Math.max(0, 1 - at[3 * i + 1] / (0.62 * H)) ** 1.5);
    }
    paper.glow(points, 1.2 * w, faded(ink, 0.5), alphas);
    paper.glow(part(who, list), 1.9 * w, faded(ink, 0.85));
  }
  const [x, y] = part(who, [HEAD]);
  paper.corona(x, y, HEAD_RADIUS * who.size, 1.9 * w, faded(ink, 0.85));
}

// A colour as bright as a tube of it would be.
function glowing(c) {
  const most = Math.max(c[0], c[1], c[2], 0.05), least = Math.min(c[0], c[1], c[2]);
  const out = [0, 1, 2].map((i) => {
    const v = (c[i] - 0.75 * least) / Math.max(most - 0.75 * least, 0.05);
    return clamp(0.12 + 0.88 * v, 0, 1);
  });
  return [...out, c[3]];
}

// Lines at 45 degrees inside an outline.
function hatched(paper, points, gap, colour, half) {
  const spots = [], n = points.length / 2;
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < n; i++) {
    const v = points[2 * i] + points[2 * i + 1];
    low = Math.min(low, v); high = Math.max(high, v);
  }
  for (let v = low + gap; v < high; v += gap * 1.4142) {
    spots.length = 0;
    for (let i = 0, j = n - 1; i < n; j = i++) {
      const a = points[2 * j] + points[2 * j + 1] - v, b = points[2 * i] + points[2 * i + 1] - v;
      if (a < 0 === b < 0) continue;
      const t = a / (a - b);
      spots.push([points[2 * j] + (points[2 * i] - points[2 * j]) * t, points[2 * j + 1] + (points[2 * i + 1] - points[2 * j + 1]) * t]);
    }
    spots.sort((p, q) => p[0] - q[0]);
    for (let i = 0; i + 1 < spots.length; i += 2) {
      paper.stroke([...spots[i], ...spots[i + 1]], half, colour, { kind: "pencil", seed: i });
    }
  }
}
