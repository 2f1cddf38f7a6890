// Bodies: what a camera sees of them, and how each style paints them. Proportions are fractions
// of the standing height; the document brings them.

let LINE, HEAD_RADIUS, HEAD_OUTLINE, TORSO, CORNER, SPINE_CORNER, HAND, HALO;
const HIDDEN_YAW = 2.75, HAIR_YAW = 2.3;

function proportions(p) {
  LINE = p.line; HEAD_RADIUS = p.head_radius; HEAD_OUTLINE = p.head_outline; TORSO = p.torso;
  CORNER = p.corner; SPINE_CORNER = p.spine_corner; HAND = p.hand; HALO = p.halo;
}

// What `camera` sees of body `a`: pixels, sizes, which side is near, how the head is turned.
// `memory` keeps the last answers, so that limbs do not flicker between near and far.
function cast(model, a, camera, memory) {
  const body = model.now[a], H = model.actors[a].height, at = body.at;
  const xy = new Float32Array(POINTS * 2), depth = new Float32Array(POINTS);
  for (let i = 0; i < POINTS; i++) {
    const p = camera.project(at[3 * i], at[3 * i + 1], at[3 * i + 2]);
    xy[2 * i] = p[0]; xy[2 * i + 1] = p[1]; depth[i] = p[2];
  }
  const away = Math.max(depth[0], 0.1 * camera.distance);
  const nearest = Math.min(...depth);
  const scale = camera.focal / away, size = H * scale;
  const usual = H * camera.focal / camera.distance;
  const line = Math.max(LINE * usual * clamp((size / usual) ** 0.85, 0.6, 1.6), 2.2 * camera.dpr);
  const left = dot(body.across, camera.toward);
  const shade = [smoothstep(-left, 0.06, 0.52), smoothstep(left, 0.06, 0.52)];
  const sidelong = smoothstep(Math.abs(left), 0.15, 0.45);
  const mean = (list) => list.reduce((sum, i) => sum + depth[i], 0) / list.length;
  const armAway = ARMS.map((arm) => mean(arm.slice(2)));
  const legAway = LEGS.map((leg) => mean(leg.slice(1, 3)));
  const decide = (name, value, dead, fresh) => {
    if (!(name in memory) || Math.abs(value) > dead) memory[name] = value > (fresh || 0);
    return memory[name];
  };
  const near = [armAway, legAway].map((d, kind) => {
    const lead = (d[1] - d[0]) / H;
    const signal = left * sidelong + clamp(2 * lead, -0.5, 0.5) * (1 - sidelong);
    return decide("near" + kind, signal, 0.06) ? 0 : 1;
  });
  const chest = 0.5 * (depth[1] + depth[2]);
  const front = [0, 1].map((side) => {
    const ahead = (chest - armAway[side]) / H, rest = near[0] === side ? -0.045 : 0.075;
    return decide("front" + side, ahead - rest, 0.02);
  });
  const cx = dot(body.crown, camera.right), cy = dot(body.crown, camera.up);
  const tilt = Math.hypot(cx, cy) > 0.15 ? Math.atan2(cx, cy) : 0;
  const c = Math.cos(tilt), s = Math.sin(tilt);
  const fr = dot(body.facing, camera.right), fu = dot(body.facing, camera.up);
  const fx = fr * c - fu * s, fy = fu * c + fr * s, fz = dot(body.facing, camera.toward);
  return {
    a, body, xy, depth, away, scale, size, line, shade, near, front, tilt,
    yaw: Math.atan2(fx, fz), pitch: -Math.asin(clamp(fy, -1, 1)),
    visible: body.here && nearest > 0.1 * camera.distance,
  };
}

function part(who, list) {
  const out = [];
  for (const i of list) out.push(who.xy[2 * i], who.xy[2 * i + 1]);
  return out;
}

