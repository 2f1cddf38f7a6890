// Paints with WebGL 2. Every line is a strip of triangles that carries its distance from the
// line's middle, so that edges are exact at any size; a few draw calls paint a picture.

const GL_VERTEX = `#version 300 es
layout(location=0) in vec2 at;
layout(location=1) in vec4 tint;
layout(location=2) in vec4 shape;
layout(location=3) in vec3 kind;
layout(location=4) in vec3 hole;
uniform vec4 view;
out vec4 colour; out vec4 form; flat out vec3 what; flat out vec3 clip; out vec2 pixel;
void main() {
  colour = tint; form = shape; what = kind; clip = hole; pixel = at;
  vec2 spot = (at - view.xy) / view.zw * 2.0 - 1.0;
  gl_Position = vec4(spot.x, -spot.y, 0.0, 1.0);
}`;

const GL_INPUT = `#version 300 es
precision highp float;
uniform float grain;
in vec4 colour; in vec4 form; flat in vec3 what; flat in vec3 clip; in vec2 pixel;
out vec4 paint;
`;

// Lines, ellipses, and areas inside a circle.
const GL_SHAPES = `${GL_INPUT}
void main() {
  float cover = 1.0;
  if (what.x > 1.5) {
    vec2 q = form.xy / form.zw;
    float k = length(q), d = (k - 1.0) * k / max(length(q / form.zw), 1e-6);
    cover = clamp(0.5 - d, 0.0, 1.0);
    if (what.y > 0.0) cover *= clamp(0.5 + d + what.y, 0.0, 1.0);
  } else if (what.x > 0.5) {
    cover = clamp(0.5 - length(form.xy) + form.z, 0.0, 1.0);
  }
  if (clip.z > 0.0) cover *= clamp(0.5 - length(pixel - clip.xy) + clip.z, 0.0, 1.0);
  float a = colour.a * cover;
  paint = vec4(colour.rgb * a, a);
}`;

// Lines of a pencil, grainy where it presses less, and of a brush whose bristles run dry.
const GL_DRAWN = `${GL_INPUT}
float random(vec2 p) {
  uvec2 q = uvec2(ivec2(floor(p)));
  uint h = q.x * 1597334677u ^ q.y * 3812015801u;
  h = (h ^ (h >> 15)) * 2246822519u;
  return float((h ^ (h >> 13)) & 0xffffffu) / 16777216.0;
}
float noise(vec2 p) {
  vec2 i = floor(p), f = p - i; f = f * f * (3.0 - 2.0 * f);
  return mix(mix(random(i), random(i + vec2(1, 0)), f.x),
             mix(random(i + vec2(0, 1)), random(i + vec2(1, 1)), f.x), f.y);
}
void main() {
  float cover = clamp(0.5 - length(form.xy) + form.z, 0.0, 1.0);
  if (what.x < 5.5) {
    float g = noise(pixel / grain * 0.55) * 0.6 + random(pixel / grain * 0.8) * 0.4;
    cover *= smoothstep(0.1, 0.52, g + 0.42 * (1.0 - abs(form.x) / form.z)) * 0.95;
  } else if (form.w > 0.01) {
    float u = form.x / max(what.z, 1.0) * 5.5 + what.y * 37.0;
    float bristle = noise(vec2(u, what.y * 7.0)) * 0.75 + noise(vec2(u * 2.3, 3.0 + form.y)) * 0.25;
    cover *= smoothstep(form.w * 1.05 - 0.12, form.w * 1.05 + 0.06, bristle + 0.02);
  }
  float a = colour.a * cover;
  paint = vec4(colour.rgb * a, a);
}`;

// Areas: the colours of their corners, blended between them.
const GL_AREAS = `#version 300 es
precision mediump float;
in vec4 colour;
out vec4 paint;
void main() { paint = vec4(colour.rgb * colour.a, colour.a); }`;

const FLOATS = 16, STROKES = { solid: 1, pencil: 5, brush: 6, atop: 1 };

// Ways to paint: which program (an index of `programs`), and how it meets what is there.
const SHAPES = 0, DRAWN = 1, AREAS = 2, PLAIN = 3, ATOP = 4, BRIGHTER = 5;
const PROGRAM = [0, 1, 2, 2, 0, 2];

// How light fades around a line: shares of its reach and of its strength.
const FADING = [[-1, 0], [-0.62, 0.1], [-0.3, 0.42], [0, 1], [0.3, 0.42], [0.62, 0.1], [1, 0]];

