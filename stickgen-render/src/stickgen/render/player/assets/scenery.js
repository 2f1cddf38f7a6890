// The land behind the bodies. Distant things lie on a panorama that closes after a full turn;
// each layer moves by its own share of the camera's travel.

// Sky from above to the horizon, two hills, ground far and near, and what stands there.
const LANDS = {
  meadow: { sky: ["#fdf6e6", "#f9efdc", "#f3e6cf"], hills: ["#dfe3c4", "#cfd8b0"],
    ground: ["#e9d9b6", "#dcc79b"], trees: 1, sun: 1, clouds: 1, tufts: 1 },
  wood: { sky: ["#eef4e2", "#e6efd6", "#dde9c8"], hills: ["#bfd3a6", "#a3c088"],
    ground: ["#c8cf98", "#b3bf7e"], tuft: "#8da062", trees: 2.4, sun: 1, clouds: 1, tufts: 1 },
  sand: { sky: ["#fdf1dc", "#fbe8c8", "#f7dcae"], hills: ["#efd3a0", "#e6c286"],
    ground: ["#f0d9a4", "#e4c480"], trees: 0, sun: 1.25, clouds: 0, tufts: 0.3 },
  shore: { sky: ["#eaf5fb", "#e3f0f6", "#f6ecd6"], hills: ["#a9d3e3", "#8fc3d9"], flat: 1,
    ground: ["#f1e0b4", "#e5cc92"], trees: 0, sun: 1, clouds: 1, tufts: 0.3 },
  snow: { sky: ["#eaf1f8", "#e6eef5", "#f2f4f6"], hills: ["#d5e0ea", "#e3ebf2"],
    ground: ["#f4f7fa", "#dfe7ee"], trees: 0.5, sun: 0.8, clouds: 1, tufts: 0.3 },
  rock: { sky: ["#eef1f6", "#eae9e6", "#eee3d2"], hills: ["#c6c5cc", "#b0adb0"], steep: 1,
    ground: ["#d8cdbb", "#c2b39b"], trees: 0.4, sun: 1, clouds: 1, tufts: 0.6 },
  town: { sky: ["#f4f1ea", "#efeae1", "#ece2d2"], hills: ["#d6d2cc", "#c5bfb9"], blocks: 1,
    ground: ["#d6d0c6", "#bfb8ad"], trees: 0.3, sun: 1, clouds: 1, tufts: 0 },
  room: { sky: ["#f6efe2", "#f4ebdb", "#efe3cd"], hills: null,
    ground: ["#d9b98c", "#c69f6d"], trees: 0, sun: 0, clouds: 0, tufts: 0 },
  night: { sky: ["#141833", "#23284d", "#3a3d68"], hills: ["#2a2f52", "#22264a"],
    ground: ["#3b3d5c", "#2b2d49"], trees: 0.5, sun: 0.7, clouds: 0, tufts: 1, stars: 1, dark: 1 },
  space: { sky: ["#0b0c1c", "#10122a", "#171a38"], hills: ["#9b9ba6", "#8c8c98"],
    ground: ["#b9b9c2", "#9898a4"], trees: 0, sun: 0.6, clouds: 0, tufts: 0, stars: 1, dark: 1 },
  water: { sky: ["#bfe6f0", "#8fcfe2", "#63b3d1"], hills: ["#5aa5c4", "#4b93b3"],
    ground: ["#d8cf9f", "#b9b184"], trees: 0, sun: 0, clouds: 0, tufts: 1 },
};
const LAND_WORDS = [
  ["wood", /forest|jungle|swamp|city_park/], ["sand", /desert|mars|arena/],
  ["shore", /beach|ocean|lake|river/], ["snow", /arctic|snow|ice_realm|rink/],
  ["rock", /mountain|volcano|lava|castle/], ["town", /city|rooftop|alley|market|protest|parade|festival/],
  ["space", /space_vacuum|moon|asteroid|alien|space_station/], ["water", /underwater/],
  ["night", /cave|dungeon|concert|party/],
  ["room", /office|gym|museum|restaurant|theater|library|hospital|factory|warehouse|classroom|subway|mall|pool|interior|court|wedding/],
];