// Paint one body: far limbs, trunk, near leg, head, near arm.
function paintBody(paper, style, who, look, faces) {
  const { size, line, shade, near, front } = who;
  const corner = CORNER * size, halo = Math.max(HALO * size, 0.8);
  const ink = look.ink;
  const limb = (list, side, thin, gap, seed) => {
    const points = part(who, list);
    const colour = style.limbTint(look, shade[side]);
    const width = line * (1 - (1 - thin) * shade[side]);
    // A light edge sets a near limb off from what it crosses.
    const rest = gap === null || !look.seam ? null : trimmed(points, gap * line);
    if (rest) {
      paper.stroke(rounded(rest, corner), 0.5 * width + halo, look.seam, { kind: "atop", butt: true });
    }
    style.limb(paper, rounded(points, corner), width, colour, seed + 16 * who.a, shade[side]);
    if (thin === 0.94) {
      const n = points.length;
      style.hand(paper, points[n - 2], points[n - 1], HAND * width, colour);
    }
  };
  const arm = (side) => limb(ARMS[side], side, 0.94,
    front[side] ? 1.7 : null, 1 + side);
  const farArm = 1 - near[0], farLeg = 1 - near[1];
  if (!front[farArm]) arm(farArm);
  if (!front[near[0]]) arm(near[0]);
  limb(LEGS[farLeg], farLeg, 0.97, null, 3 + farLeg);
  const [nx, ny, hx, hy] = part(who, [2, HEAD]), radius = HEAD_RADIUS * size;
  const trunk = part(who, SPINE), length = Math.hypot(hx - nx, hy - ny);
  if (length > radius) {
    const t = (length - 0.9 * radius) / length;
    trunk.push(nx + (hx - nx) * t, ny + (hy - ny) * t);
  }
  style.limb(paper, rounded(trunk, SPINE_CORNER * size), TORSO * line, ink, 5 + 16 * who.a, 0, true);
  limb(LEGS[near[1]], near[1], 0.97, 2.2, 3 + near[1]);
  if (front[farArm]) arm(farArm);
  paintHead(paper, style, who, look, hx, hy, radius, faces);
  if (front[near[0]]) arm(near[0]);
}

function skull(kind, x, y, r, tilt) {
  const c = Math.cos(tilt), s = Math.sin(tilt), side = 0.93 * r, out = [];
  if (kind === "alien") return circle(x, y, 0.9 * r, 1.1 * r, tilt, 40);
  for (const [a, b] of [[0, -1], [1, -1], [1, 1], [-1, 1], [-1, -1], [0, -1]]) {
    out.push(x + side * (a * c - b * s), y + side * (a * s + b * c));
  }
  return rounded(out, 0.34 * r);
}

function paintHead(paper, style, who, look, x, y, r, faces) {
  const outline = Math.max(HEAD_OUTLINE / HEAD_RADIUS * r, 1.6), kind = look.kind, tilt = who.tilt;
  const c = Math.cos(tilt), s = Math.sin(tilt), ink = look.ink;
  const at = (px, py) => [x + (px * c - py * s) * r, y + (px * s + py * c) * r];
  if (kind === "robot") {
    style.thin(paper, [...at(0, -0.9), ...at(0, -1.35)], 0.8 * outline, ink);
    paper.disc(...at(0, -1.42), 0.15 * r, 0.15 * r, ink);
  } else if (kind === "alien") {
    for (const side of [-1, 1]) {
      style.thin(paper, [...at(0.3 * side, -0.9), ...at(0.55 * side, -1.4)], 0.7 * outline, ink);
      paper.disc(...at(0.57 * side, -1.44), 0.13 * r, 0.13 * r, ink);
    }
  } else if (kind === "animal") {
    for (const side of [-1, 1]) {
      const ear = [...at(0.22 * side, -0.9), ...at(0.78 * side, -1.38), ...at(0.92 * side, -0.45)];
      paper.fill(ear, style.plate);
      style.thin(paper, [...ear, ear[0], ear[1]], outline, ink);
    }
  }
  const behind = clamp((Math.abs(who.yaw) - 2.3) / 0.45, 0, 1);
  const plate = behind ? mixed(style.plate, ink, 0.12 * behind) : style.plate;
  const around = kind === "robot" || kind === "alien" ? skull(kind, x, y, r, tilt) : null;
  if (around) paper.fill(around, plate); else paper.disc(x, y, r, r, plate);
  if (faces && 2 * r >= 13 && Math.abs(who.yaw) > HAIR_YAW) paintHair(paper, who, style, look, x, y, 0.95 * r);
  if (faces && 2 * r >= 7 && Math.abs(who.yaw) < HIDDEN_YAW) {
    paper.clip(x, y, r * (kind === "alien" ? 1.05 : 1));
    paintFace(paper, who, style, look, x, y, 0.95 * r);
    paper.clip();
  }
  style.head(paper, x, y, r, outline, ink, around, 9 + 16 * who.a);
}

// How far a face slides over its head, in head radii, when turned `yaw` away from the viewer.
function turned(yaw) {
  const a = Math.min(Math.abs(yaw), HIDDEN_YAW);
  let x = 0.45 * Math.sin(1.25 * Math.min(a, 1.1));
  x += 0.07 * clamp((a - 1.1) / 1.2, 0, 1);
  if (a > 2.3) x += 1.1 * ((a - 2.3) / (HIDDEN_YAW - 2.3)) ** 2;
  return yaw >= 0 ? x : -x;
}

