// The page: plays, scrubs, turns and listens.

function start() {
  const $ = (id) => document.getElementById(id);
  const model = new Model(JSON.parse($("scene").textContent));
  proportions(model.figure);
  const camera = new Camera(model);
  camera.aspect = model.size[0] / model.size[1];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const hash0 = new URLSearchParams(location.hash.slice(1));
  const names = Object.keys(STYLES);
  const state = {
    time: 0, playing: !still && !hash0.has("t"), speed: 1, loop: true, faces: true, bones: false,
    captions: true, style: STYLES[hash0.get("style")] ? hash0.get("style") : model.style,
    shown: model.actors.map(() => true),
  };
  const sheet0 = new CanvasPaper($("sheet"));
  const picture = $("picture");
  let canvas = $("bodies"), wall = $("backdrop"), paper = null, back = null, shown = "", lying = "", dirty = true, previous = 0, dpr = 1;

  // -- pictures ---------------------------------------------------------------------------------

  // Three canvases lie on each other: the sheet of paper that a style may want, painted once; the
  // backdrop, painted anew when the camera has moved; the bodies.
  function open(kind) {
    if (kind !== "canvas") {
      try {
        back = new GlPaper(wall);
        paper = new GlPaper(canvas, true);
        canvas.addEventListener("webglcontextlost", (event) => {
          event.preventDefault();
          open("canvas");
          shown = "";
          fit();
        });
        return;
      } catch (error) { /* then without it */ }
    }
    const fresh = (old) => {
      // A canvas that has tried WebGL cannot change its mind.
      const copy = old.cloneNode(false);
      copy.removeAttribute("style");
      old.replaceWith(copy);
      return copy;
    };
    wall = fresh(wall);
    canvas = fresh(canvas);
    back = new CanvasPaper(wall);
    paper = new CanvasPaper(canvas);
  }

  const memory = model.actors.map(() => ({}));
  let lastTime = -1;

  function inkOf(style, i) {
    const actor = model.actors[i], ink = tint(actor.inks[style.name]);
    return style.dark && actor.own ? glowing(ink) : ink;
  }

  // Who is far behind what the camera looks at takes on the colour of the air.
  function hazy(look, style, share) {
    if (share <= 0) return look;
    const air = tint(style.page), toward = (c) => c && mixed(c, air, share);
    return { ...look, ink: toward(look.ink), far: toward(look.far), seam: toward(look.seam), faceInk: toward(look.faceInk) };
  }

  function frameAt(seconds, width, height, ratio) {
    camera.look(seconds, width, height);
    camera.dpr = ratio; camera.rolled = Math.abs(camera.roll) > 1e-3;
    camera.spin = camera.rolled
      ? [Math.cos(-camera.roll), Math.sin(-camera.roll), camera.cx, camera.cy] : null;
  }

  const ROUGH = 0.5;
  let lastWay = "", soften = false;

  function draw(seconds = state.time) {
    const style = STYLES[state.style];
    model.seek(seconds);
    frameAt(seconds, paper.width, paper.height, dpr);
    style.beat = style.boil ? Math.floor(seconds * style.boil + 1e-6) : 0;
    if (Math.abs(seconds - lastTime) > 0.2) for (const m of memory) for (const k in m) delete m[k];
    lastTime = seconds;
    const under = style.sheet ? `${style.name}|${paper.width}|${paper.height}` : "";
    if (under !== lying) {
      $("sheet").hidden = !under;
      if (under) {
        sheet0.resize(paper.width, paper.height);
        sheet0.begin();
        style.sheet(sheet0, camera);
        sheet0.end();
      }
      lying = under;
    }
    // A backdrop that moves is painted with a quarter of the pixels, until it stands still again.
    const way = `${style.name}|${camera.key}`, rough = state.rough || (lastWay && way !== lastWay);
    lastWay = way;
    const scenery = `${way}|${rough}`;
    if (scenery !== shown) {
      const share = rough ? ROUGH : 1, { width, height } = paper;
      back.resize(Math.ceil(share * width), Math.ceil(share * height));
      if (rough) frameAt(seconds, back.width, back.height, share * dpr);
      back.begin(camera.k);
      back.rough = rough;
      back.spin = camera.spin;
      style.backdrop(back, camera, model);
      back.spin = null;
      back.end();
      if (rough) frameAt(seconds, width, height, dpr);
      shown = scenery;
      soften = rough;
    }
    paper.begin(camera.k);
    const cast0 = [], things = [];
    model.actors.forEach((actor, i) => {
      if (!state.shown[i] || !model.now[i].here) return;
      const who = cast(model, i, camera, memory[i]);
      if (!who.visible) return;
      who.look = hazy(looks[style.name][i], style, 0.6 * smoothstep(who.away / camera.distance, 1.22, 1.9));
      cast0.push(who);
      things.push([who.away - 0.05, who, null]);
    });
    model.props.forEach((prop, i) => {
      const spot = placeProp(model, prop, camera, seconds);
      if (spot.away > 0.1 * camera.distance) things.push([spot.away, null, spot, i]);
    });
    things.sort((p, q) => q[0] - p[0]);
    if (style.lights) {
      paper.brighter(() => { for (const [, who] of things) if (who) style.lights(paper, who, camera, model); });
    }
    for (const [, who, spot, i] of things) {
      if (who) {
        if (model.trails) paintBodyTrails(paper, style, model, camera, seconds, who);
        paintBody(paper, style, who, who.look, state.faces);
      } else {
        if (model.trails) paintFlight(paper, style, model, camera, seconds, spot, i);
        paintProp(paper, style, spot, i, camera);
      }
    }
    paper.under(() => {
      for (const [, who, spot] of things) {
        if (who) paintShadow(paper, style, who, camera, model); else paintPropShadow(paper, style, spot);
      }
    });
    const weather = model.place.weather;
    if (weather) {
      paper.under(() => paintWeather(paper, camera, style, weather, seconds, false));
      paintWeather(paper, camera, style, weather, seconds, true);
    }
    if (state.bones) for (const who of cast0) paintBones(paper, who);
    paper.end();
    captions(seconds, cast0, style);
  }

  // By night the figures of the normal style are light, with dark faces.
  if (model.place.dark) {
    Object.assign(STYLES.normal, { plate: tint("#262531"), page: model.place.sky[1], dim: true });
  } else STYLES.normal.page = model.place.sky[2];
  const looks = {};
  for (const name of names) {
    const style = STYLES[name];
    looks[name] = model.actors.map((actor, i) => {
      const ink = inkOf(style, i);
      const own = style.name === "normal";
      return { ink, far: own && tint(actor.far), seam: own && tint(actor.seam), kind: actor.kind, faceInk: style.dark ? mixed(ink, [1, 1, 1, 1], 0.55) : ink };
    });
  }

  // -- captions ---------------------------------------------------------------------------------

  const bubbles = $("bubbles"), subtitle = $("subtitle");
  function captions(seconds, cast0, style) {
    const now = state.captions
      ? model.captions.filter((c) => c.start <= seconds && seconds < c.end && c.text.trim()) : [];
    const words = [], spoken = [];
    for (const caption of now) {
      const who = cast0.find((w) => w.a === caption.actor);
      if (who) spoken.push([caption, who]);
      else words.push(caption.actor === null || !model.actors[caption.actor] ? caption.text
        : `${model.actors[caption.actor].name || "Somebody"}: ${caption.text}`);
    }
    const text = words.join("\n");
    if (subtitle.textContent !== text) subtitle.textContent = text;
    subtitle.hidden = !text;
    while (bubbles.children.length > spoken.length) bubbles.lastChild.remove();
    const W = picture.clientWidth, heads = spoken.map(([, who]) => who.xy[2 * HEAD] / dpr);
    const middle = heads.reduce((sum, x) => sum + x, 0) / Math.max(heads.length, 1), taken = [];
    spoken.forEach(([caption, who], i) => {
      let box = bubbles.children[i];
      if (!box) { box = document.createElement("p"); box.className = "bubble"; bubbles.append(box); }
      if (box.textContent !== caption.text) box.textContent = caption.text;
      box.classList.toggle("night", style.dark || !!style.dim);
      // Beside the head: away from who else speaks, else toward the middle of the picture.
      const hx = heads[i], hy = who.xy[2 * HEAD + 1] / dpr, r = HEAD_RADIUS * who.size / dpr;
      const side = (spoken.length > 1 ? hx >= middle : hx < 0.5 * W) ? 1 : -1;
      const w = box.offsetWidth, h = box.offsetHeight;
      const x = clamp(hx + side * (0.6 * r + 0.5 * w) - 0.5 * w, 8, Math.max(8, W - w - 8));
      let y = hy - 1.75 * r - h;
      for (const [l, t, right, low] of taken) {
        if (x < right + 8 && l < x + w + 8 && y < low + 8 && t < y + h + 8) y = t - h - 14;
      }
      y = Math.max(y, 8);
      taken.push([x, y, x + w, y + h]);
      box.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      box.style.setProperty("--tail", `${clamp((hx + side * 0.6 * r - x) / w * 100, 12, 80).toFixed(0)}%`);
      box.style.setProperty("--lean", side > 0 ? "0%" : "100%");
    });
  }

  // -- time -------------------------------------------------------------------------------------

  const time = $("time"), clock = $("clock"), status = $("status");
  const say = (text) => { status.textContent = text; };
  time.max = String(Math.max(model.last, 1e-6));

  let told = 0;
  function readout(now = 0) {
    if (now && now - told < 90) return; // while playing ten times a second will do
    told = now;
    if (document.activeElement !== time || !time.matches(":active")) time.value = String(state.time);
    const text = `${state.time.toFixed(2)} / ${model.seconds.toFixed(2)} s`;
    if (clock.textContent !== text) {
      clock.textContent = text;
      time.setAttribute("aria-valuetext", `${state.time.toFixed(2)} seconds`);
    }
  }

  function seek(seconds, { fit = false } = {}) {
    state.time = clamp(fit ? Math.round(seconds * model.fps) / model.fps : seconds, 0, model.last);
    dirty = true;
    readout();
  }

  function play(on = !state.playing) {
    state.playing = on;
    if (on && state.time >= model.last && !state.loop) seek(0);
    document.body.classList.toggle("playing", on);
    $("play").setAttribute("aria-label", on ? "Pause" : "Play");
    if (pace.sharp < 1) fit();
    if (!on) { readout(); remember(); }
  }

  function remember() {
    if (location.protocol === "about:") return;
    const words = new URLSearchParams({ t: state.time.toFixed(2) });
    if (state.style !== model.style) words.set("style", state.style);
    try { history.replaceState(null, "", `#${words}`); } catch (error) { /* not in a sandbox */ }
  }

  // Where playing stutters, fewer pixels are drawn; a picture that stands still is always sharp.
  const pace = { sharp: 1, interval: 16, before: 0, frames: 0, settled: false };
  function keepUp(interval) {
    if (pace.settled || interval > 150) return;
    pace.interval += 0.05 * (interval - pace.interval);
    if (++pace.frames < 50) return;
    pace.frames = 0;
    if (pace.before && pace.interval > 0.85 * pace.before) {
      pace.sharp = Math.min(1, pace.sharp / 0.75); // it was not the pixels
      pace.settled = true;
    } else if (pace.interval > 25 && pace.sharp > 0.5) {
      pace.before = pace.interval;
      pace.sharp *= 0.75;
    } else {
      pace.settled = true;
    }
    fit();
  }

  function tick(now) {
    requestAnimationFrame(tick);
    if (state.playing) keepUp(now - previous);
    const passed = Math.min((now - previous) / 1000, 0.1);
    previous = now;
    if (state.playing) {
      let t = state.time + passed * state.speed;
      if (t > model.last) {
        if (state.loop) t = model.last > 0 ? t % (model.last + 1 / model.fps) : 0;
        else { t = model.last; play(false); }
        t = Math.min(t, model.last);
      }
      state.time = t;
      dirty = true;
      readout(now);
    }
    if (dirty || soften) { dirty = false; draw(); }
  }

  function fit() {
    const box = $("stage").getBoundingClientRect();
    dpr = Math.min(window.devicePixelRatio || 1, 2) * (state.playing ? pace.sharp : 1);
    const size = [box.width, box.height].map((v) => Math.max(16, Math.round(v * dpr)));
    if (paper.resize(...size)) shown = lying = lastWay = "";
    dirty = true;
  }

  // -- controls ---------------------------------------------------------------------------------

  function style(name) {
    if (!STYLES[name]) return;
    state.style = name;
    $("style").value = name;
    document.documentElement.style.setProperty("--ground", STYLES[name].page);
    document.querySelectorAll(".swatch").forEach((spot, i) => { spot.style.background = css(looks[name][i].ink); });
    dirty = true;
  }
  function toggle(id, key, on = !state[key]) { state[key] = on; $(id).checked = on; dirty = true; }
  function loop(on = !state.loop) { state.loop = on; $("loop").setAttribute("aria-pressed", String(on)); }
  function dark(on) {
    document.documentElement.classList.toggle("dark", on);
    $("dark").setAttribute("aria-pressed", String(on));
  }
  function more(on = $("menu").hidden) { $("menu").hidden = !on; $("more").setAttribute("aria-expanded", String(on)); }
  function speed(step) {
    const box = $("speed");
    box.selectedIndex = clamp(box.selectedIndex + step, 0, box.options.length - 1);
    state.speed = Number(box.value);
  }
  function reset() { camera.reset(); dirty = true; say("View reset"); }
  function orbit(yaw, pitch) {
    if (model.flat) { say("This motion has no depth, so its camera cannot turn"); return; }
    camera.yaw += yaw; camera.pitch = clamp(camera.pitch + pitch, -1.6, 1.6); dirty = true;
  }
  function zoom(factor) { camera.zoom = clamp(camera.zoom * factor, 0.2, 12); dirty = true; }
  function pan(x, y) {
    const metres = camera.distance / camera.focal;
    camera.pan[0] -= x * dpr * metres; camera.pan[1] += y * dpr * metres; dirty = true;
  }

  async function copy() {
    const text = model.command || [model.title, model.seed === null ? "" : `seed ${model.seed}`].filter(Boolean).join(" · ");
    try { await navigator.clipboard.writeText(text); } catch (error) {
      const area = document.createElement("textarea");
      area.value = text; document.body.append(area); area.select();
      document.execCommand("copy"); area.remove();
    }
    say("Copied"); $("copy").textContent = "Copied"; setTimeout(() => { $("copy").textContent = "Copy prompt"; }, 1500);
  }

  function save() {
    shown = lastWay = "";
    draw();
    const both = document.createElement("canvas"), pen = both.getContext("2d");
    both.width = paper.width; both.height = paper.height;
    if (lying) pen.drawImage($("sheet"), 0, 0);
    pen.drawImage(wall, 0, 0);
    pen.drawImage(canvas, ...(paper.part || [0, 0]).slice(0, 2));
    both.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `stickgen-${state.time.toFixed(2)}s.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      say("Picture saved");
    }, "image/png");
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => say("Full screen is not allowed here"));
  }

  for (const name of names) $("style").append(new Option(name[0].toUpperCase() + name.slice(1), name));
  $("play").onclick = () => play();
  $("back").onclick = () => { play(false); seek(state.time - 1 / model.fps, { fit: true }); };
  $("next").onclick = () => { play(false); seek(state.time + 1 / model.fps, { fit: true }); };
  $("style").onchange = (event) => style(event.target.value);
  $("speed").onchange = (event) => { state.speed = Number(event.target.value); };
  $("loop").onclick = () => loop();
  $("reset").onclick = reset;
  $("more").onclick = () => more();
  $("copy").onclick = copy;
  $("shot").onclick = save;
  $("full").onclick = full;
  $("dark").onclick = () => dark(!document.documentElement.classList.contains("dark"));
  $("help").onclick = () => $("keys").showModal();
  for (const key of ["faces", "bones", "captions"]) $(key).onchange = (event) => toggle(key, key, event.target.checked);
  time.oninput = () => { const wanted = Number(time.value); play(false); seek(wanted); };
  model.actors.forEach((actor, i) => {
    const label = document.createElement("label"), box = document.createElement("input"), spot = document.createElement("span");
    box.type = "checkbox"; box.checked = true;
    box.onchange = () => { state.shown[i] = box.checked; dirty = true; };
    spot.className = "swatch";
    label.append(box, spot, actor.name || `Actor ${i + 1}`);
    $("actors").append(label);
  });
  if (!model.captions.length) $("captions").parentElement.hidden = true;
  if (model.flat) picture.classList.add("flat");

  const KEYS = {
    " ": () => play(), k: () => play(),
    ArrowLeft: (e) => { play(false); seek(state.time - (e.shiftKey ? 1 : 1 / model.fps), { fit: true }); },
    ArrowRight: (e) => { play(false); seek(state.time + (e.shiftKey ? 1 : 1 / model.fps), { fit: true }); },
    Home: () => seek(0), End: () => { play(false); seek(model.last); },
    ",": () => speed(-1), ".": () => speed(1),
    1: () => style("normal"), 2: () => style("sketch"), 3: () => style("ink"), 4: () => style("neon"),
    b: () => toggle("bones", "bones"), e: () => toggle("faces", "faces"), t: () => toggle("captions", "captions"),
    l: () => loop(), r: reset, m: () => more(), s: save, c: copy, f: full, d: () => $("dark").click(),
    w: () => orbit(0.1, 0), a: () => orbit(-0.1, 0), q: () => orbit(0, 0.08), z: () => orbit(0, -0.08),
    "+": () => zoom(1.15), "=": () => zoom(1.15), "-": () => zoom(1 / 1.15),
    "?": () => $("keys").showModal(), Escape: () => more(false),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
    const on = event.target, key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (on.matches?.("select, button, input[type=checkbox]") && (key === " " || key === "Enter")) return;
    if (on.matches?.("select") && key.startsWith("Arrow")) return;
    if (on.matches?.("select") && key.length === 1) return;
    const act = KEYS[key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });

  // -- pointers: one turns, two (or Shift, or another button) move and zoom -----------------------

  function listen() {
    const held = new Map();
    let spread = 0;
    picture.addEventListener("pointerdown", (event) => {
      try { picture.setPointerCapture(event.pointerId); } catch (error) { /* a synthetic pointer */ }
      held.set(event.pointerId, [event.clientX, event.clientY]);
      spread = 0;
    });
    picture.addEventListener("pointermove", (event) => {
      const was = held.get(event.pointerId);
      if (!was) return;
      const dx = event.clientX - was[0], dy = event.clientY - was[1];
      held.set(event.pointerId, [event.clientX, event.clientY]);
      if (held.size > 1) {
        const [p, q] = [...held.values()], now = Math.hypot(p[0] - q[0], p[1] - q[1]);
        if (spread) zoom(now / spread);
        spread = now;
        pan(dx / 2, dy / 2);
      } else if (event.shiftKey || event.buttons > 1) pan(dx, dy);
      else orbit(-dx * 0.008, dy * 0.006);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      picture.addEventListener(end, (event) => { held.delete(event.pointerId); spread = 0; });
    }
    picture.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(Math.exp(-clamp(event.deltaY, -240, 240) * 0.0016));
    }, { passive: false });
    picture.addEventListener("contextmenu", (event) => event.preventDefault());
    picture.addEventListener("dblclick", reset);
  }

  window.addEventListener("hashchange", () => {
    const words = new URLSearchParams(location.hash.slice(1));
    if (words.has("t")) { play(false); seek(Number(words.get("t")) || 0); }
    if (words.has("style")) style(words.get("style"));
  });
  const night = matchMedia("(prefers-color-scheme: dark)");
  dark(night.matches);
  night.addEventListener?.("change", (event) => dark(event.matches));

  listen();
  open(hash0.get("renderer"));
  style(state.style);
  fit();
  new ResizeObserver(fit).observe($("stage"));
  seek(Number(hash0.get("t")) || 0);
  play(state.playing);
  draw();
  dirty = false;
  requestAnimationFrame((now) => { previous = now; tick(now); });

  // For pages that hold this one in a frame, and for tests.
  const ready = performance.now();
  window.stickgen = {
    ready, // milliseconds from the request for the page to its first picture
    get renderer() { return paper.name; },
    get time() { return state.time; },
    get playing() { return state.playing; },
    get view() { return { yaw: camera.yaw, pitch: camera.pitch, zoom: camera.zoom, pan: [...camera.pan] }; },
    get style() { return state.style; },
    play, seek, draw, dress: style, turn: orbit,
    // Milliseconds each of `count` frames takes to draw, waiting for every pixel; with `all` the
    // backdrop is painted anew each time, as when the camera travels.
    measure(count = 60, all = false) {
      const out = [], at = state.time;
      for (let i = 0; i < count; i++) {
        const from = performance.now();
        if (all) { shown = ""; state.rough = true; }
        draw(model.last * i / Math.max(count - 1, 1));
        if (all) back.finish();
        paper.finish();
        out.push(performance.now() - from);
      }
      state.rough = false;
      seek(at);
      return out;
    },
    // Pixels of body `i` now: head, pelvis and both feet, in CSS pixels of the picture.
    body(i) {
      model.seek(state.time);
      camera.look(state.time, paper.width, paper.height);
      const who = cast(model, i, camera, {}), at = (k) => [who.xy[2 * k] / dpr, who.xy[2 * k + 1] / dpr];
      return { head: at(HEAD), pelvis: at(0), feet: [at(LEGS[0][3]), at(LEGS[1][3])], height: who.size / dpr, yaw: who.yaw };
    },
  };
}

start();