function landOf(model) {
  const name = model.environment || "", weather = model.weather || "";
  const found = LAND_WORDS.find(([, words]) => words.test(name));
  const land = LANDS[found ? found[0] : /snow/.test(weather) ? "snow" : "meadow"];
  return /rain|storm|fog/.test(weather + name) && !land.dark
    ? { ...land, sun: 0, grey: /storm/.test(weather + name) ? 0.5 : 0.32 } : land;
}

// A period of about `wanted` pixels that divides the full turn.
function period(camera, wanted) {
  const whole = 2 * Math.PI * camera.focal;
  return whole / Math.max(1, Math.round(whole / wanted));
}

function hillLine(x, span, phase) {
  const w = 2 * Math.PI / span;
  return Math.sin(w * x + phase) + 0.4 * Math.sin(3 * w * x + 1.7 * phase);
}

// Call `place` with every x of the picture at which a thing of the panorama shows.
function repeated(camera, at, every, share, margin, place) {
  const span = period(camera, every * camera.k);
  const shift = camera.turn - share * camera.travel + 0.5 * (camera.width - framed(camera));
  let x = (at * camera.k + shift + margin) % span;
  if (x < 0) x += span;
  for (x -= margin; x < camera.width + margin; x += span) place(x);
}
const framed = (camera) => camera.frame * camera.aspect;

function hills(paper, camera, height, swing, every, phase, share, a, b, step = 12) {
  const k = camera.k, reach = camera.rolled ? camera.width : 30 * k;
  const span = period(camera, every * k), top = [], low = [];
  const shift = camera.turn - share * camera.travel + 0.5 * (camera.width - framed(camera));
  for (let x = -reach; x < camera.width + reach + step * k; x += step * k) {
    const y = height + swing * hillLine(x - shift, span, phase);
    top.push(x, camera.edge - k * Math.max(y, 4));
    low.push(x, camera.edge + 1.5);
  }
  paper.strip(top, low, a, b, true);
}

function band(paper, camera, y0, y1, a, b = a) {
  const r = camera.rolled ? camera.width : 0;
  paper.strip([-r, y0, camera.width + r, y0], [-r, y1, camera.width + r, y1], a, b);
}

// Where the sky hangs from: the ground's edge while that is in the picture.
const skyEdge = (camera) => Math.min(camera.edge, 0.8 * camera.height);

function stars(paper, camera, seed, strength) {
  const span = period(camera, 1900 * camera.k);
  for (let i = 0; i < 150; i++) {
    const y = hash(seed + i * 3 + 1) ** 1.3 * Math.max(skyEdge(camera) - 30 * camera.k, 0);
    let x = (hash(seed + i * 3) * span + camera.turn) % span;
    if (x < 0) x += span;
    const r = (0.5 + 1.0 * hash(seed + i * 3 + 2)) * camera.k, bright = hash(i + 999) > 0.72;
    for (; x < camera.width; x += span) {
      paper.disc(x, y, r, r, [0.85, 0.92, 1, (bright ? 0.7 : 0.3) * strength]);
    }
  }
}

// Marks on the ground: the same place of the world always carries the same one.
function groundMarks(camera, model, paint) {
  const spacing = 0.62 * model.tall, p = [0, 1, 2].map((i) => camera.position[i] - camera.toward[i] * camera.distance);
  const far = Math.min(camera.distance + model.reach, 22 * spacing), n = Math.ceil(far / spacing);
  const i0 = Math.round(p[0] / spacing), j0 = Math.round(p[2] / spacing);
  for (let i = i0 - n; i <= i0 + n; i++) {
    for (let j = j0 - n; j <= j0 + n; j++) {
      const seed = Math.imul(i, 73856093) ^ Math.imul(j, 19349663), kind = hash(seed);
      if (kind > 0.72) continue;
      const x = (i + 0.1 + 0.8 * hash(seed + 1)) * spacing, z = (j + 0.1 + 0.8 * hash(seed + 2)) * spacing;
      const [px, py, away] = camera.project(x, 0, z);
      if (away < 0.15 * camera.distance || py < camera.edge + 2 * camera.k) continue;
      if (px < -30 || px > camera.width + 30 || py > camera.height + 20) continue;
      const fade = smoothstep(py - camera.edge, 0, 26 * camera.k);
      paint(kind, px, py, camera.focal / away * model.tall, hash(seed + 3), hash(seed + 4), fade);
    }
  }
}