// Strands on the back of the head (as faces.draw_hair paints them).
function paintHair(paper, who, style, look, ox, oy, radius) {
  const tilt = Math.abs(who.tilt) < 1.2 ? 0.9 * who.tilt : who.tilt;
  const cos = Math.cos(tilt) * radius, sin = Math.sin(tilt) * radius;
  const drop = 0.35 * Math.sin(who.pitch), shown = Math.min((Math.abs(who.yaw) - HAIR_YAW) / 0.25, 1);
  for (const [azimuth, low] of [[-1.05, 0.02], [-0.5, -0.22], [0.05, -0.06], [0.55, -0.25], [1.0, 0]]) {
    const strength = shown * Math.min((Math.cos(who.yaw + Math.PI + azimuth) - 0.1) / 0.3, 1);
    if (strength <= 0) continue;
    const [a, b, c, d] = [0.18, 0.45, 0.75, 1].map((share) => {
      const turn = who.yaw + Math.PI + 0.12 + (azimuth - 0.12) * Math.min(1.5 * share, 1);
      const elevation = 0.72 + (low - 0.72) * share;
      const x = 0.94 * Math.sin(turn) * Math.cos(elevation), y = -0.94 * Math.sin(elevation) - drop;
      return [ox + x * cos - y * sin, oy + x * sin + y * cos];
    });
    paper.stroke(curve([...a], ...a, ...b, ...c, ...d), 0.5 * style.faceLine * radius, faded(look.faceInk, 0.85 * strength));
  }
}

// Eyes, brows and mouth (as faces.draw_face paints them).
function paintFace(paper, who, style, look, ox, oy, radius) {
  const [bi, bo, ew, eh, mw, mc, lu, ll, ru, rl, teeth] = who.body.face, eyes = who.body.eyes;
  const tilt = Math.abs(who.tilt) < 1.2 ? 0.9 * who.tilt : who.tilt;
  const cos = Math.cos(tilt) * radius, sin = Math.sin(tilt) * radius;
  let slide = turned(who.yaw);
  if (Math.abs(slide) <= 0.53) slide *= 1 - 0.3 * clamp((Math.abs(who.tilt) - 0.75) / 0.6, 0, 1);
  const drop = 0.42 * Math.sin(who.pitch);
  const squash = Math.max(0.3, 1 - 0.42 * slide * slide);
  const place = (x, y) => {
    y += drop;
    return [ox + x * cos - y * sin, oy + x * sin + y * cos];
  };
  const across = (x) => slide + x * squash * (x * slide > 0 ? 1 - 0.42 * Math.abs(slide) : 1);
  const width = style.faceLine * radius, ink = look.faceInk, detail = 2 * radius;
  for (const side of [-1, 1]) {
    const narrow = squash * (side * slide > 0.1 ? 0.82 : 1);
    let rx = ew * narrow;
    const ry = Math.max(eh * eyes, 0.035);
    if (eyes < 0.3) rx *= 1.25;
    const [x, y] = place(across(side * 0.31), -0.10 + 0.04 * (1 - eyes));
    paper.disc(x, y, rx * radius, ry * radius, ink, tilt);
    if (detail >= 22) {
      const inner = across(side * 0.16), outer = across(side * 0.47), top = Math.min(bi, bo) - 0.03;
      const a = place(inner, bi), d = place(outer, bo);
      const brow = curve([...a], ...a, ...place(inner + (outer - inner) * 0.4, top),
        ...place(inner + (outer - inner) * 0.6, top), ...d);
      paper.stroke(brow, 0.5 * width, ink);
    }
  }
  if (detail < 13) return;
  const left = across(-mw), right = across(mw), middle = across(0);
  const a = place(left, mc), b = place(right, mc);
  const upper = curve([...a], ...a, ...place(middle + (left - middle) * ru, lu),
    ...place(middle + (right - middle) * ru, lu), ...b, 12);
  const gap = ll - lu;
  if (gap <= 0.06) { paper.stroke(upper, 0.5 * width, ink); return; }
  const lower = curve([...a], ...a, ...place(middle + (left - middle) * rl, ll),
    ...place(middle + (right - middle) * rl, ll), ...b, 12);
  const inside = mixed(style.mouth, style.teeth, clamp(teeth, 0, 1));
  paper.strip(upper, lower, inside);
  if (gap > 0.3 && teeth < 0.5) {
    // The tongue: the middle of the lower lip, arched over upward.
    const low = lower.slice(6, 20), high = [], n = low.length / 2;
    const mx = 0.5 * (low[0] + low[2 * n - 2]) - low[n - 1 & ~1];
    const my = 0.5 * (low[1] + low[2 * n - 1]) - low[(n - 1 & ~1) + 1];
    for (let i = 0; i < n; i++) {
      const u = Math.sin(Math.PI * i / (n - 1)), t = i / (n - 1);
      high.push(low[0] * (1 - t) + low[2 * n - 2] * t + mx * 0.8 * u,
        low[1] * (1 - t) + low[2 * n - 1] * t + my * 0.8 * u);
    }
    paper.strip(high, low, style.tongue);
  }
  const rim = [...upper];
  for (let i = lower.length - 4; i >= 0; i -= 2) rim.push(lower[i], lower[i + 1]);
  paper.stroke(rim, 0.5 * width, ink);
}

