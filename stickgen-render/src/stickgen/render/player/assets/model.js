// The scene: unpacks the document and says where everything is at any moment.

const SPINE = [0, 1, 2], HEAD = 3;
const ARMS = [[4, 5, 6, 7], [8, 9, 10, 11]];
const LEGS = [[12, 13, 14, 15], [16, 17, 18, 19]];
const ANKLES = [20, 21], POINTS = 22;

function unpack(text, Kind) {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new Kind(bytes.buffer);
}

// Value at t between b and c of the cubic through a, b, c, d that never leaves the range of
// its neighbours (Fritsch and Carlson 1980), so that a planted foot stays planted.
function cubic(a, b, c, d, t) {
  const s0 = b - a, s1 = c - b, s2 = d - c;
  const m0 = s0 * s1 > 0 ? 2 * s0 * s1 / (s0 + s1) : 0;
  const m1 = s1 * s2 > 0 ? 2 * s1 * s2 / (s1 + s2) : 0;
  const u = 1 - t;
  return b * (1 + 2 * t) * u * u + m0 * t * u * u + c * t * t * (3 - 2 * t) - m1 * t * t * u;
}

class Model {
  constructor(json) {
    Object.assign(this, json);
    this.count = json.actors.length;
    this.points = unpack(json.points, Int16Array);
    this.turns = unpack(json.turns, Int8Array);
    this.faces = unpack(json.faces, Uint8Array);
    this.present = json.present && unpack(json.present, Uint8Array);
    this.camera = unpack(json.camera, Float32Array);
    for (const prop of this.props) {
      if (typeof prop.position === "string") prop.track = unpack(prop.position, Float32Array);
    }
    if (json.trails) {
      const { swift, flown } = json.trails;
      this.trails = { ...json.trails, swift: unpack(swift, Uint8Array), flown: unpack(flown, Uint8Array) };
    }
    this.seconds = this.frames / this.fps;
    this.last = (this.frames - 1) / this.fps;
    this.tall = Math.max(...this.actors.map((a) => a.height));
    this.now = json.actors.map(() => ({
      at: new Float32Array(POINTS * 3), across: [0, 0, 0], facing: [0, 0, 0], crown: [0, 0, 0],
      face: new Float32Array(11), eyes: 1, here: true,
    }));
  }

  // Set `now` to the bodies at `seconds`.
  seek(seconds) {
    const n = this.frames, A = this.count;
    const f = Math.min(Math.max(seconds * this.fps, 0), n - 1);
    let i = Math.floor(f), t = f - i;
    if (t < 1e-4) t = 0;
    if (t > 0.9999) { i += 1; t = 0; }
    for (let a = 0; a < A; a++) {
      const body = this.now[a];
      const there = (k) => !this.present || this.present[k * A + a] > 0;
      body.here = there(i);
      if (!body.here) continue;
      const after = Math.min(i + 1, n - 1), mix = there(after) ? t : 0;
      const before = i > 0 && there(i - 1) ? i - 1 : i;
      const beyond = after + 1 < n && there(after + 1) ? after + 1 : after;
      const size = POINTS * 3;
      const p0 = (before * A + a) * size, p1 = (i * A + a) * size;
      const p2 = (after * A + a) * size, p3 = (beyond * A + a) * size;
      const P = this.points, u = this.unit, o = this.origin;
      for (let k = 0; k < size; k++) {
        const v = mix ? cubic(P[p0 + k], P[p1 + k], P[p2 + k], P[p3 + k], mix) : P[p1 + k];
        body.at[k] = v * u + o[k % 3];
      }
      const q1 = (i * A + a) * 9, q2 = (after * A + a) * 9;
      for (let k = 0; k < 9; k++) {
        const v = this.turns[q1 + k] * (1 - mix) + this.turns[q2 + k] * mix;
        (k < 3 ? body.across : k < 6 ? body.facing : body.crown)[k % 3] = v / 127;
      }
      for (const v of [body.across, body.facing, body.crown]) {
        const l = Math.hypot(v[0], v[1], v[2]) || 1;
        v[0] /= l; v[1] /= l; v[2] /= l;
      }
      const r1 = (i * A + a) * 12, r2 = (after * A + a) * 12;
      for (let k = 0; k < 12; k++) {
        const v = (this.faces[r1 + k] * (1 - mix) + this.faces[r2 + k] * mix) / 110 - 1;
        if (k < 11) body.face[k] = v; else body.eyes = v;
      }
    }
  }

  // Thirteen numbers: the camera at `seconds` (see the layout in document.py).
  view(seconds) {
    const C = this.camera, rows = C.length / 13;
    const f = Math.min(Math.max(seconds * this.fps, 0), rows - 1), i = Math.floor(f), t = f - i;
    const j = this.cuts.includes(i + 1) ? i : Math.min(i + 1, rows - 1), out = [];
    for (let k = 0; k < 13; k++) out.push(C[i * 13 + k] * (1 - t) + C[j * 13 + k] * t);
    return out;
  }

  baseOf(prop, seconds) {
    if (!prop.track) return prop.position;
    const f = Math.min(Math.max(seconds * this.fps, 0), this.frames - 1), i = Math.floor(f);
    const j = Math.min(i + 1, this.frames - 1), t = f - i, P = prop.track;
    return [0, 1, 2].map((k) => P[i * 3 + k] * (1 - t) + P[j * 3 + k] * t);
  }
}