function tuft(paper, x, y, unit, size, lean, colour, half, seed) {
  const q = unit * (0.020 + 0.018 * size), tilt = (lean - 0.5) * 0.8;
  for (const [side, length] of [[-0.55, 0.8], [0, 1.15], [0.5, 0.75]]) {
    const tip = (side + tilt) * q;
    paper.stroke(curve([x + 0.28 * side * q, y], x + 0.28 * side * q, y,
      x + 0.3 * side * q, y - 0.4 * q * length, x + 0.5 * tip, y - 0.8 * q * length,
      x + tip, y - q * length, 4), half, colour, seed ? { kind: "pencil", seed } : {});
  }
}

const TREES = [
  [96, 1.0, [[-15, -44, 19], [15, -46, 18], [0, -64, 22]]],
  [470, 0.62, [[-14, -42, 17], [13, -40, 19], [2, -58, 20]]],
  [548, 0.9, [[0, -46, 21], [-10, -66, 15], [9, -72, 14]]],
  [1010, 0.74, [[-17, -38, 18], [16, -42, 20], [-2, -56, 19]]],
];

function landscape(paper, camera, model) {
  const land = landOf(model), k = camera.k, edge = camera.edge, H = camera.height;
  const wash = (text) => land.grey ? mixed(tint(text), [0.62, 0.66, 0.7, 1], land.grey) : tint(text);
  const sky = land.sky.map(wash), top = skyEdge(camera);
  const knots = [[-camera.width, 0], [top - 0.78 * camera.frame, 0], [top - 0.11 * camera.frame, 1],
    [top + 0.08 * camera.frame, 2], [edge + camera.width, 2]];
  for (let i = 0; i < 4; i++) {
    const [y0, a] = knots[i], [y1, b] = knots[i + 1], end = Math.min(y1, edge + 2);
    if (end > y0) band(paper, camera, y0, end, sky[a], mixed(sky[a], sky[b], (end - y0) / (y1 - y0)));
  }
  if (land.stars) stars(paper, camera, 50, 1);
  if (land.sun) {
    const x0 = 0.82 * framed(camera) / k, dark = land.dark;
    repeated(camera, x0, 2 * Math.PI * camera.focal / k, 0, 270 * k, (x) => {
      const y = top - 414 * k, r = 52 * k * land.sun;
      paper.soft(x, y, 5 * r, 5 * r, dark ? [0.8, 0.85, 1, 0.22] : tint("#ffdf8e", 0.55), true);
      paper.disc(x, y, r, r, dark ? tint("#e8ecf6") : tint("#f8c95f"));
    });
  }
  if (land.clouds) {
    for (const [at, up, size] of [[210, 434, 1], [620, 468, 0.7]]) {
      repeated(camera, at * camera.aspect * 0.5625, 1450, 0, 170 * k, (x) => {
        const q = k * size, y = top - up * k, white = [1, 1, 1, 1];
        for (const [dx, dy, r] of [[-46, 6, 26], [-12, -10, 36], [28, -2, 30], [58, 10, 20]]) {
          paper.disc(x + dx * q, y + dy * q, r * q, r * q, white);
        }
        paper.fill([x - 46 * q, y, x + 58 * q, y, x + 58 * q, y + 30 * q, x - 46 * q, y + 32 * q], white);
      });
    }
  }
  if (land.hills) {
    const tall = land.flat ? 0.3 : land.steep ? 1.7 : 1, [a, b] = land.hills.map(wash);
    hills(paper, camera, 94 * tall, (land.flat ? 0 : 46) * tall, 1496, 2.8, 0.10, a);
    hills(paper, camera, 46 * tall, (land.flat ? 0 : 30) * tall, 1496, 4.8, 0.20, b);
  }
  if (land.blocks) {
    for (let i = 0; i < 11; i++) {
      const w = 60 + 70 * hash(i + 70), h = 70 + 150 * hash(i + 90), c = tint(i % 2 ? "#cfc9c4" : "#c0bab8");
      repeated(camera, i * 130, 1500, 0.22, 140 * k, (x) => {
        const y = edge + 1, l = x - 0.5 * w * k, r = x + 0.5 * w * k;
        paper.fill([l, y, l, y - h * k, r, y - h * k, r, y], c);
        for (let u = 0; u < 3; u++) {
          for (let v = 0; v * 30 < h - 40; v++) {
            const p = l + (0.18 + 0.25 * u) * w * k, q = y - (h - 14 - 30 * v) * k;
            paper.fill([p, q, p + 9 * k, q, p + 9 * k, q + 14 * k, p, q + 14 * k],
              tint("#e9e2d2", 0.8), null, false);
          }
        }
      });
    }
  }
  TREES.slice(0, Math.ceil(4 * Math.min(land.trees, 1))).forEach(([at, size, crown], i) => {
    for (let copy = 0; copy < Math.max(1, Math.round(land.trees)); copy++) {
      repeated(camera, at + 330 * copy, 1330, 0.26, 60 * k, (x) => {
        const q = k * size * (land.trees > 1 ? 1.5 : 1), y = edge + 2 * k;
        paper.stroke([x, y, x, y - 50 * q], 2.5 * k, wash(land.dark ? "#1d2140" : "#b9a784"), { butt: true });
        const leaf = wash(land.dark ? "#1f2546" : land === LANDS.snow ? "#c3d3d6" : i % 2 ? "#b7c995" : "#afc38c");
        for (const [dx, dy, r] of crown) paper.disc(x + dx * q, y + dy * q, r * q, r * q, leaf);
      });
    }
  });
  const [far, close] = land.ground.map(wash), bottom = Math.max(H, edge + 0.2 * camera.frame);
  band(paper, camera, edge, bottom, far, close);
  if (camera.rolled) band(paper, camera, bottom, bottom + camera.width, close);
  paper.spin = null;
  if (!land.tufts) return;
  const half = 0.0036 * model.tall * camera.focal / camera.distance;
  const green = land.dark ? wash("#4c4f70") : land === LANDS.snow ? wash("#c6d1dc") : wash(land.tuft || "#b7b27c");
  const dash = mixed(close, [0.5, 0.42, 0.28, 1], 0.16), stone = mixed(close, [0.5, 0.42, 0.3, 1], 0.24);
  groundMarks(camera, model, (kind, x, y, unit, size, lean, fade) => {
    if (kind < 0.30) {
      if (land.tufts === 1) tuft(paper, x, y, unit, size, lean, faded(green, fade), half);
    } else if (kind < 0.52) {
      const q = unit * (0.007 + 0.009 * size);
      paper.disc(x, y, 1.5 * q, 0.55 * q, faded(stone, fade));
    } else {
      const q = unit * (0.035 + 0.06 * size);
      paper.stroke([x - q, y, x + q, y], half, faded(dash, fade));
    }
  });
}

