// Things on stage, drawn from outlines in metres that always face the viewer.

function placeProp(model, prop, camera, seconds) {
  const p = model.baseOf(prop, seconds), base = camera.project(p[0], p[1], p[2]);
  const ground = camera.project(p[0], 0, p[2]);
  const scale = camera.focal / Math.max(base[2], 0.1 * camera.distance) * prop.scale;
  let roll = 0;
  if (prop.rolls) {
    const q = model.baseOf(prop, 0), d = [p[0] - q[0], 0, p[2] - q[2]];
    roll = dot(d, camera.right) / Math.max(0.5 * prop.height * prop.scale, 0.02);
  }
  return { prop, base, ground, scale, roll, lift: Math.max(p[1], 0), away: base[2] };
}

function outlineOf(spot, piece) {
  const out = [], k = spot.scale, middle = 0.5 * spot.prop.height;
  const c = Math.cos(spot.roll), s = Math.sin(spot.roll);
  for (let i = 0; i < piece.points.length; i += 2) {
    const x = piece.points[i], y = piece.points[i + 1] - middle;
    out.push(spot.base[0] + k * (x * c + y * s), spot.base[1] - k * (middle + y * c - x * s));
  }
  return out;
}

function paintProp(paper, style, spot, index, camera) {
  const size = spot.scale * Math.max(spot.prop.height, spot.prop.half);
  const line = Math.min(5 * camera.k, Math.max(0.11 * size, 1.2));
  spot.prop.parts.forEach((piece, i) => {
    const points = outlineOf(spot, piece);
    if (!piece.cut && piece.closed) piece.cut = triangles(piece.points.map((v, j) => j % 2 ? -v : v));
    const body = piece.tint === "body" ? spot.prop.tint : piece.tint;
    style.prop(paper, points, piece, body ? tint(body) : null, line * piece.line,
      200 + 31 * index + i, size);
  });
}

function paintPropShadow(paper, style, spot) {
  const rx = 1.25 * spot.prop.half * spot.scale, fade = 1 / (1 + 1.6 * spot.lift);
  style.pool(paper, spot.ground[0], spot.ground[1], rx * (1.35 - 0.35 * fade),
    0.2 * rx + 2, fade, null);
}
