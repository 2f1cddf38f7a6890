// The land behind the bodies. Distant things lie on a panorama that closes after a full turn;
// each layer moves by its own share of the camera's travel.

// A period of about `wanted` pixels that divides the full turn.
function period(camera, wanted) {
  const whole = 2 * Math.PI * camera.focal;
  return whole / Math.max(1, Math.round(whole / wanted));
}

function hillLine(x, span, phase) {
  const w = 2 * Math.PI / span;
  return Math.sin(w * x + phase) + 0.4 * Math.sin(3 * w * x + 1.7 * phase);
}

// Where panorama pixel `at` of a layer with that share of the travel is seen.
const framed = (camera) => camera.frame * camera.aspect;
function seenAt(camera, at, share) {
  const left = 0.5 * (camera.width - framed(camera));
  return camera.cx + camera.zoomed * (left + at * camera.k - camera.cx) - share * camera.travel + camera.turn;
}

// Call `place` with every x of the picture at which a thing of the panorama shows.
function repeated(camera, at, every, share, margin, place) {
  const span = period(camera, every * camera.k * camera.zoomed), beyond = margin + (camera.rolled ? camera.width : 0);
  let x = (seenAt(camera, at, share) + beyond) % span;
  if (x < 0) x += span;
  for (x -= beyond; x < camera.width + beyond; x += span) place(x);
}

// The upper edge of a layer across the picture: x and height over the horizon, in pixels.
function ridgeLine(camera, layer) {
  const q = camera.k * camera.zoomed, out = [], line = layer.line, beyond = (camera.rolled ? camera.width : 0) + 20 * q;
  const span = period(camera, layer.span * q), stretch = span / layer.span;
  let x0 = seenAt(camera, 0, layer.down ? 0 : layer.share);
  x0 -= Math.ceil((x0 + beyond) / span) * span;
  for (; x0 < camera.width + beyond; x0 += span) {
    for (let i = 0; i < line.length; i += 2) {
      const x = x0 + line[i] * stretch;
      if (x > -beyond - 40 * q && x < camera.width + beyond + 40 * q) out.push(x, line[i + 1] * q);
    }
  }
  if (out.length < 4) {
    const y = line[1] * q;
    return [-beyond, y, camera.width + beyond, y];
  }
  if (layer.form === "flat") return [-beyond, line[1] * q, camera.width + beyond, line[1] * q];
  return out;
}

// Chains of hills, roofs or tree tops, as `paint(top, low, tint, layer, number)` draws them.
function layers(camera, place, down, paint) {
  place.layers.filter((layer) => layer.down === down).forEach((layer, i) => {
    const line = ridgeLine(camera, layer), top = [], low = [];
    for (let j = 0; j < line.length; j += 2) {
      top.push(line[j], down ? line[j + 1] : camera.edge - line[j + 1]);
      low.push(line[j], down ? -camera.height : camera.edge + 1.5);
    }
    paint(top, low, tint(layer.tint), layer, i);
  });
}

// Landmarks, as `paint(points, part, tint, seed, cut)` draws their parts.
function landmarks(camera, place, hanging, paint) {
  const q = camera.k * camera.zoomed, sky = place.indoor ? 0 : Math.max(skyEdge(camera) - 547 * q, 0);
  place.pieces.forEach((piece, n) => {
    if (piece.hanging !== hanging) return;
    const size = piece.size * q, y = hanging ? sky + q * piece.up : camera.edge - q * piece.up;
    repeated(camera, piece.at, place.period, hanging ? 0 : piece.share, piece.half * q, (x) => {
      place.shapes[piece.kind].forEach((part, i) => {
        const points = [];
        for (let j = 0; j < part.points.length; j += 2) {
          points.push(x + size * part.points[j], y - size * part.points[j + 1]);
        }
        if (part.filled && !part.cut) part.cut = triangles(part.points.map((v, j) => j % 2 ? -v : v));
        paint(points, part, tint(piece.tints[i]), 400 + 29 * n + i, part.cut);
      });
    });
  });
}