// A sheet of paper: stained, grainy and darker toward its rim.
function sheet(paper, camera, colour, edge, seed, strength) {
  const W = camera.width, H = camera.height, k = camera.k;
  paper.strip([0, 0, W, 0], [0, H, W, H], colour);
  for (let i = 0; i < 26; i++) {
    const r = (90 + 240 * hash(seed + 5 * i)) * k, dark = hash(seed + 5 * i + 1) < 0.6;
    paper.soft(W * hash(seed + 5 * i + 2), H * hash(seed + 5 * i + 3), r, 0.7 * r,
      dark ? [0.35, 0.28, 0.16, 0.035 * strength] : [1, 1, 1, 0.10 * strength], true);
  }
  const none = faded(edge, 0), d = 0.36;
  paper.strip([0, 0, W, 0], [d * W, d * H, W - d * W, d * H], edge, none);
  paper.strip([0, H, W, H], [d * W, H - d * H, W - d * W, H - d * H], edge, none);
  paper.strip([0, 0, 0, H], [d * W, d * H, d * W, H - d * H], edge, none);
  paper.strip([W, 0, W, H], [W - d * W, d * H, W - d * W, H - d * H], edge, none);
  for (let i = 0; i < 420; i++) {
    const r = (0.4 + 0.5 * hash(seed + 7 * i)) * Math.max(k, 0.7);
    paper.disc(W * hash(seed + 7 * i + 1), H * hash(seed + 7 * i + 2), r, r,
      [0.3, 0.25, 0.18, 0.10 * strength]);
  }
}

