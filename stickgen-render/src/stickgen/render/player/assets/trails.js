// Trails of swift hands and feet and of things in flight, and the marks of blows and hits: where
// they are is in the document (see trails.py and flights.py).

// The way of a point, as `at(frame)` gives it in metres, over the last `seconds`; in pixels.
function trailOf(camera, model, seconds, lasts, at, from = 0) {
  const now = Math.min(seconds * model.fps, model.frames - 1), out = [];
  for (let i = Math.max(Math.ceil(now - lasts * model.fps), from, 0); i <= now; i++) {
    const p = camera.project(...at(i));
    out.push(p[0], p[1]);
  }
  return out;
}

// A ribbon that thins and fades toward where it began.
function paintTrail(paper, style, points, half, colour, strength) {
  if (points.length < 6) return;
  const line = rounded(points, half * 4), n = line.length / 2, halves = [], alphas = [];
  for (let i = 0; i < n; i++) {
    const u = i / (n - 1);
    halves.push(half * u ** 0.7); alphas.push(u);
  }
  const how = { alphas };
  if (style.name === "sketch") how.kind = "pencil";
  paper.stroke(line, halves, faded(colour, (0.2 + 0.2 * strength) * (style.dark ? 1.6 : 1)), how);
}

// Short lines around `at` that part from it, away from `aim`; `age` 0-1.
function paintTicks(paper, camera, at, aim, turns, near, far, half, colour, age) {
  const a = camera.project(...at), b = camera.project(at[0] + 0.1 * aim[0], at[1] + 0.1 * aim[1], at[2] + 0.1 * aim[2]);
  const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
  for (const turn of turns) {
    const c = Math.cos(angle + turn), s = Math.sin(angle + turn);
    paper.stroke([a[0] + near * c, a[1] + near * s, a[0] + far * c, a[1] + far * s], half, faded(colour, 1 - 0.7 * age));
  }
}

function paintBodyTrails(paper, style, model, camera, seconds, who) {
  const { swift, strikes } = model.trails, A = model.count, a = who.a;
  const frame = Math.min(Math.round(seconds * model.fps), model.frames - 1);
  const colour = style.dark ? who.look.ink : mixed(who.look.ink, style.plate, 0.3);
  const ends = [ARMS[0][3], ARMS[1][3], LEGS[0][3], LEGS[1][3]];
  ends.forEach((end, e) => {
    let strength = 0;
    for (let i = Math.max(0, frame - 3); i <= frame; i++) strength = Math.max(strength, swift[(i * A + a) * 4 + e] / 255);
    if (strength < 0.02) return;
    const at = (i) => [0, 1, 2].map((k) => model.points[((i * A + a) * POINTS + end) * 3 + k] * model.unit + model.origin[k]);
    const line = trailOf(camera, model, seconds, 0.24, at);
    if (line.length) line.push(who.xy[2 * end], who.xy[2 * end + 1]);
    paintTrail(paper, style, line, 0.45 * who.line, colour, strength);
  });
  for (const [from, last, body, ...p] of strikes) {
    if (body !== a || frame < from || frame > last) continue;
    const age = (frame - from) / Math.max(last - from + 1, 1);
    paintTicks(paper, camera, p.slice(0, 3), p.slice(3), [-0.75, 0, 0.75], (0.075 + 0.03 * age) * who.size,
      (0.125 + 0.03 * age) * who.size, 0.17 * who.line, colour, age);
  }
}

function paintFlight(paper, style, model, camera, seconds, spot, index) {
  const { flown, hits } = model.trails, P = model.props.length;
  const frame = Math.min(Math.round(seconds * model.fps), model.frames - 1);
  const radius = spot.scale * Math.max(0.5 * spot.prop.height, 0.08);
  const colour = style.dark ? [1, 1, 1, 1] : tint("#3a3633"), strength = flown[frame * P + index] / 255;
  if (strength > 0) {
    let from = frame;
    while (from > 0 && flown[(from - 1) * P + index]) from--;
    const middle = 0.5 * spot.prop.height * spot.prop.scale;
    const at = (i) => { const p = model.baseOf(spot.prop, i / model.fps); return [p[0], p[1] + middle, p[2]]; };
    paintTrail(paper, style, trailOf(camera, model, seconds, 0.36, at, from), 0.55 * radius, colour, strength);
  }
  for (const [from, last, thing, ...p] of hits) {
    if (thing !== index || frame < from || frame > last) continue;
    const age = (frame - from) / Math.max(last - from + 1, 1);
    paintTicks(paper, camera, p.slice(0, 3), p.slice(3), [-2.1, -1.2, 1.2, 2.1, 3.1], (1.35 + 0.5 * age) * radius,
      (2.3 + 0.7 * age) * radius, Math.max(0.1 * radius, 0.8), colour, age);
  }
}