// Soft shadows: a pool under the body that fades with its height, a dark spot under each foot.
function paintShadow(paper, style, who, camera, model) {
  const at = who.body.at, H = model.actors[who.a].height, scale = who.scale;
  const flatten = clamp(Math.abs(camera.position[1]) / who.away, 0.1, 0.9);
  const parts = [1, 2, HEAD, ...LEGS[0], ...LEGS[1]];
  const ground = (i) => camera.project(at[3 * i], 0, at[3 * i + 2]);
  const root = ground(0);
  let lowest = Infinity;
  for (const i of [0, ...parts]) lowest = Math.min(lowest, at[3 * i + 1]);
  let l = root[0], r = root[0], t = root[1], b = root[1];
  for (const i of parts) {
    const low = 1 - smoothstep((at[3 * i + 1] - lowest) / H, 0.12, 0.46), p = ground(i);
    const x = root[0] + (p[0] - root[0]) * low, y = root[1] + (p[1] - root[1]) * low;
    l = Math.min(l, x); r = Math.max(r, x); t = Math.min(t, y); b = Math.max(b, y);
  }
  const half = Math.max(0.5 * (r - l) + 0.07 * H * scale, 0.17 * H * scale);
  const thick = Math.max(0.35 * (b - t) + 0.03 * H * scale,
    0.17 * H * scale * Math.max(0.26, flatten));
  const clear = Math.max(lowest / H - 0.5 * LINE, 0), fade = 1 / (1 + 3.2 * clear);
  const grow = 1 + 0.35 * Math.min(clear, 1);
  const y = 0.5 * (0.5 * (t + b) + root[1]) + 0.012 * H * scale;
  style.pool(paper, 0.5 * (l + r), y, half * grow, thick * grow, fade, who);
  for (const leg of LEGS) {
    const heel = ground(leg[2]), toe = ground(leg[3]);
    const up = Math.min(at[3 * leg[2] + 1], at[3 * leg[3] + 1]) / H - 0.5 * LINE;
    const strength = clamp(1 - Math.max(up, 0) / 0.05, 0, 1);
    if (strength > 0.02) {
      style.contact(paper, 0.5 * (heel[0] + toe[0]),
        0.5 * (heel[1] + toe[1]) + 0.006 * H * scale,
        0.5 * Math.abs(heel[0] - toe[0]) + 0.045 * H * scale,
        Math.max(0.018 * H * scale, 2), strength);
    }
  }
}

// The sixteen joints of the schema, drawn over a body.
function paintBones(paper, who) {
  const xy = who.xy, at = (i) => [xy[2 * i], xy[2 * i + 1]];
  const out = (from, drawn, share) => {
    const a = at(from), b = at(drawn);
    return [a[0] + (b[0] - a[0]) / share, a[1] + (b[1] - a[1]) / share];
  };
  const collar = 4, neck = at(2), pelvis = at(0);
  const bones = [[pelvis, at(1)], [at(1), neck], [neck, at(HEAD)]];
  ARMS.forEach((arm, side) => {
    const shoulder = out(collar, arm[1], 0.5), hip = out(0, LEGS[side][0], 0.32);
    const knee = at(LEGS[side][1]), ankle = at(ANKLES[side]);
    bones.push([neck, shoulder], [shoulder, at(arm[2])], [at(arm[2]), at(arm[3])],
      [pelvis, hip], [hip, knee], [knee, ankle]);
  });
  const w = Math.max(0.13 * who.line, 1);
  for (const [a, b] of bones) {
    paper.stroke([...a, ...b], w + 0.8, [0, 0, 0, 0.55]);
    paper.stroke([...a, ...b], w, [1, 1, 1, 1]);
  }
  for (const p of new Set(bones.flat())) {
    paper.disc(p[0], p[1], 2.6 * w, 2.6 * w, [0, 0, 0, 0.6]);
    paper.disc(p[0], p[1], 2.1 * w, 2.1 * w, [1, 0.69, 0, 1]);
  }
}