function pencilland(paper, camera, model) {
  const k = camera.k, lead = tint("#3a3a42", 0.8), gold = tint("#d9a441", 0.95), top = skyEdge(camera);
  const pencil = (points, w, c, seed, shake = 1.2) => {
    paper.stroke(shaken(points, shake * k, 40 * k, seed), w * k, c, { kind: "pencil", seed });
  };
  repeated(camera, 0.82 * framed(camera) / k, 2 * Math.PI * camera.focal / k, 0, 120 * k, (x) => {
    const y = top - 414 * k;
    pencil(circle(x, y, 48 * k, 48 * k, 0.4, 30), 1.5, gold, 1);
    pencil(circle(x + 1 * k, y + 1 * k, 50 * k, 47 * k, 1.9, 30), 1.0, gold, 2);
    for (let i = -3; i <= 3; i++) {
      const o = i * 12 * k, h = Math.sqrt(Math.max((44 * k) ** 2 - o * o, 0)) * 0.7071;
      const mx = x + o * 0.7071, my = y + o * 0.7071;
      pencil([mx - h, my + h, mx + h, my - h], 0.8, faded(gold, 0.75), 20 + i, 0.6);
    }
    for (let i = 0; i < 12; i++) {
      const a = i * Math.PI / 6 + 0.2, c = Math.cos(a), s = Math.sin(a), e = (80 + 16 * hash(i)) * k;
      pencil([x + 62 * k * c, y + 62 * k * s, x + e * c, y + e * s], 1.3, gold, 40 + i);
    }
  });
  for (const [at, up, size] of [[210, 414, 1], [600, 462, 0.7]]) {
    repeated(camera, at, 1450, 0, 170 * k, (x) => {
      const y = top - up * k, q = k * size;
      for (const [dx, r] of [[-40, 26], [2, 42], [48, 31]]) {
        pencil(circle(x + dx * q, y, r * q, r * q, 0, 18, Math.PI, 2 * Math.PI), 1.1, lead, 60 + dx, 0.8);
      }
      pencil([x - 76 * q, y + 1, x + 88 * q, y], 1.2, lead, 70, 0.8);
      pencil([x - 70 * q, y + 4 * q, x + 20 * q, y + 3 * q], 0.9, faded(lead, 0.6), 71, 0.8);
    });
  }
  for (const [height, swing, every, phase, share, alpha] of
    [[84, 40, 1496, 2.8, 0.10, 0.38], [40, 24, 1122, 4.8, 0.20, 0.55]]) {
    const span = period(camera, every * k), line = [];
    const shift = camera.turn - share * camera.travel + 0.5 * (camera.width - framed(camera));
    for (let x = -40 * k; x < camera.width + 56 * k; x += 16 * k) {
      line.push(x, camera.edge - k * Math.max(height + swing * hillLine(x - shift, span, phase), 4));
    }
    paper.stroke(line, 0.9 * k, faded(lead, alpha), { kind: "pencil", seed: 5 });
  }
  TREES.forEach(([at, size, crown], i) => repeated(camera, at, 1330, 0.26, 60 * k, (x) => {
    const q = k * size * 1.15, y = camera.edge + 2 * k, green = tint("#6f9a5f", 0.85);
    pencil([x - 3 * q, y, x - 2 * q, y - 34 * q], 1.0, lead, 80 + i, 0.5);
    pencil([x + 3 * q, y, x + 2 * q, y - 34 * q], 1.0, lead, 84 + i, 0.5);
    for (const [dx, dy, r] of crown) {
      pencil(circle(x + dx * q, y + dy * q, r * q, r * q, i, 20), 0.9, faded(lead, 0.85), 90 + dx + i, 1.2);
      for (let n = -2; n <= 2; n++) {
        const o = n * 7 * q, h = Math.sqrt(Math.max((r * q) ** 2 - o * o, 0)) * 0.65;
        const mx = x + dx * q + o * 0.7071, my = y + dy * q + o * 0.7071;
        pencil([mx - h, my + h, mx + h, my - h], 0.8, green, 100 + n + i, 0.5);
      }
    }
  }));
  const W = camera.width, e = camera.edge;
  pencil([-20 * k, e, W + 20 * k, e + 1], 1.3, lead, 7, 2);
  pencil([0.1 * W, e + 5 * k, 0.8 * W, e + 4 * k], 0.8, faded(lead, 0.6), 8, 2);
  paper.spin = null;
  groundMarks(camera, model, (kind, x, y, unit, size, lean, fade) => {
    const c = faded(lead, 0.75 * fade);
    if (kind < 0.24) tuft(paper, x, y, 1.5 * unit, size, lean, c, 0.8 * k, 1 + Math.round(9 * kind));
    else if (kind < 0.36) {
      paper.stroke([x - 0.03 * unit, y, x + 0.05 * unit, y], 0.7 * k, faded(c, 0.7), { kind: "pencil" });
    }
  });
}

