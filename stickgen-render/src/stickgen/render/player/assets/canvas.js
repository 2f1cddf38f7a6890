// Paints with the 2-D canvas where there is no WebGL 2. The same calls as GlPaper.

const css = (c, a = c[3]) =>
  `rgba(${Math.round(c[0] * 255)},${Math.round(c[1] * 255)},${Math.round(c[2] * 255)},${a.toFixed(3)})`;

class CanvasPaper {
  constructor(canvas) {
    this.name = "canvas"; this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    if (!this.pen) throw new Error("no canvas");
    this.width = 0; this.clipped = false;
  }

  resize(width, height) {
    if (width === this.width && height === this.height) return false;
    this.width = this.canvas.width = width;
    this.height = this.canvas.height = height;
    return true;
  }

  begin() {
    this.pen.setTransform(1, 0, 0, 1, 0, 0);
    this.pen.clearRect(0, 0, this.width, this.height);
  }

  end() { this.clip(); }

  finish() { this.pen.getImageData(0, 0, 1, 1); }

  set spin(value) {
    if (!value) { this.pen.setTransform(1, 0, 0, 1, 0, 0); return; }
    const [c, s, x, y] = value;
    this.pen.setTransform(c, s, -s, c, x - c * x + s * y, y - s * x - c * y);
  }

  clip(x = 0, y = 0, r = 0) {
    if (this.clipped) { this.pen.restore(); this.clipped = false; }
    if (r > 0) {
      this.pen.save(); this.clipped = true;
      this.pen.beginPath(); this.pen.arc(x, y, r, 0, 2 * Math.PI); this.pen.clip();
    }
  }

  trace(points) {
    const p = this.pen;
    p.beginPath();
    p.moveTo(points[0], points[1]);
    for (let i = 2; i < points.length; i += 2) p.lineTo(points[i], points[i + 1]);
  }

  fill(points, colour) {
    this.trace(points);
    this.pen.fillStyle = css(colour);
    this.pen.fill();
  }

  strip(top, bottom, a, b = a) {
    const p = this.pen;
    this.trace(top);
    for (let i = bottom.length - 2; i >= 0; i -= 2) p.lineTo(bottom[i], bottom[i + 1]);
    if (a === b) {
      p.fillStyle = css(a);
    } else {
      const middle = (line) => {
        let x = 0, y = 0;
        for (let i = 0; i < line.length; i += 2) { x += line[i]; y += line[i + 1]; }
        return [2 * x / line.length, 2 * y / line.length];
      };
      const fade = p.createLinearGradient(...middle(top), ...middle(bottom));
      fade.addColorStop(0, css(a)); fade.addColorStop(1, css(b));
      p.fillStyle = fade;
    }
    p.fill();
  }

  stroke(points, half, colour, how = {}) {
    const p = this.pen, n = points.length / 2, kind = how.kind || "solid";
    if (n < 2) return;
    p.lineJoin = "round"; p.lineCap = how.butt ? "butt" : "round";
    if (kind === "glow") {
      const h = typeof half === "number" ? half : Math.max(...half);
      p.globalCompositeOperation = "lighter";
      const a = colour[3] * (how.alphas ? Math.max(...how.alphas) : 1);
      this.trace(points);
      for (const [w, share] of [[1.5, 0.05], [1.0, 0.09], [0.6, 0.16]]) {
        p.lineWidth = h * w; p.strokeStyle = css(colour, a * share); p.stroke();
      }
      p.globalCompositeOperation = "source-over";
      return;
    }
    if (kind === "atop") {
      p.globalCompositeOperation = "source-atop";
      this.trace(points);
      p.lineWidth = 2 * half; p.strokeStyle = css(colour); p.stroke();
      p.globalCompositeOperation = "source-over";
      return;
    }
    const a = colour[3] * (kind === "pencil" ? 0.82 : 1);
    if (typeof half === "number" && !how.alphas) {
      this.trace(points);
      p.lineWidth = 2 * half; p.strokeStyle = css(colour, a); p.stroke();
      return;
    }
    p.strokeStyle = css(colour, a);
    const width = (i) => typeof half === "number" ? half : half[i];
    for (let i = 0; i < n - 1; i++) {
      p.beginPath(); p.moveTo(points[2 * i], points[2 * i + 1]);
      p.lineTo(points[2 * i + 2], points[2 * i + 3]);
      p.lineWidth = Math.max(width(i) + width(i + 1), 0.5);
      if (how.alphas) p.strokeStyle = css(colour, a * how.alphas[i]);
      p.stroke();
    }
  }

  glow(points, reach, colour, alphas) { this.stroke(points, reach, colour, { kind: "glow", alphas }); }

  corona(x, y, r, reach, colour) { this.glow(circle(x, y, r), reach, colour); }

  brighter(draw) { draw(); }

  under(draw) {
    this.pen.globalCompositeOperation = "destination-over";
    draw();
    this.pen.globalCompositeOperation = "source-over";
  }

  disc(x, y, rx, ry, colour, rotate = 0, ring = 0) {
    const p = this.pen;
    p.beginPath();
    if (ring > 0) {
      p.ellipse(x, y, rx - ring / 2, ry - ring / 2, rotate, 0, 2 * Math.PI);
      p.lineWidth = ring; p.strokeStyle = css(colour); p.stroke();
    } else {
      p.ellipse(x, y, rx, ry, rotate, 0, 2 * Math.PI);
      p.fillStyle = css(colour); p.fill();
    }
  }

  soft(x, y, rx, ry, colour, even = false) {
    if (rx < 0.5 || ry < 0.5) return;
    const p = this.pen;
    p.save();
    p.translate(x, y); p.scale(rx, ry);
    const fade = p.createRadialGradient(0, 0, 0, 0, 0, 1);
    fade.addColorStop(0, css(colour));
    if (!even) fade.addColorStop(0.55, css(colour, colour[3] * 0.55));
    fade.addColorStop(1, css(colour, 0));
    p.fillStyle = fade;
    p.beginPath(); p.arc(0, 0, 1, 0, 2 * Math.PI); p.fill();
    p.restore();
  }
}
