"use strict";
(function () {
  const $ = (id) => document.getElementById(id);
  const base = location.pathname;
  let job = null, result = null;

  async function ask(place, body) {
    const answer = await fetch(base + place, body === undefined ? {} : {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const value = await answer.json();
    if (!answer.ok) throw new Error(value.error || answer.statusText);
    return value;
  }

  function say(text, bad = false) {
    $("status").textContent = text;
    $("status").classList.toggle("bad", bad);
  }

  function busy(on) {
    $("go").disabled = on;
    $("cancel").hidden = !on;
    $("progress").hidden = !on;
    for (const button of $("formats").children) button.disabled = on;
  }

  // Wait for a job to end; true if it did what it should.
  async function follow(facts, doing) {
    job = facts.job;
    busy(true);
    try {
      while (facts.state === "running") {
        if (facts.total) $("progress").value = facts.done / facts.total;
        else $("progress").removeAttribute("value");
        say(`${doing} … ${facts.seconds.toFixed(0)} s`);
        await new Promise((done) => setTimeout(done, facts.seconds < 2 ? 150 : 400));
        facts = await ask(`job/${facts.job}`);
      }
    } finally {
      job = null;
      busy(false);
    }
    if (facts.state === "done") return true;
    say(facts.state === "cancelled" ? "Cancelled." : facts.message, facts.state !== "cancelled");
    return false;
  }

  const look = () => ({ style: $("style").value, view: $("view").value, size: $("size").value, camera: $("camera").value });
  const number = (id) => $(id).value === "" ? null : Number($(id).value);

  $("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (job) return;
    $("warnings").replaceChildren();
    const request = { prompt: $("prompt").value, seed: number("seed"), duration: number("duration"), ...look() };
    try {
      const started = await ask("generate", request);
      if (!await follow(started, "Animating")) return;
      result = started.result;
      const facts = await ask(`job/${started.job}`);
      for (const warning of facts.warnings) {
        const line = document.createElement("li");
        line.textContent = warning;
        $("warnings").append(line);
      }
      $("player").src = `${base}result/${result}/player.html`;
      $("player").hidden = false;
      $("empty").hidden = true;
      $("downloads").hidden = false;
      say(`Seed ${started.seed}, made in ${facts.seconds.toFixed(1)} s.`);
      $("seed").placeholder = String(started.seed);
    } catch (error) {
      say(error.message, true);
    }
  });

  $("cancel").addEventListener("click", () => { if (job) ask(`cancel/${job}`, {}).catch((error) => say(error.message, true)); });

  async function download(form) {
    if (job || !result) return;
    const from = result;
    try {
      const started = await ask(`export/${from}`, { format: form, ...look() });
      if (!await follow(started, `Writing ${form}`)) return;
      const link = document.createElement("a");
      link.href = `${base}result/${from}/${started.file}`;
      link.download = started.file;
      link.click();
      say(`${started.file} is on its way.`);
    } catch (error) {
      say(error.message, true);
    }
  }

  const NAMES = { "three-quarter": "three-quarter", "1280x720": "1280 × 720", "1920x1080": "1920 × 1080", "640x360": "640 × 360", "1080x1080": "square", "720x1280": "upright" };
  ask("choices").then((choices) => {
    for (const [id, list] of [["style", choices.styles], ["view", choices.views], ["size", choices.sizes], ["camera", choices.cameras]]) {
      for (const name of list) $(id).append(new Option(NAMES[name] || name, name));
    }
    $("prompt").maxLength = choices.most_characters;
    $("duration").max = choices.most_seconds;
    for (const { format, media_type } of choices.formats) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = format;
      button.title = media_type;
      button.addEventListener("click", () => download(format));
      $("formats").append(button);
    }
  }).catch((error) => say(error.message, true));
})();