// What a browser shows of a canvas costs more than what is painted on it, by the pixel: a canvas of
// `moving` things is only as large as they need, and travels with them.
const SLACK = 48, STEP = 64;

class GlPaper {
  constructor(canvas, moving = false) {
    const gl = canvas.getContext("webgl2", { antialias: false, depth: false, stencil: false });
    if (!gl) throw new Error("no WebGL 2");
    this.name = "webgl2"; this.canvas = canvas; this.gl = gl; this.moving = moving;
    const part = (type, source) => {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source); gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) {
        throw new Error(gl.getShaderInfoLog(shader) || "no shader");
      }
      return shader;
    };
    const vertex = part(gl.VERTEX_SHADER, GL_VERTEX);
    this.programs = [GL_SHAPES, GL_DRAWN, GL_AREAS].map((source) => {
      const program = gl.createProgram();
      gl.attachShader(program, vertex);
      gl.attachShader(program, part(gl.FRAGMENT_SHADER, source));
      gl.linkProgram(program);
      if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error("no program");
      return [program, gl.getUniformLocation(program, "view"), gl.getUniformLocation(program, "grain")];
    });
    this.vertices = new Float32Array(FLOATS * 4096); this.nv = 0;
    this.indices = new Uint32Array(3 * 8192); this.ni = 0;
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    let offset = 0;
    [2, 4, 4, 3, 3].forEach((n, i) => {
      gl.enableVertexAttribArray(i);
      gl.vertexAttribPointer(i, n, gl.FLOAT, false, FLOATS * 4, offset);
      offset += n * 4;
    });
    gl.clearColor(0, 0, 0, 0);
    this.hole = [0, 0, 0]; this.spin = null; this.width = 0; this.runs = [];
  }

  resize(width, height) {
    const css = this.canvas.parentElement.clientWidth;
    if (width === this.width && height === this.height && css === this.css) return false;
    this.width = width; this.height = height; this.css = css;
    this.place(0, 0, width, height);
    return true;
  }

  // Let the canvas be a part of the picture, in pixels.
  place(left, top, width, height) {
    const { canvas } = this, [, , w, h] = this.part || [];
    this.part = [left, top, width, height];
    if (width !== w || height !== h) {
      canvas.width = width; canvas.height = height;
      this.gl.viewport(0, 0, width, height);
    }
    if (!this.moving) return;
    const k = this.css / this.width;
    canvas.style.width = `${width * k}px`;
    canvas.style.height = `${height * k}px`;
    canvas.style.transform = `translate(${left * k}px, ${top * k}px)`;
  }

  // Let the canvas hold all that is painted, and little more.
  follow() {
    const [x, y, right, bottom] = this.box, [left, top, width, height] = this.part;
    const clipped = (v, most) => Math.min(Math.max(v, 0), most);
    const x0 = clipped(Math.floor(x), this.width), x1 = clipped(Math.ceil(right), this.width);
    const y0 = clipped(Math.floor(y), this.height), y1 = clipped(Math.ceil(bottom), this.height);
    const fit = (need, most) => Math.min(STEP * Math.ceil((need + 2 * SLACK) / STEP), most);
    const w = fit(x1 - x0, this.width), h = fit(y1 - y0, this.height);
    const inside = left <= x0 && top <= y0 && x1 <= left + width && y1 <= top + height;
    if (inside && width * height < 1.5 * w * h) return;
    const least = (need, now, most) => (need <= now && now < need + 3 * STEP ? now : most);
    const wide = least(x1 - x0, width, w), high = least(y1 - y0, height, h);
    this.place(
      clipped(Math.round((x0 + x1 - wide) / 2), this.width - wide),
      clipped(Math.round((y0 + y1 - high) / 2), this.height - high), wide, high,
    );
  }

  begin(k) {
    this.k = k;
    this.nv = this.ni = 0; this.runs = []; this.box = [Infinity, Infinity, -Infinity, -Infinity]; this.below = false; this.hole = [0, 0, 0]; this.spin = null;
  }

  // What follows is painted in another way: each run of triangles is one draw call.
  way(mode) {
    if (this.lit) return;
    const last = this.runs[this.runs.length - 1];
    if (last && last[0] === mode && last[2] === this.below) return;
    this.runs.push([mode, this.ni, this.below]);
  }

  end() {
    const gl = this.gl;
    if (this.ni && this.moving) this.follow();
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!this.ni) return;
    gl.bufferData(gl.ARRAY_BUFFER, this.vertices.subarray(0, this.nv * FLOATS), gl.STREAM_DRAW);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, this.indices.subarray(0, this.ni), gl.STREAM_DRAW);
    this.programs.forEach(([program, view, grain]) => {
      gl.useProgram(program);
      gl.uniform4f(view, ...this.part);
      if (grain) gl.uniform1f(grain, Math.max(this.k, 0.7));
    });
    this.runs.forEach(([mode, first, below], i) => {
      const count = (i + 1 < this.runs.length ? this.runs[i + 1][1] : this.ni) - first;
      if (!count) return;
      gl.useProgram(this.programs[PROGRAM[mode]][0]);
      if (mode === PLAIN) gl.disable(gl.BLEND); else gl.enable(gl.BLEND);
      gl.blendEquation(mode === BRIGHTER ? gl.MAX : gl.FUNC_ADD);
      if (below) gl.blendFunc(gl.ONE_MINUS_DST_ALPHA, gl.ONE);
      else gl.blendFunc(mode === ATOP ? gl.DST_ALPHA : gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, 4 * first);
    });
  }

  // Wait until everything is painted; for measurements.
  finish() { this.gl.readPixels(0, 0, 1, 1, this.gl.RGBA, this.gl.UNSIGNED_BYTE, new Uint8Array(4)); }

  room(nv, ni) {
    if ((this.nv + nv) * FLOATS > this.vertices.length) {
      const more = new Float32Array(Math.max(this.vertices.length * 2, (this.nv + nv) * FLOATS));
      more.set(this.vertices); this.vertices = more;
    }
    if (this.ni + ni > this.indices.length) {
      const more = new Uint32Array(Math.max(this.indices.length * 2, this.ni + ni));
      more.set(this.indices); this.indices = more;
    }
  }

  vertex(x, y, c, a, f0, f1, f2, f3, mode, w1, w2) {
    const V = this.vertices, h = this.hole, box = this.box;
    let i = this.nv * FLOATS;
    if (this.spin) {
      const [co, si, cx, cy] = this.spin, px = x - cx, py = y - cy;
      x = cx + co * px - si * py; y = cy + si * px + co * py;
    }
    if (x < box[0]) box[0] = x; if (x > box[2]) box[2] = x;
    if (y < box[1]) box[1] = y; if (y > box[3]) box[3] = y;
    V[i++] = x; V[i++] = y; V[i++] = c[0]; V[i++] = c[1]; V[i++] = c[2]; V[i++] = a;
    V[i++] = f0; V[i++] = f1; V[i++] = f2; V[i++] = f3; V[i++] = mode; V[i++] = w1; V[i++] = w2;
    V[i++] = h[0]; V[i++] = h[1]; V[i++] = h[2];
    return this.nv++;
  }

  quad(a, b, c, d) {
    const I = this.indices;
    I[this.ni++] = a; I[this.ni++] = b; I[this.ni++] = c;
    I[this.ni++] = b; I[this.ni++] = d; I[this.ni++] = c;
  }

  clip(x = 0, y = 0, r = 0) { this.hole = [x, y, r]; }

  fill(points, colour, cut = null, edge = true) {
    const list = cut || triangles(points), n = points.length / 2, first = this.nv;
    this.way(this.hole[2] > 0 ? SHAPES : AREAS);
    this.room(n, list.length);
    for (let i = 0; i < n; i++) {
      this.vertex(points[2 * i], points[2 * i + 1], colour, colour[3], 0, 0, 0, 0, 0, 0, 0);
    }
    for (const i of list) this.indices[this.ni++] = first + i;
    if (edge && !this.rough) this.stroke([...points, points[0], points[1]], 0.7, colour);
  }

  // The area between two lines of as many points, from colour `a` at the first to `b`.
  strip(top, bottom, a, b = a, edge = false) {
    const n = top.length / 2;
    this.way(this.hole[2] > 0 ? SHAPES : a[3] === 1 && b[3] === 1 && !this.below ? PLAIN : AREAS);
    this.room(2 * n, 6 * n);
    let p = -1, q = -1;
    for (let i = 0; i < n; i++) {
      const u = this.vertex(top[2 * i], top[2 * i + 1], a, a[3], 0, 0, 0, 0, 0, 0, 0);
      const v = this.vertex(bottom[2 * i], bottom[2 * i + 1], b, b[3], 0, 0, 0, 0, 0, 0, 0);
      if (i) this.quad(p, q, u, v);
      p = u; q = v;
    }
    if (edge && !this.rough) this.stroke(top, 0.7, a);
  }

  // A line along `points`, `half` its half width (a number, or one for each point). `how`: kind,
  // seed, butt ends, alphas and dryness for each point.
  stroke(points, half, colour, how = {}) {
    const n = points.length / 2;
    if (n < 2) return;
    if (how.kind === "glow") { this.glow(points, half, colour, how.alphas); return; }
    const mode = STROKES[how.kind || "solid"], many = typeof half !== "number";
    const seed = how.seed || 0, cap = !how.butt;
    this.way(how.kind === "atop" ? ATOP : mode === 1 ? SHAPES : DRAWN);
    this.room(4 * n + 12, 12 * n + 36);
    const direction = (i) => {
      const dx = points[2 * i + 2] - points[2 * i], dy = points[2 * i + 3] - points[2 * i + 1];
      const l = Math.hypot(dx, dy);
      return l > 1e-6 ? [dx / l, dy / l] : null;
    };
    let widest = 0;
    if (many) for (let i = 0; i < n; i++) widest = Math.max(widest, half[i]);
    const pair = (i, nx, ny, ox, oy, cone) => {
      let h = many ? half[i] : half, a = colour[3] * (how.alphas ? how.alphas[i] : 1);
      if (h < 0.5) { a *= Math.max(h, 0) / 0.5; h = 0.5; }
      const w = h + 1, x = points[2 * i] + ox * w, y = points[2 * i + 1] + oy * w;
      const dry = how.dry ? how.dry[i] : 0, side = many ? widest : h, f1 = cone ? w : 0;
      const u = this.vertex(x + nx * w, y + ny * w, colour, a, w, f1, h, dry, mode, seed, side);
      const v = this.vertex(x - nx * w, y - ny * w, colour, a, -w, f1, h, dry, mode, seed, side);
      return [u, v];
    };
    let last = null, before = null;
    for (let i = 0; i < n; i++) {
      const ahead = i < n - 1 ? direction(i) : null;
      if (i < n - 1 && !ahead) continue;
      if (before === null && ahead === null) return;
      if (before === null) {
        if (cap) last = pair(i, -ahead[1], ahead[0], -ahead[0], -ahead[1], true);
        const here = pair(i, -ahead[1], ahead[0], 0, 0, false);
        if (last) this.quad(last[0], last[1], here[0], here[1]);
        last = here;
      } else if (ahead === null) {
        const here = pair(i, -before[1], before[0], 0, 0, false);
        this.quad(last[0], last[1], here[0], here[1]);
        if (cap) {
          const tip = pair(i, -before[1], before[0], before[0], before[1], true);
          this.quad(here[0], here[1], tip[0], tip[1]);
        }
      } else {
        const turn = before[0] * ahead[0] + before[1] * ahead[1];
        if (turn < 0.6) {
          // A sharp corner: both lines end round here.
          const here = pair(i, -before[1], before[0], 0, 0, false);
          this.quad(last[0], last[1], here[0], here[1]);
          const tip = pair(i, -before[1], before[0], before[0], before[1], true);
          this.quad(here[0], here[1], tip[0], tip[1]);
          last = pair(i, -ahead[1], ahead[0], -ahead[0], -ahead[1], true);
          const next = pair(i, -ahead[1], ahead[0], 0, 0, false);
          this.quad(last[0], last[1], next[0], next[1]);
          last = next;
        } else {
          let nx = -before[1] - ahead[1], ny = before[0] + ahead[0];
          const l = Math.hypot(nx, ny) || 1, k = Math.min(2 / l, 1.6) / l;
          nx *= k; ny *= k;
          const here = pair(i, nx, ny, 0, 0, false);
          this.quad(last[0], last[1], here[0], here[1]);
          last = here;
        }
      }
      if (ahead) before = ahead;
    }
  }

  // One row of corners across a glow, at (x, y) along the normal (nx, ny).
  glowRow(x, y, nx, ny, reach, colour, alpha) {
    const first = this.nv;
    for (const [share, light] of FADING) {
      this.vertex(x + nx * share * reach, y + ny * share * reach, colour, colour[3] * alpha * light, 0, 0, 0, 0, 0, 0, 0);
    }
    return first;
  }

  glowBand(a, b) {
    for (let i = 0; i + 1 < FADING.length; i++) this.quad(a + i, a + i + 1, b + i, b + i + 1);
  }

  // Light around a line, as far as `reach` pixels. Where it folds on itself it is painted twice,
  // which does not show inside `brighter`.
  glow(points, reach, colour, alphas) {
    this.way(AREAS);
    const n = points.length / 2, steps = 5, rows = n + 2 * steps;
    this.room(rows * 7, rows * 36);
    let last = -1, angle = 0;
    const row = (i, nx, ny) => {
      const next = this.glowRow(points[2 * i], points[2 * i + 1], nx, ny, reach, colour, alphas ? alphas[i] : 1);
      if (last >= 0) this.glowBand(last, next);
      last = next;
    };
    const fan = (i, turned) => {
      // Half a disc: the row swings about the end of the line.
      for (let k = 1; k <= steps; k++) {
        const a = angle + Math.PI / 2 + turned + Math.PI * k / steps;
        row(i, Math.cos(a), Math.sin(a));
      }
    };
    const least = Math.max(0.06 * reach * reach, 1e-6);
    for (let i = 0, j = 1; j < n; j++) {
      // Wide light needs few corners.
      const dx = points[2 * j] - points[2 * i], dy = points[2 * j + 1] - points[2 * i + 1];
      if (dx * dx + dy * dy < (j + 1 < n ? least : 1e-6)) continue;
      angle = Math.atan2(dy, dx);
      const nx = -Math.sin(angle), ny = Math.cos(angle);
      if (last < 0) fan(i, -Math.PI);
      row(i, nx, ny);
      row(j, nx, ny);
      i = j;
    }
    if (last >= 0) fan(n - 1, 0);
  }

  // Light around a circle.
  corona(x, y, r, reach, colour) {
    this.way(AREAS);
    const n = 40;
    this.room((n + 1) * 7, (n + 1) * 36);
    let last = -1;
    for (let i = 0; i <= n; i++) {
      const c = Math.cos(2 * Math.PI * i / n), s = Math.sin(2 * Math.PI * i / n);
      const next = this.glowRow(x + r * c, y + r * s, c, s, reach, colour, 1);
      if (last >= 0) this.glowBand(last, next);
      last = next;
    }
  }

  // What `draw` paints does not add up where it overlaps: the brighter one counts.
  brighter(draw) {
    this.way(BRIGHTER);
    this.lit = true;
    draw();
    this.lit = false;
  }

  // What `draw` paints lies under all that is there.
  under(draw) {
    this.below = true;
    draw();
    this.below = false;
  }

  // A soft ellipse, fading to its rim: evenly, or fast at first.
  soft(x, y, rx, ry, colour, even = false) {
    this.way(AREAS);
    const n = clamp(Math.round(0.25 * (rx + ry)), 12, 60), rings = even ? [[1, 0]] : [[0.55, 0.55], [1, 0]];
    this.room(1 + n * rings.length, 3 * n * (2 * rings.length - 1));
    const I = this.indices, centre = this.vertex(x, y, colour, colour[3], 0, 0, 0, 0, 0, 0, 0);
    let inner = -1;
    for (const [share, alpha] of rings) {
      const first = this.nv;
      for (let i = 0; i < n; i++) {
        const a = 2 * Math.PI * i / n;
        this.vertex(x + share * rx * Math.cos(a), y + share * ry * Math.sin(a), colour, alpha * colour[3], 0, 0, 0, 0, 0, 0, 0);
      }
      for (let i = 0; i < n; i++) {
        const j = (i + 1) % n;
        if (inner < 0) {
          I[this.ni++] = centre; I[this.ni++] = first + i; I[this.ni++] = first + j;
        } else this.quad(inner + i, inner + j, first + i, first + j);
      }
      inner = first;
    }
  }

  // An ellipse, or with `ring` its inner rim of that width.
  disc(x, y, rx, ry, colour, rotate = 0, ring = 0) {
    this.way(SHAPES);
    this.room(4, 6);
    const c = Math.cos(rotate), s = Math.sin(rotate), w = rx + 1.5, h = ry + 1.5, out = [];
    for (const [u, v] of [[-w, -h], [w, -h], [-w, h], [w, h]]) {
      out.push(this.vertex(x + u * c - v * s, y + u * s + v * c, colour, colour[3], u, v, rx, ry, 2, ring, 0));
    }
    this.quad(...out);
  }
}