function inkland(paper, camera, model) {
  const k = camera.k, W = camera.width, top = skyEdge(camera), ink = tint("#15130f");
  repeated(camera, 0.82 * framed(camera) / k, 2 * Math.PI * camera.focal / k, 0, 120 * k, (x) => {
    const y = top - 414 * k, red = tint("#b8281f", 0.93);
    paper.disc(x, y, 57 * k, 57 * k, red);
    paper.stroke(circle(x, y, 57.5 * k, 57.5 * k, 0, 40, 0.6, 6.1), 2 * k, faded(red, 0.8), { kind: "brush", seed: 3 });
  });
  for (const [dx, dy, s] of [[700, 470, 1], [748, 494, 0.7], [780, 458, 0.5]]) {
    repeated(camera, dx, 2 * Math.PI * camera.focal / k, 0, 60 * k, (x) => {
      const y = top - (dy - 20) * k, q = 18 * k * s;
      for (const side of [-1, 1]) {
        const wing = curve([x, y], x, y, x + 0.3 * side * q, y - 0.6 * q, x + 0.7 * side * q, y - 0.5 * q, x + side * q, y - 0.05 * q);
        paper.stroke(wing, wing.filter((_, i) => i % 2).map((_, i) => (2.0 - 0.25 * i) * k * s), ink);
      }
    });
  }
  for (const [height, swing, every, phase, share, dark] of [
    [150, 62, 1180, 1.9, 0.06, 0.14], [96, 44, 900, 4.1, 0.12, 0.22], [50, 26, 640, 0.7, 0.20, 0.30]]) {
    const span = period(camera, every * k), shift = camera.turn - share * camera.travel;
    const line = [], low = [], mid = [];
    for (let x = -24 * k; x < W + 40 * k; x += 12 * k) {
      const u = x - shift, y = Math.max(height + swing * hillLine(u, span, phase)
        + 6 * Math.sin(2 * Math.PI * 11 * u / span + phase) + 3 * Math.sin(2 * Math.PI * 17 * u / span), 4);
      line.push(x, camera.edge - k * y);
      mid.push(x, camera.edge - 0.45 * k * y); low.push(x, camera.edge + 1);
    }
    const a = [0.10, 0.10, 0.11, dark * 1.15];
    paper.strip(line, mid, a, faded(a, 0.42), true);
    paper.strip(mid, low, faded(a, 0.42), faded(a, 0.05));
    paper.stroke(line, 1.6 * k, faded(a, 0.8));
  }
  const foot = camera.project(
    camera.position[0] - camera.toward[0] * camera.distance, 0,
    camera.position[2] - camera.toward[2] * camera.distance)[1];
  const y = Math.max(foot - 8 * k, camera.edge + 6 * k);
  const brush = (x0, x1, dy, half, alpha, seed, dry) => {
    const line = dense([x0 * W, y + dy * k, x1 * W, y + (dy + 5) * k], 22 * k), n = line.length / 2;
    const width = [], gaps = [];
    for (let i = 0; i < n; i++) {
      const u = i / (n - 1);
      line[2 * i + 1] += 3 * k * wave(u * 5, seed) + 2 * k * wave(u * 17, seed + 1);
      width.push(half * k * Math.min(1, 0.35 + 6 * u, 0.2 + 4 * (1 - u)) * (1 + 0.16 * wave(u * 14, seed + 2)));
      gaps.push(clamp(dry + 0.7 * (u - 0.45), 0, 0.85));
    }
    paper.stroke(line, width, faded(ink, alpha), { kind: "brush", seed, dry: gaps });
  };
  brush(0.03, 0.975, 0, 6.2, 0.95, 3, 0.12);
  brush(0.14, 0.77, 24, 3.0, 0.38, 5, 0.3);
  paper.spin = null;
  groundMarks(camera, model, (kind, x, py, unit, size, lean, fade) => {
    if (kind < 0.10 && py > y + 6 * k) tuft(paper, x, py, 1.4 * unit, size, lean, faded(ink, 0.45 * fade), 1.1 * k);
  });
  // The seal.
  const s = 44 * k, x = 0.5 * (W + framed(camera)) - 1.1 * s - 20 * k;
  const sy = 0.5 * (camera.height + camera.frame) - 1.9 * s, pale = tint("#f6eedd");
  paper.fill([x, sy, x + s, sy, x + s, sy + s, x, sy + s], tint("#b8281f", 0.95));
  const dot2 = (u, v) => [x + u * s, sy + v * s];
  paper.disc(...dot2(0.5, 0.27), 0.13 * s, 0.13 * s, pale, 0, 0.05 * s);
  for (const bone of [[0.5, 0.4, 0.5, 0.62], [0.24, 0.5, 0.5, 0.45, 0.76, 0.5], [0.28, 0.86, 0.5, 0.62, 0.72, 0.86]]) {
    const points = [];
    for (let i = 0; i < bone.length; i += 2) points.push(...dot2(bone[i], bone[i + 1]));
    paper.stroke(points, 0.03 * s, pale);
  }
}