// The joints of tiles and boards, the lines of roads and courts: a grid that belongs to the world.
function floorLines(camera, model, step, deep, wide, paint) {
  const a0 = camera.azimuth0, u = [Math.cos(a0), 0, -Math.sin(a0)], w = [Math.sin(a0), 0, Math.cos(a0)];
  const pivot = [0, 1, 2].map((i) => camera.position[i] - camera.toward[i] * camera.distance);
  const pu = Math.round(dot(pivot, u) / step), pw = Math.round(dot(pivot, w) / step);
  const far = camera.distance + model.reach, n = Math.min(Math.ceil(1.5 * far / step), 40);
  const level = unit([camera.toward[0], 0, camera.toward[2] || 1e-9]), near = 0.25 * camera.distance;
  const span = (p) => -(p[0] - camera.position[0]) * level[0] - (p[2] - camera.position[2]) * level[2];
  const line = (a, b) => {
    // Cut to what lies before the camera and before the horizon.
    const da = span(a), db = span(b);
    let t0 = 0, t1 = 1;
    for (const [edge, sign] of [[near, 1], [far, -1]]) {
      const fa = sign * (da - edge), fb = sign * (db - edge);
      if (fa < 0 && fb < 0) return;
      if (fa < 0) t0 = Math.max(t0, fa / (fa - fb));
      if (fb < 0) t1 = Math.min(t1, fa / (fa - fb));
    }
    if (t0 >= t1) return;
    const points = [], fades = [];
    for (let i = 0; i <= 4; i++) {
      const t = t0 + (t1 - t0) * i / 4;
      const p = camera.project(a[0] + (b[0] - a[0]) * t, 0, a[2] + (b[2] - a[2]) * t);
      points.push(p[0], p[1]);
      fades.push(smoothstep(p[1] - camera.edge, 0, 120 * camera.k));
    }
    paint(points, fades);
  };
  const at = (s, v) => [(u[0] * s + w[0] * v) * step, 0, (u[2] * s + w[2] * v) * step];
  for (let i = -n; i <= n; i++) {
    if (wide) line(at(pu + i, pw - n), at(pu + i, pw + n));
    if (deep) line(at(pu - n, pw + i), at(pu + n, pw + i));
  }
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

function landscape(paper, camera, model) {
  const place = model.place, k = camera.k, edge = camera.edge, H = camera.height;
  const sky = place.sky.map((c) => tint(c)), top = skyEdge(camera);
  const knots = [[-camera.width, 0], [top - 0.78 * camera.frame, 0], [top - 0.11 * camera.frame, 1],
    [top + 0.08 * camera.frame, 2], [edge + camera.width, 2]];
  for (let i = 0; i < 4; i++) {
    const [y0, a] = knots[i], [y1, b] = knots[i + 1], end = Math.min(y1, edge + 2);
    if (end > y0) band(paper, camera, y0, end, sky[a], mixed(sky[a], sky[b], (end - y0) / (y1 - y0)));
  }
  if (place.stars) stars(paper, camera, 50, 1);
  if (place.light !== "none") {
    const sun = place.light === "sun", whole = 2 * Math.PI * camera.focal / k / camera.zoomed;
    repeated(camera, 0.82 * framed(camera) / k, whole, 0, 270 * k, (x) => {
      const y = top - 414 * k, r = (sun ? 52 : 42) * k;
      paper.soft(x, y, 260 * k, 260 * k, sun ? tint("#ffdf8e", 0.55) : tint("#aab6d8", 0.3), true);
      paper.disc(x, y, r, r, tint(sun ? "#f8c95f" : "#e8ebf2"));
    });
  }
  const white = tint(place.cloud);
  for (const [at, up, size] of [[210, 434, 1], [620, 468, 0.7], [960, 410, 0.85]].slice(0, place.clouds)) {
    repeated(camera, at * camera.aspect * 0.5625, 1450, 0, 170 * k, (x) => {
      const q = k * size, y = top - up * k;
      for (const [dx, dy, r] of [[-46, 6, 26], [-12, -10, 36], [28, -2, 30], [58, 10, 20]]) {
        paper.disc(x + dx * q, y + dy * q, r * q, r * q, white);
      }
      paper.fill([x - 46 * q, y, x + 58 * q, y, x + 58 * q, y + 30 * q, x - 46 * q, y + 32 * q], white);
    });
  }
  const ridgeOf = (above, below, colour) => paper.strip(above, below, colour, colour, true);
  layers(camera, place, false, ridgeOf);
  const [far, close] = place.ground.map((c) => tint(c)), bottom = Math.max(H, edge + 0.2 * camera.frame);
  band(paper, camera, edge, bottom, far, close);
  if (camera.rolled) band(paper, camera, bottom, bottom + camera.width, close);
  paper.spin = null;
  groundOf(paper, camera, model, close);
  paper.spin = camera.spin;
  const part = (points, piece, colour, seed, cut) => {
    if (piece.filled) paper.fill(points, colour, cut, !piece.line);
    if (!piece.line || piece.filled && piece.line < 0.5) return;
    const rim = mixed(colour, tint("#3a3633"), piece.filled ? 0.30 : 0.42);
    paper.stroke(piece.closed ? [...points, points[0], points[1]] : points, 1.1 * piece.line * k, rim);
  };
  landmarks(camera, place, false, part);
  layers(camera, place, true, ridgeOf);
  landmarks(camera, place, true, part);
}

// What the ground is made of.
function groundOf(paper, camera, model, close) {
  const { floor, accent } = model.place, k = camera.k, line = tint(accent);
  if (/^(tiles|boards|lanes|road|rink)$/.test(floor)) {
    const tiled = floor === "tiles" || floor === "boards";
    const half = { tiles: 0.7, boards: 0.7, lanes: 2, road: 2.25, rink: 2.5 }[floor] * k;
    floorLines(camera, model, tiled ? 0.62 : 1.5, floor !== "boards", tiled, (points) => {
      paper.stroke(points, half, faded(line, 0.75), { butt: true });
    });
    return;
  }
  if (!/^(meadow|stones|sand|snow|cracks|water|clouds)$/.test(floor)) return;
  const half = 0.0036 * model.tall * camera.focal / camera.distance, soft = mixed(close, line, 0.5);
  groundMarks(camera, model, (kind, x, y, size1, size, lean, fade) => {
    if (kind < 0.30) {
      if (floor === "meadow" || floor === "cracks") tuft(paper, x, y, size1, size, lean, faded(line, fade), half);
    } else if (kind < 0.52) {
      const q = size1 * (0.007 + 0.009 * size);
      if (floor !== "water" && floor !== "snow") paper.disc(x, y, 1.5 * q, 0.55 * q, faded(soft, fade));
    } else if (floor !== "clouds") {
      const q = size1 * (0.035 + 0.06 * size);
      paper.stroke([x - q, y, x + q, y], half, faded(soft, fade));
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
  const once = 2 * Math.PI * camera.focal / k / camera.zoomed;
  if (model.place.light !== "none") repeated(camera, 0.82 * framed(camera) / k, once, 0, 120 * k, (x) => {
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
  for (const [at, up, size] of [[210, 414, 1], [600, 462, 0.7], [960, 400, 0.8]].slice(0, model.place.clouds)) {
    repeated(camera, at, 1450, 0, 170 * k, (x) => {
      const y = top - up * k, q = k * size;
      for (const [dx, r] of [[-40, 26], [2, 42], [48, 31]]) {
        pencil(circle(x + dx * q, y, r * q, r * q, 0, 18, Math.PI, 2 * Math.PI), 1.1, lead, 60 + dx, 0.8);
      }
      pencil([x - 76 * q, y + 1, x + 88 * q, y], 1.2, lead, 70, 0.8);
      pencil([x - 70 * q, y + 4 * q, x + 20 * q, y + 3 * q], 0.9, faded(lead, 0.6), 71, 0.8);
    });
  }
  const place = model.place;
  const ridgeOf = (line, low, colour, layer, i) => paper.stroke(line, 0.9 * k, faded(lead, 0.36 + 0.16 * i), { kind: "pencil", seed: 5 + i });
  layers(camera, place, false, ridgeOf);
  const part = (points, piece, colour, seed, cut) => {
    const thin = piece.line < 0.5, ring = piece.closed ? [...points, points[0], points[1]] : points;
    if (piece.filled) {
      paper.fill(points, mixed(tint("#f5f0e4"), colour, 0.10), cut);
      let low = Infinity, high = -Infinity;
      for (let i = 0; i < points.length; i += 2) { low = Math.min(low, points[i]); high = Math.max(high, points[i]); }
      if (high - low > 14 * k) hatched(paper, points, 7 * k, faded(mixed(colour, lead, 0.15), thin ? 0.4 : 0.62), 0.7 * k);
    }
    if (piece.line) paper.stroke(shaken(ring, 0.8 * k, 24 * k, seed), (thin ? 0.5 : 0.75) * k, faded(lead, 0.8), { kind: "pencil", seed });
  };
  landmarks(camera, place, false, part);
  layers(camera, place, true, ridgeOf);
  landmarks(camera, place, true, part);
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
  const once = 2 * Math.PI * camera.focal / k / camera.zoomed, outside = !model.place.indoor;
  if (outside) repeated(camera, 0.82 * framed(camera) / k, once, 0, 120 * k, (x) => {
    const y = top - 414 * k, red = tint("#b8281f", 0.93);
    paper.disc(x, y, 57 * k, 57 * k, red);
    paper.stroke(circle(x, y, 57.5 * k, 57.5 * k, 0, 40, 0.6, 6.1), 2 * k, faded(red, 0.8), { kind: "brush", seed: 3 });
  });
  for (const [dx, dy, s] of outside ? [[700, 470, 1], [748, 494, 0.7], [780, 458, 0.5]] : []) {
    repeated(camera, dx, once, 0, 60 * k, (x) => {
      const y = top - (dy - 20) * k, q = 18 * k * s;
      for (const side of [-1, 1]) {
        const wing = curve([x, y], x, y, x + 0.3 * side * q, y - 0.6 * q, x + 0.7 * side * q, y - 0.5 * q, x + side * q, y - 0.05 * q);
        paper.stroke(wing, wing.filter((_, i) => i % 2).map((_, i) => (2.0 - 0.25 * i) * k * s), ink);
      }
    });
  }
  if (outside) for (const [height, swing, every, phase, share, dark] of [
    [150, 62, 1180, 1.9, 0.06, 0.14], [96, 44, 900, 4.1, 0.12, 0.22], [50, 26, 640, 0.7, 0.20, 0.30]]) {
    const span = period(camera, every * k), shift = seenAt(camera, 0, share);
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
  landmarks(camera, model.place, false, (points, piece, colour, seed, cut) => {
    const grey = 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2];
    if (piece.filled) paper.fill(points, mixed(tint("#e9e0cd"), tint("#4b463d"), 0.68 * (1 - grey) + 0.10), cut);
    if (piece.line) {
      const ring = dense(piece.closed ? [...points, points[0], points[1]] : points, 7 * k), n = ring.length / 2, half = [];
      for (let i = 0; i < n; i++) half.push((0.8 + 0.5 * wave(i * 0.4, seed)) * k * Math.max(piece.line, 0.5));
      paper.stroke(ring, half, faded(ink, 0.55));
    }
  });
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
  const once = 2 * Math.PI * camera.focal / k / camera.zoomed;
  if (!model.place.indoor) repeated(camera, 0.5 * framed(camera) / k, once, 0, 640 * k, (x) => {
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
  const tube = (line, colour, half, alpha) => {
    paper.stroke(line, 2.6 * half, faded(colour, 0.22 * alpha));
    paper.stroke(line, half, faded(colour, alpha));
  };
  paper.spin = camera.spin;
  layers(camera, model.place, false, (line, low, colour, layer) => {
    if (layer.form !== "hills" && layer.form !== "flat") {
      paper.strip(line, low, night[1]);
      tube(line, tint("#7a45d8"), 0.9 * k, 0.55);
    }
  });
  const part = (points, piece, colour, seed, cut) => {
    if (piece.filled) paper.fill(points, [0.04, 0.025, 0.12, 0.94], cut);
    if (!piece.line || piece.line < 0.45) return;
    tube(piece.closed ? [...points, points[0], points[1]] : points, glowing(colour), 0.95 * k, 0.5);
  };
  landmarks(camera, model.place, false, part);
  landmarks(camera, model.place, true, part);
  paper.spin = null;
  // A grid on the ground that runs to the horizon.
  const violet = tint("#b14bff");
  floorLines(camera, model, 0.62 * model.tall, true, true, (points, fades) => {
    paper.stroke(points, 0.75 * k, faded(violet, 0.62), { alphas: fades.map((v) => 0.1 + 0.7 * v), butt: true });
  });
}

// What falls, rises or drifts, at a moment: behind the bodies, or before them.
function paintWeather(paper, camera, style, weather, seconds, before) {
  const k = camera.k, W = camera.width, H = camera.height, night = style.dark;
  const count = Math.round((before ? weather.before : weather.behind) * clamp(W / framed(camera), 1, 2));
  const first = before ? 5000 : 0, big = (weather.shape === "puff" ? 1.5 : 1) * weather.size * k, pad = 4 * big;
  for (let i = first; i < first + count; i++) {
    const r = (n) => hash(i * 8 + n), pace = 0.8 + 0.4 * r(0);
    const swing = weather.sway * k * Math.sin(2 * Math.PI * (weather.rate * pace * seconds + r(1)));
    let x = r(2) * (W + 2 * pad) + weather.right * k * pace * seconds + swing, y = r(3) * (H + 2 * pad) + weather.down * k * pace * seconds;
    x = (x % (W + 2 * pad) + W + 2 * pad) % (W + 2 * pad) - pad;
    y = (y % (H + 2 * pad) + H + 2 * pad) % (H + 2 * pad) - pad;
    const s = big * (0.7 + 0.6 * r(4)) * (before ? 1.25 : 1);
    let c = weather.tints[Math.floor(r(5) * weather.tints.length)];
    if (style.name === "sketch" || style.name === "ink") c = [0.28, 0.28, 0.31, 0.4 * c[3]];
    else if (night) c = [...glowing(c).slice(0, 3), 0.6 * c[3]];
    if (weather.shape === "streak") {
      const l = Math.hypot(weather.right, weather.down);
      paper.stroke([x, y, x - weather.right / l * s, y - weather.down / l * s], 0.9 * k, c);
    } else if (weather.shape === "ring") {
      paper.disc(x, y, s, s, c, 0, 1.4 * k);
    } else if (weather.shape === "leaf" || weather.shape === "scrap") {
      const spin = 2 * Math.PI * (r(6) + 0.5 * weather.rate * seconds), flat = 0.35 + 0.3 * Math.abs(Math.sin(spin * 1.7));
      paper.disc(x, y, s, s * flat, c, spin);
    } else if (weather.shape === "puff") {
      paper.soft(x, (0.45 + 0.5 * r(7)) * H, s, 0.32 * s, faded(c, 0.8), true);
    } else if (weather.shape === "spark") {
      const glow = 0.5 + 0.5 * Math.sin(2 * Math.PI * (0.4 * seconds + r(7)));
      paper.soft(x, y, 4 * s, 4 * s, faded(c, 0.4 * glow), true);
      paper.disc(x, y, s, s, faded(c, glow));
    } else {
      paper.disc(x, y, s, s, c);
    }
  }
}
