// The camera: the scene's own, turned, shifted and zoomed by whoever watches.

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) =>
  [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const unit = (a) => { const l = Math.hypot(...a) || 1; return [a[0] / l, a[1] / l, a[2] / l]; };
const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
const smoothstep = (x, low, high) => {
  const p = clamp((x - low) / (high - low), 0, 1);
  return p * p * (3 - 2 * p);
};
const blend = (a, b, t) => a.map((v, i) => v + (b[i] - v) * t);

class Camera {
  constructor(model) {
    this.model = model;
    this.reset();
    const v = model.view(0), toward = cross(v.slice(3, 6), v.slice(6, 9));
    this.azimuth0 = Math.atan2(toward[0], toward[2]);
    this.focal0 = v[9];
    this.start = v.slice(0, 3);
  }

  reset() { this.yaw = 0; this.pitch = 0; this.zoom = 1; this.pan = [0, 0]; }

  get moved() {
    return this.yaw !== 0 || this.pitch !== 0 || this.zoom !== 1 || this.pan[0] !== 0 || this.pan[1] !== 0;
  }

  // Look at the moment `seconds` on a picture of width x height pixels.
  look(seconds, width, height) {
    const m = this.model, v = m.view(seconds);
    const frame = Math.min(height, width * m.size[1] / m.size[0]);
    let right = unit(v.slice(3, 6)), up = unit(v.slice(6, 9)), toward = unit(cross(right, up));
    let distance = v[12], position = v.slice(0, 3);
    const pivot = [0, 1, 2].map((i) => position[i] - toward[i] * distance);
    const c = Math.cos(this.yaw), s = Math.sin(this.yaw);
    const turn = (a) => [a[0] * c + a[2] * s, a[1], a[2] * c - a[0] * s];
    right = turn(right); up = turn(up); toward = turn(toward);
    const steep = Math.asin(clamp(toward[1], -1, 1));
    const pitch = clamp(this.pitch, -0.35 - steep, 1.45 - steep);
    const cp = Math.cos(pitch), sp = Math.sin(pitch), was = toward;
    toward = [0, 1, 2].map((i) => toward[i] * cp + up[i] * sp);
    up = [0, 1, 2].map((i) => up[i] * cp - was[i] * sp);
    distance /= this.zoom;
    for (let i = 0; i < 3; i++) {
      position[i] = pivot[i] + right[i] * this.pan[0] + up[i] * this.pan[1] + toward[i] * distance;
    }
    position[1] = Math.max(position[1], 0.04 * distance);
    Object.assign(this, {
      width, height, frame, right, up, toward, distance, position,
      focal: v[9] * frame, cx: 0.5 * width + v[10] * frame,
      cy: 0.5 * (height - frame) + v[11] * frame,
      roll: Math.atan2(right[1], up[1]), k: frame / 720, zoomed: v[9] / this.focal0,
    });
    this.horizon();
    return this;
  }

  // The height of the ground's far edge, and how far the panorama has turned and moved on.
  horizon() {
    const level = unit([this.toward[0], 0, this.toward[2] || 1e-9]);
    this.azimuth = Math.atan2(level[0], level[2]);
    const across = [level[2], 0, -level[0]], up = cross(this.toward, across);
    const reach = this.distance + this.model.reach;
    const far = [-level[0] * reach, -Math.max(this.position[1], 0), -level[2] * reach];
    const ahead = Math.max(-dot(far, this.toward), 1e-3 * this.distance);
    const edge = this.cy - this.focal * dot(far, up) / ahead;
    this.edge = clamp(edge, -4 * this.height, 5 * this.height);
    this.turn = -(this.azimuth - this.azimuth0) * this.focal;
    const moved = [0, 1, 2].map((i) => this.position[i] - this.start[i]);
    this.travel = this.yaw ? this.pan[0] * this.focal / this.distance
      : dot(moved, across) * this.focal / this.distance;
  }

  // Pixel x, y and depth of a point in metres.
  project(x, y, z) {
    const dx = x - this.position[0], dy = y - this.position[1], dz = z - this.position[2];
    const r = this.right, u = this.up, t = this.toward;
    const depth = -(dx * t[0] + dy * t[1] + dz * t[2]);
    const s = this.focal / Math.max(depth, 0.05 * this.distance);
    return [
      this.cx + (dx * r[0] + dy * r[1] + dz * r[2]) * s,
      this.cy - (dx * u[0] + dy * u[1] + dz * u[2]) * s,
      depth,
    ];
  }

  // What must stay the same for a backdrop to be kept.
  get key() {
    return [...this.position, ...this.toward, ...this.right, this.focal, this.width, this.height]
      .map((v) => v.toFixed(4)).join();
  }
}