function neonland(paper, camera, model) {
  const k = camera.k, W = camera.width, e = camera.edge, H = camera.height;
  const night = ["#05060f", "#0d0a26", "#2a0f4a"].map((c) => tint(c));
  const mid = e - 0.35 * camera.frame, high = e - 0.7 * camera.frame;
  band(paper, camera, Math.min(high, 0) - W, high, night[0]);
  band(paper, camera, high, mid, night[0], night[1]);
  band(paper, camera, mid, e + 1, night[1], night[2]);
  stars(paper, camera, 3, 1);
  repeated(camera, 0.5 * framed(camera) / k, 2 * Math.PI * camera.focal / k, 0, 640 * k, (x) => {
    const y = e - 62 * k, r = 150 * k, up = tint("#ffb36b"), down = tint("#8a2bd8"), rose = tint("#ff4fa0");
    paper.soft(x, e, 620 * k, 420 * k, [0.62, 0.14, 0.62, 0.34]);
    const slice = (a, b) => {
      const n = Math.max(2, Math.round((b - a) / (4 * k)));
      for (let i = 0; i < n; i++) {
        const p = a + (b - a) * i / n, q = a + (b - a) * (i + 1) / n;
        const w = (v) => Math.sqrt(Math.max(r * r - (v - y) ** 2, 0));
        const shade = (v) => { const t = (v - (y - r)) / (r + 62 * k); return faded(t < 0.5 ? mixed(up, rose, 2 * t) : mixed(rose, down, 2 * t - 1), 0.72); };
        paper.strip([x - w(p), p, x + w(p), p], [x - w(q), q, x + w(q), q], shade(p), shade(q));
        for (const side of [-1, 1]) paper.stroke([x + side * w(p), p, x + side * w(q), q], 0.7, faded(shade(p), 0.8), { butt: true });
      }
    };
    slice(y - r, y - 34 * k);
    for (let v = y - 31 * k, gap = 3 * k; v < e - 4 * k; v += 17 * k, gap += 0.8 * k) slice(v, Math.min(v + 17 * k - gap, e));
  });
  band(paper, camera, e, Math.max(H, e + 0.2 * camera.frame) + (camera.rolled ? W : 0), tint("#0a0720"), tint("#04040c"));
  const r = camera.rolled ? W : 0;
  paper.stroke([-r, e, W + r, e], 9 * k, tint("#ff6ae0", 0.8), { kind: "glow" });
  paper.stroke([-r, e, W + r, e], 1.1 * k, tint("#ff9cec"));
  paper.spin = null;
  // A grid on the ground that runs to the horizon.
  const spacing = 0.62 * model.tall, a0 = camera.azimuth0, u = [Math.cos(a0), 0, -Math.sin(a0)], w = [Math.sin(a0), 0, Math.cos(a0)];
  const pivot = [0, 1, 2].map((i) => camera.position[i] - camera.toward[i] * camera.distance);
  const pu = Math.round(dot(pivot, u) / spacing), pw = Math.round(dot(pivot, w) / spacing), n = 22;
  const level = unit([camera.toward[0], 0, camera.toward[2] || 1e-9]), far = camera.distance + model.reach;
  const violet = tint("#b14bff");
  const line = (a, b) => {
    // Cut to what lies before the camera and before the horizon.
    const span = (p) => -(p[0] - camera.position[0]) * level[0] - (p[2] - camera.position[2]) * level[2];
    const near = 0.25 * camera.distance;
    let da = span(a), db = span(b), t0 = 0, t1 = 1;
    for (const [edge, sign] of [[near, 1], [far, -1]]) {
      const fa = sign * (da - edge), fb = sign * (db - edge);
      if (fa < 0 && fb < 0) return;
      if (fa < 0) t0 = Math.max(t0, fa / (fa - fb));
      if (fb < 0) t1 = Math.min(t1, fa / (fa - fb));
    }
    if (t0 >= t1) return;
    const points = [], alphas = [];
    for (let i = 0; i <= 4; i++) {
      const t = t0 + (t1 - t0) * i / 4, x = a[0] + (b[0] - a[0]) * t, z = a[2] + (b[2] - a[2]) * t;
      const p = camera.project(x, 0, z);
      points.push(p[0], p[1]);
      alphas.push(0.1 + 0.7 * smoothstep(p[1] - e, 0, 120 * k));
    }
    paper.stroke(points, 0.75 * k, faded(violet, 0.62), { alphas, butt: true });
  };
  for (let i = -n; i <= n; i++) {
    const at = (s, v) => [u[0] * s * spacing + w[0] * v * spacing, 0, u[2] * s * spacing + w[2] * v * spacing];
    line(at(pu + i, pw - n), at(pu + i, pw + n));
    line(at(pu - n, pw + i), at(pu + n, pw + i));
  }
}

// Rain and snow before everything, at a moment.
function paintWeather(paper, camera, style, weather, seconds) {
  const k = camera.k, W = camera.width, H = camera.height;
  if (/rain|storm/.test(weather)) {
    const c = style.name === "neon" ? [0.5, 0.8, 1, 0.4] : [0.35, 0.45, 0.55, 0.4];
    for (let i = 0; i < 130; i++) {
      const fall = (1.5 + 0.7 * hash(i)) * H * seconds + hash(i + 300) * H * 1.3;
      const y = fall % (1.2 * H) - 0.1 * H, x = (hash(i + 600) * 1.3 * W - 0.12 * y) % (1.3 * W);
      paper.stroke([x, y, x - 3.4 * k, y + 26 * k], 0.8 * k, c);
    }
  } else if (/snow/.test(weather)) {
    for (let i = 0; i < 120; i++) {
      const r = (1.6 + 2.6 * hash(i)) * k, fall = (0.09 + 0.05 * hash(i + 50)) * H * seconds + hash(i + 300) * 1.1 * H;
      const y = fall % (1.1 * H) - 0.05 * H;
      const x = (hash(i + 600) * W + 22 * k * Math.sin(seconds * (0.6 + hash(i)) + i) + W) % W;
      paper.disc(x, y, r, r, style.name === "normal" ? [1, 1, 1, 0.95] : style.name === "neon" ? [0.8, 0.9, 1, 0.7] : [0.55, 0.55, 0.6, 0.4]);
    }
  } else if (/fog/.test(weather)) {
    for (let i = 0; i < 5; i++) {
      const x = (hash(i) * 1.6 + 0.012 * seconds * (1 + i % 3)) % 1.6 - 0.3;
      paper.soft(x * W, (0.55 + 0.1 * i) * H, 0.5 * W, 0.16 * H, style.name === "neon" ? [0.5, 0.4, 0.7, 0.16] : [1, 1, 1, 0.45], true);
    }
  }
}
