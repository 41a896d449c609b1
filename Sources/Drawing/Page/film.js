// The film in the browser: what stands where at any time, and looking closer.
//
// The film's data, one JSON object, says what is drawn; FilmPage.swift writes it, and says beside
// each part how it is read. How it is drawn is said once, in Swift: `film.rules`, `film.easing`,
// `film.shapes` and `film.axes` are the numbers of the film and its stills, and the functions
// `curve` and `labelPlace` are those of Scene.swift, for a stage of the window's shape.
"use strict";
{
  const film = JSON.parse(document.getElementById("data").textContent);
  const { keys, rules, shapes } = film;
  const last = keys.length - 1;
  /** The number of symbols. */
  const k = film.symbols.length;
  /** Whether the reader asks for less motion. */
  const calm = matchMedia("(prefers-reduced-motion:reduce)").matches;
  /** Whether words are written without spaces. */
  const compact = film.symbols.every((symbol) => [...symbol].length === 1);

  // ---- Elements ---------------------------------------------------------------------------------

  const $ = (id) => document.getElementById(id);

  function make(name, attributes = {}, parent = null) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (parent) parent.append(element);
    return element;
  }

  function makeText(text, attributes, parent) {
    make("text", attributes, parent).textContent = text;
  }

  const mix = (a, b, u) => a + (b - a) * u;
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
  const counted = (n, one, many = one + "s") => `${n} ${n === 1 ? one : many}`;
  const spell = (symbols) => symbols.map((a) => film.symbols[a]).join(compact ? "" : " ");

  /** A word by its number. The words are in shortlex order: word i goes on to k·i + 1 … k·i + k. */
  function word(node) {
    const symbols = [];
    for (; node > 0; node = Math.floor((node - 1) / k)) symbols.push((node - 1) % k);
    return spell(symbols.reverse()) || "ε";
  }

  // ---- The stage: what stands where at any time -------------------------------------------------

  const stage = $("stage");
  const startArrow = stage.querySelector(".start");
  const layers = {};
  for (const name of ["fold", "open", "tree", "states", "labels"])
    layers[name] = stage.querySelector("." + name);

  // The stage in pixels, and the margins around the automaton.
  let width = 1;
  let height = 1;
  const margin = { left: 44, right: 14, top: 16, bottom: 16 };
  const count = (key) => key.x.length;
  const innerWidth = () => width - margin.left - margin.right;
  const innerHeight = () => height - margin.top - margin.bottom;
  /** How large states are: as in the film on a stage as wide as the film's, within bounds. */
  const stateScale = () => clamp(width / rules.stageWidth, 0.72, 1.3);

  // Places are shares of the stage; `key.view` is the part of it that is shown.
  const placeX = (key, s) =>
    margin.left + (key.x[s] - key.view.left) * key.view.scaleX * innerWidth();
  const placeY = (key, s) =>
    margin.top + (key.y[s] - key.view.top) * key.view.scaleY * innerHeight();
  const radius = (key, s) => key.r[s] * stateScale() * key.view.zoom;
  const columnWidth = (key) => key.column * key.view.scaleX * innerWidth();

  const hasLabels = (key) => count(key) <= rules.labelLimit * Math.min(1, width / 760);
  const hasArrows = (key) => count(key) <= rules.arrowLimit;
  const strokeWidth = (key, kind) =>
    key.width[kind] * Math.min(Math.sqrt(key.view.zoom), rules.thickestEdge / key.width.tree);
  const rimWidth = (key) => Math.min(rules.thickestRim, key.rimWidth * key.view.zoom);

  function kindOf(key, s, symbol) {
    const target = key.next[s * k + symbol];
    return target < 0 ? "open" : key.parent[target] === s ? "tree" : "fold";
  }

  /** The four points of an edge, [x, y, …]: of any kind, so that one can become another. */
  function curve(key, s, symbol) {
    const x = placeX(key, s);
    const y = placeY(key, s);
    const column = columnWidth(key);
    const side = symbol - (k - 1) / 2;
    const target = key.next[s * k + symbol];
    if (target < 0) {
      const spread = Math.min(rules.stubSpread, rules.stubSpreadShare * radius(key, s));
      const endX = x + rules.stubShare * column;
      const endY = y + side * spread;
      const middle = (x + endX) / 2;
      return [x, y, middle, y, middle, endY, endX, endY];
    }
    const gap = hasArrows(key) ? radius(key, target) + rules.tipGap : 0;
    if (s === target) {
      const reach = radius(key, s) + rules.loopReach;
      const top = y - rules.loopHeight * reach;
      const [endX, endY] = [x - rules.loopEndLeft * gap, y - rules.loopEndAbove * gap];
      return [x, y, x + reach, top, x - reach, top, endX, endY];
    }
    const toX = placeX(key, target);
    const toY = placeY(key, target);
    const [dx, dy] = [toX - x, Math.abs(toY - y)];
    if (dx > rules.swingShare * column) {
      const middle = (x + toX) / 2;
      return [x, y, middle, y, middle, toY, toX - (key.parent[target] === s ? 0 : gap), toY];
    }
    const swing = rules.swingShare * column + rules.swingHeightShare * dy;
    const lift = rules.liftShare * -dx * Math.max(0, 1 - dy / rules.liftFade);
    const part = side * Math.min(rules.partSpread / k, rules.partSpreadShare * radius(key, s));
    return [x, y, x + swing, y - lift + part, toX + swing, toY - lift, toX + gap, toY];
  }

  /** The centre of the symbol on an edge, given the edge's points. */
  function labelPlace(key, s, symbol, p) {
    let rest = kindOf(key, s, symbol) === "tree"
      ? rules.labelShare * columnWidth(key)
      : radius(key, s) + rules.labelDistance;
    rest += rules.labelPitch * (symbol % rules.labelPlaces);
    let [x, y] = p;
    for (let step = 1; step <= rules.labelSteps; step++) {
      const t = step / rules.labelStepsPerEdge;
      const q = 1 - t;
      const [a, b, c, d] = [q * q * q, 3 * q * q * t, 3 * q * t * t, t * t * t];
      const nextX = a * p[0] + b * p[2] + c * p[4] + d * p[6];
      const nextY = a * p[1] + b * p[3] + c * p[5] + d * p[7];
      rest -= Math.hypot(nextX - x, nextY - y);
      [x, y] = [nextX, nextY];
      if (rest <= 0) break;
    }
    return [x, y];
  }

  // Who takes part in the step from key i to key i + 1. A state is null where there is none.
  const casts = keys.map(() => []);
  /** The track that each state of each key frame belongs to. */
  const trackOf = keys.map(() => []);
  film.tracks.forEach(([first, states, origin, destination], track) => {
    const end = first + states.length - 1;
    const final = states[states.length - 1];
    states.forEach((state, i) => (trackOf[first + i][state] = track));
    if (first > 0) casts[first - 1].push({ from: origin, to: states[0], isBorn: true });
    for (let i = first; i < end; i++)
      casts[i].push({ from: states[i - first], to: states[i + 1 - first] });
    casts[end].push(
      end < last ? { from: final, to: destination, ends: true } : { from: final, to: final });
  });
  // What is born later lies deeper, and those who come or go lie beneath those who stay.
  const passes = (role) => (role.isBorn || role.ends ? 1 : 0);
  for (const cast of casts) cast.reverse().sort((a, b) => passes(b) - passes(a));

  /** The state that a track is at a key frame, or is part of by then; -1 before it began. */
  function stateOf(track, key) {
    for (;;) {
      const [first, states, , destination] = film.tracks[track];
      if (key < first) return -1;
      if (key < first + states.length) return states[key - first];
      if (destination === null) return -1;
      track = trackOf[first + states.length][destination];
    }
  }

  // ---- A branch, opened to fill the stage: the states whose access words begin with one word ----

  const whole = { left: 0, scaleX: 1, top: 0, scaleY: 1, zoom: 1 };
  /** The word of the branch, as symbols; empty for the whole automaton. */
  let branch = [];
  let branchVersion = 0;
  let branchOpened = 0;

  /** The access word of a state. */
  function access(key, s) {
    const symbols = [];
    for (; key.parent[s] >= 0; s = key.parent[s]) {
      const row = key.parent[s] * k;
      symbols.push(key.next.slice(row, row + k).indexOf(s));
    }
    return symbols.reverse();
  }

  /** The state that the branch grows from; where there is none such, one before it. */
  function stem(key) {
    let s = 0;
    for (const symbol of branch) {
      const target = key.next[s * k + symbol];
      if (target < 0 || key.parent[target] !== s) break;
      s = target;
    }
    return s;
  }

  function statesInBranch(key, root) {
    const isInside = new Map([[root, true]]);
    const check = (s) => {
      if (!isInside.has(s)) isInside.set(s, key.parent[s] >= 0 && check(key.parent[s]));
      return isInside.get(s);
    };
    return key.x.map((_, s) => s).filter(check);
  }

  function viewOf(key) {
    const root = stem(key);
    if (root === 0) return whole;
    const states = statesInBranch(key, root);
    const rows = states.map((s) => key.y[s]);
    const [top, bottom] = [least(rows), most(rows)];
    const left = key.x[root];
    const right = most(states.map((s) => key.x[s]));
    const high = Math.max(bottom - top, 0.04);
    return {
      left,
      scaleX: 1 / Math.max(right - left + 0.6 * key.column, 0.3),
      top: (top + bottom) / 2 - high / 2,
      scaleY: 1 / high,
      zoom: clamp(Math.sqrt(1 / high), 1, 2.5),
    };
  }

  /** Sets the view of a key frame, which glides to what it is to be; says whether it still does. */
  function look(key) {
    if (key.version !== branchVersion) {
      key.viewBefore = key.view || whole;
      key.viewAfter = viewOf(key);
      key.version = branchVersion;
    }
    const time = calm ? 1 : Math.min(1, (performance.now() - branchOpened) / 450);
    const share = time * time * (3 - 2 * time);
    key.view = {};
    for (const name in whole)
      key.view[name] =
        share === 1 ? key.viewAfter[name] : mix(key.viewBefore[name], key.viewAfter[name], share);
    return time < 1;
  }

  function openBranch(s) {
    branch = s > 0 ? access(keys[shown], s) : [];
    picked = hovered = null;
    branchVersion++;
    branchOpened = performance.now();
    stage.parentNode.classList.toggle("open-branch", branch.length > 0);
    refresh();
  }

  // ---- Drawing ----------------------------------------------------------------------------------

  // Elements are kept and used again: making them takes longer than moving them.
  const pool = { states: [], labels: [], fold: [], open: [], tree: [] };
  const used = {};

  function take(name) {
    const elements = pool[name];
    const index = used[name]++;
    if (index === elements.length) {
      const element = make(name === "labels" ? "text" : "path", {}, layers[name]);
      if (name === "states") element.setAttribute("class", "state");
      if (name === "labels") element.setAttribute("class", "label");
      elements.push(element);
    }
    const element = elements[index];
    if (element.isAway) {
      element.style.display = "";
      element.isAway = false;
    }
    return element;
  }

  function putAwayTheRest() {
    for (const name in pool) {
      for (const element of pool[name].slice(used[name])) {
        if (element.isAway) continue;
        element.style.display = "none";
        element.isAway = true;
        element.state = -1;
        element.source = -1;
      }
    }
  }

  /** How far states have come after a share of their time: a cubic Bézier curve, as in CSS. */
  function ease(share) {
    const [x1, y1, x2, y2] = film.easing;
    let t = share;
    for (let i = 0; i < 8; i++) {
      const s = 1 - t;
      const x = 3 * s * s * t * x1 + 3 * s * t * t * x2 + t * t * t - share;
      const slope = 3 * s * s * x1 + 6 * s * t * (x2 - x1) + 3 * t * t * (1 - x2);
      if (Math.abs(slope) < 1e-6) break;
      t = clamp(t - x / slope, 0, 1);
    }
    return 3 * (1 - t) * (1 - t) * t * y1 + 3 * (1 - t) * t * t * y2 + t * t * t;
  }

  /** The key frame at or before a time, and how far the states are on their way to the next. */
  function position(time) {
    let i = 0;
    while (i < last && keys[i + 1].time <= time + 1e-6) i++;
    if (i === last) return [i, 0];
    return [i, ease(Math.max(0, time - keys[i].time) / (keys[i + 1].time - keys[i].time))];
  }

  let now = 0;
  /** The key frame that is nearest: what is said in words is its. */
  let shown = -1;

  function draw() {
    const [i, u] = position(now);
    const [before, after] = [keys[i], keys[Math.min(i + 1, last)]];
    const near = u < 0.5 ? before : after;
    const isGliding = [before, after].map(look).includes(true);
    if (isGliding && !isPlaying) requestAnimationFrame(draw);
    for (const name in pool) used[name] = 0;

    for (const kind of ["fold", "open", "tree"]) {
      const strokes = mix(strokeWidth(before, kind), strokeWidth(after, kind), u);
      layers[kind].setAttribute("stroke-width", strokes.toFixed(2));
    }
    const foldOpacity = mix(before.foldOpacity, after.foldOpacity, u);
    layers.fold.setAttribute("opacity", foldOpacity.toFixed(2));
    layers.fold.setAttribute("marker-end", hasArrows(near) ? "url(#tip)" : "none");
    layers.open.setAttribute("marker-end", hasArrows(near) ? "url(#ring)" : "none");
    layers.states.setAttribute("stroke-width", rimWidth(near).toFixed(2));
    const labelOpacity = mix(hasLabels(before) ? 1 : 0, hasLabels(after) ? 1 : 0, u);
    layers.labels.setAttribute("opacity", labelOpacity.toFixed(2));

    for (const role of casts[i])
      if (u > 0 || !role.isBorn) drawRole(role, before, after, u, labelOpacity);

    const startX = (key) => placeX(key, 0) - radius(key, 0) - rules.startGap;
    drawStartArrow(
      mix(startX(before), startX(after), u), mix(placeY(before, 0), placeY(after, 0), u));
    putAwayTheRest();
    const nearest = u < 0.5 ? i : Math.min(i + 1, last);
    if (nearest !== shown) {
      shown = nearest;
      announce();
    }
    drawDots(before, after, u);
    light();
    for (const c of charts) c.move(i, u);
  }

  /** A state on its way, with its edges and their symbols. */
  function drawRole({ from, to, isBorn = false, ends = false }, before, after, u, labelOpacity) {
    // Where there is nobody at one end, the other end says where that is.
    const [a, keyA] = from === null ? [to, after] : [from, before];
    const [b, keyB] = to === null ? [from, before] : [to, after];
    let [start, end] = [radius(keyA, a), radius(keyB, b)];
    if (isBorn) start = from === null ? 0 : Math.min(rules.insideShare * start, end);
    if (ends) end = to === null ? 0 : Math.min(rules.insideShare * end, start);

    // A change of look happens halfway.
    const [key, s] = ends || (!isBorn && u < 0.5) ? [keyA, a] : [keyB, b];
    const mark = take("states");
    const shape = key.output[s] % shapes.length;
    if (mark.shape !== shape) mark.setAttribute("d", shapes[(mark.shape = shape)]);
    const colour = hue(colourOf(key, s));
    if (mark.colour !== colour) mark.style.fill = mark.colour = colour;
    const x = mix(placeX(keyA, a), placeX(keyB, b), u).toFixed(1);
    const y = mix(placeY(keyA, a), placeY(keyB, b), u).toFixed(1);
    mark.setAttribute("transform", `translate(${x} ${y})scale(${mix(start, end, u).toFixed(2)})`);
    // The state that it is for the pointer: none while it is inside another.
    if (u < 0.5) mark.state = from === null || isBorn ? -1 : from;
    else mark.state = to === null || ends ? -1 : to;

    for (let symbol = 0; symbol < k; symbol++) {
      const [kind, other] = [kindOf(keyA, a, symbol), kindOf(keyB, b, symbol)];
      const [p, q] = [curve(keyA, a, symbol), curve(keyB, b, symbol)];
      const comes = isBorn && (from === null || kind !== other);
      const goes = ends && (to === null || kind !== other);
      const path = p.map((value, n) => mix(value, q[n], u).toFixed(1));
      const edge = (kind, opacity) => drawEdge(kind, path, opacity, mark.state, symbol);
      if (kind === other) edge(kind, mix(comes ? 0 : 1, goes ? 0 : 1, u));
      else {
        if (!isBorn) edge(kind, 1 - u);
        if (!ends) edge(other, u);
      }
      if (labelOpacity <= rules.faintest) continue;
      const label = take("labels");
      const [f, g] = [labelPlace(keyA, a, symbol, p), labelPlace(keyB, b, symbol, q)];
      if (label.symbol !== symbol) label.textContent = film.symbols[(label.symbol = symbol)];
      label.setAttribute("x", mix(f[0], g[0], u).toFixed(1));
      label.setAttribute("y", (mix(f[1], g[1], u) + rules.labelBaseline).toFixed(1));
    }
  }

  function drawEdge(kind, path, opacity, source, symbol) {
    if (opacity <= rules.faintest) return;
    const edge = take(kind);
    const [x, y, ...rest] = path;
    edge.setAttribute("d", `M${x} ${y}C${rest.join(" ")}`);
    const attribute = opacity < 1 - rules.faintest ? opacity.toFixed(2) : "1";
    if (edge.opacity !== attribute) edge.setAttribute("stroke-opacity", (edge.opacity = attribute));
    edge.source = source;
    edge.symbol = symbol;
  }

  function drawStartArrow(x, y) {
    const [back, top] = [x - rules.startHeadLength, y - rules.startHeadHalfWidth];
    const places = [
      [x - rules.startLength, y], [x, y], [back, top], [x, y], [back, 2 * y - top],
    ].map((place) => place.map((value) => value.toFixed(1)).join(" "));
    startArrow.setAttribute(
      "d", `M${places[0]}L${places[1]}M${places[2]}L${places[3]}L${places[4]}`);
  }

  // ---- Hidden states: a dot for each word -------------------------------------------------------

  const plane = $("plane");
  let dotLayer = null;
  /** The paths of the dots by their classes, and that of those looked at. */
  let dotPaths = new Map();
  let dotsLit = null;
  /** Where the dots are, [x, y, state]. */
  let dotPlaces = [];

  function buildPlane() {
    const [w, h] = [plane.clientWidth, plane.clientHeight];
    plane.replaceChildren();
    make("path", { class: "axis", d: `M18 2V${h - 20}H${w}` }, plane);
    makeText(film.plane.axes[0], { x: 18, y: h - 4 }, plane);
    makeText(film.plane.axes[1], { transform: `translate(10 ${h - 20})rotate(-90)` }, plane);
    dotLayer = make("g", { transform: `scale(${rules.dotUnit})` }, plane);
    dotPaths = new Map();
    dotsLit = make("path", { class: "dots lit" }, dotLayer);
  }

  function drawDots(before, after, u) {
    if (!dotLayer) return;
    const near = u < 0.5 ? before : after;
    const [extentX, extentY] = film.plane.extent;
    const scaleX = (plane.clientWidth - 34) / extentX;
    const scaleY = (plane.clientHeight - 34) / extentY;
    const lookedAt = current();
    const paths = new Map();
    let lit = "";
    dotPlaces = near.of.map((state, i) => {
      const x = 24 + scaleX * mix(before.place[2 * i], after.place[2 * i], u);
      const y = 8 + scaleY * mix(before.place[2 * i + 1], after.place[2 * i + 1], u);
      const [left, top] = [x, y].map((value) => (value / rules.dotUnit).toFixed(1));
      const dot = `M${left} ${top}h.1`;
      const look = state < 0 ? "none"
        : (near.output[state] % shapes.length === 1 ? "q r" : "r") + colourOf(near, state);
      paths.set(look, (paths.get(look) || "") + dot);
      if (state >= 0 && state === lookedAt) lit += dot;
      return [x, y, state];
    });
    for (const look of paths.keys())
      if (!dotPaths.has(look))
        dotPaths.set(look, make("path", { class: `dots ${look}` }, dotLayer));
    for (const [look, path] of dotPaths) {
      path.setAttribute("d", paths.get(look) || "M0 0");
      path.style.display = paths.has(look) ? "" : "none";
    }
    dotLayer.append(dotsLit);
    dotsLit.setAttribute("d", lit || "M0 0");
    dotsLit.style.display = lit ? "" : "none";
    plane.classList.toggle("dim", lit !== "");
  }

  /** The state of the dot next to the pointer, or -1. */
  function dotAt(event) {
    const box = plane.getBoundingClientRect();
    let nearest = 14;
    let found = -1;
    for (const [x, y, state] of dotPlaces) {
      const distance = Math.hypot(event.clientX - box.left - x, event.clientY - box.top - y);
      if (state >= 0 && distance < nearest) [nearest, found] = [distance, state];
    }
    return found;
  }

  plane.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") hover(dotAt(event));
  });
  plane.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") hover(-1);
  });
  plane.addEventListener("click", (event) => pick(dotAt(event)));
  if (film.plane) {
    const label = `hidden states of ${film.plane.note}, one dot for each word`;
    plane.setAttribute("aria-label", label);
    $("planenote").textContent = film.plane.note;
  } else $("hidden").hidden = true;

  // ---- Colours: by output, or by the state of the minimal machine -------------------------------

  const colourChoice = $("colour");
  colourChoice.value = film.colours;
  const isByClass = () => colourChoice.value === "minimal";
  const hue = (index) => `var(--o${index % shapes.length})`;
  const colourOf = (key, s) => (isByClass() ? key.class[s] : key.output[s]) % shapes.length;
  colourChoice.addEventListener("change", () => {
    draw();
    announce();
  });

  // ---- Words and numbers ------------------------------------------------------------------------

  function announce() {
    const key = keys[shown];
    const classes = counted(film.minimal[key.minimal][0], "minimal class", "minimal classes");
    $("when").textContent = `epoch ${key.epoch}`;
    $("what").textContent = key.caption + (isByClass() ? ` · ${classes}` : "");
    showMinimal(key);
    scrub.setAttribute("aria-valuetext", `epoch ${key.epoch}, ${counted(count(key), "state")}`);
    if (path) trace(false);
    else note();
  }

  // The minimal machine of the key frame; a new diagram only when it changes.
  let minimalShown = -1;

  function showMinimal(key) {
    const [size, diagram] = film.minimal[key.minimal];
    if (minimalShown !== key.minimal) {
      minimalShown = key.minimal;
      $("diagram").innerHTML = diagram || "";
      $("leastnote").textContent = counted(size, "state") + (diagram ? "" : ", too many to draw");
    }
    for (const circle of $("diagram").querySelectorAll(".circle")) {
      const number = +circle.dataset.state;
      const colour = hue(isByClass() ? number : key.output[key.class.indexOf(number)]);
      for (const ring of circle.querySelectorAll(".ring")) ring.style.stroke = colour;
    }
  }

  function addToLegend(text, box, build) {
    const item = document.createElement("li");
    const [, , boxWidth, boxHeight] = box;
    const svg = make("svg", { viewBox: box.join(" "), "aria-hidden": "true" });
    svg.style.width = `${(boxWidth * 14) / boxHeight}px`;
    build(svg);
    item.append(svg, text);
    $("legend").append(item);
  }

  const markBox = [-1.3, -1.3, 2.6, 2.6];
  const addMark = (output, svg) =>
    make("path", { d: shapes[output % shapes.length], style: `fill:${hue(output)}` }, svg);

  $("title").textContent = film.title;
  stage.setAttribute("aria-label", film.summary);
  $("diagram").setAttribute("role", "group");
  $("diagram").setAttribute("aria-label", "the minimal machine");
  film.outputs.forEach((name, output) =>
    addToLegend(`says ${name}`, markBox, (svg) => addMark(output, svg)));
  for (const [kind, strokes, text] of film.legend)
    addToLegend(text, [0, 0, 24, 14], (svg) =>
      make("path", { d: "M0 7H24", class: kind, "stroke-width": strokes }, svg));

  // ---- Looking closer: a state under the pointer, a word's way ----------------------------------

  // What is picked is a track, so that it stays picked as the film goes on. What the pointer is
  // over is shown in its place, as long as it is there.
  let picked = null;
  let hovered = null;
  /** The way of the word in the field, and how many of its symbols have been followed. */
  let path = null;
  let steps = 0;
  /** The state of the minimal machine under the pointer, or -1. */
  let group = -1;
  let wasLit = false;

  function pickedState() {
    if (hovered !== null) return stateOf(hovered, shown);
    return picked === null ? -1 : stateOf(picked, shown);
  }

  /** The state to look at: that under the pointer, or that which the traced word has reached. */
  function current() {
    if (hovered === null && path) return path.states[Math.min(steps, path.states.length - 1)];
    return pickedState();
  }

  /** Lights what is looked at. Edges are numbered: source · k + symbol. */
  function light() {
    const key = keys[shown];
    const states = new Set();
    const edges = new Set();
    const s = pickedState();
    if (group >= 0) {
      key.class.forEach((number, state) => {
        if (number === group) states.add(state);
      });
    } else if (path && hovered === null) {
      path.states.slice(0, steps + 1).forEach((state) => states.add(state));
      path.edges.slice(0, steps).forEach((edge) => edges.add(edge));
    } else if (s >= 0) {
      states.add(s);
      key.next.forEach((target, edge) => {
        const isLeaving = Math.floor(edge / k) === s;
        if (isLeaving || target === s) edges.add(edge);
        if (isLeaving && target >= 0) states.add(target);
      });
    }
    const lookedAt = group >= 0 ? group : current() >= 0 ? key.class[current()] : -1;
    for (const circle of $("diagram").querySelectorAll(".circle"))
      circle.classList.toggle("lit", +circle.dataset.state === lookedAt);
    const isLit = states.size > 0;
    stage.classList.toggle("dim", isLit);
    if (!isLit && !wasLit) return;
    wasLit = isLit;
    for (const mark of pool.states) mark.classList.toggle("lit", states.has(mark.state));
    for (const kind of ["fold", "open", "tree"])
      for (const edge of pool[kind])
        edge.classList.toggle(
          "lit", edge.source >= 0 && edges.has(edge.source * k + edge.symbol));
  }

  function strong(text) {
    const element = document.createElement("b");
    element.textContent = text;
    return element;
  }

  function button(text, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.addEventListener("click", act);
    return element;
  }

  /** What is said of what is looked at. */
  function note() {
    const s = pickedState();
    let parts = ["Point at a state or a dot to see its words, or type a word and watch its way."];
    if (path && hovered === null) parts = aboutPath();
    else if (s >= 0) parts = aboutState(s);
    $("note").replaceChildren(...parts);
    showSteps();
  }

  function aboutPath() {
    const parts = [strong(path.word || "ε")];
    if (path.isStuck) {
      parts.push(" meets an open transition after ", strong(path.read || "ε"), ". ");
    } else {
      const output = film.outputs[keys[shown].output[path.end]];
      parts.push(" leads to state ", strong(`${path.end}`), ", which says ", strong(output), ". ");
    }
    if (!film.said || path.symbols.length === 0) return parts;
    const output = path.said[path.symbols.length];
    if (output !== null) parts.push("The network says ", strong(film.outputs[output]), ".");
    else parts.push(`What the network says is known here up to length ${film.said.depth}.`);
    return parts;
  }

  function aboutState(s) {
    const key = keys[shown];
    const more = key.words[s] > key.some[s].length ? ", …" : "";
    const parts = [
      strong(`State ${s}`), " says ", strong(film.outputs[key.output[s]]),
      ` · ${counted(key.words[s], "word")}: `, `${key.some[s].map(word).join(", ")}${more}. `,
    ];
    const ways = film.symbols.map((symbol, a) => {
      const target = key.next[s * k + a];
      const where = target < 0 ? "nowhere yet" : target === s ? "back to it" : `to state ${target}`;
      return `${symbol} leads ${where}`;
    });
    parts.push(ways.join(", ") + ". ");
    const born = keys[film.tracks[trackOf[shown][s]][0]].epoch;
    parts.push(
      born > keys[0].epoch ? `There since epoch ${born}.` : "There from the beginning.");
    const others = key.disagree[s];
    if (others) parts.push(` ${others} of its words ${others === 1 ? "says" : "say"} otherwise.`);
    const size = hovered === null && s > 0 ? statesInBranch(key, s).length : 0;
    if (size > 1) parts.push(button(`Open its branch of ${size}`, () => openBranch(s)));
    return parts;
  }

  /** The word under its way: what automaton and network say after each symbol. */
  function showSteps() {
    const box = $("steps");
    box.hidden = !path || path.symbols.length === 0;
    if (box.hidden) return box.replaceChildren();
    const table = document.createElement("table");
    const addRow = (title, fill) => {
      const row = table.insertRow();
      const head = document.createElement("th");
      head.textContent = title;
      head.scope = "row";
      row.append(head);
      path.symbols.forEach((_, i) => {
        const cell = row.insertCell();
        fill(cell, i);
        if (i >= steps) cell.classList.add("ahead");
      });
    };
    const mark = (output) => {
      const svg = make(
        "svg", { viewBox: markBox.join(" "), role: "img", "aria-label": film.outputs[output] });
      addMark(output, svg);
      return svg;
    };
    const isKnown = (i) => i < path.outputs.length - 1;
    addRow("word", (cell, i) => (cell.textContent = film.symbols[path.symbols[i]]));
    addRow("automaton says", (cell, i) =>
      cell.append(isKnown(i) ? mark(path.outputs[i + 1]) : "–"));
    if (film.said)
      addRow("network says", (cell, i) => {
        const output = path.said[i + 1];
        cell.append(output === null ? "?" : mark(output));
        if (output !== null && isKnown(i) && output !== path.outputs[i + 1])
          cell.classList.add("differs");
      });
    box.replaceChildren(table);
  }

  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /** What the network of a key frame says after a word, by its number; null if unknown. */
  function networkOutput(key, node) {
    if (!film.said || node >= film.said.words) return null;
    const bits = film.said.bits;
    const perDigit = Math.floor(6 / bits);
    const digit = digits.indexOf(key.said[Math.floor(node / perDigit)]);
    return (digit >> (bits * (node % perDigit))) & ((1 << bits) - 1);
  }

  function refresh() {
    note();
    light();
    draw();
  }

  const toTrack = (s) => (s >= 0 ? trackOf[shown][s] : null);

  function hover(s) {
    const track = toTrack(s);
    if (track === hovered) return;
    hovered = track;
    refresh();
  }

  function pick(s) {
    hovered = null;
    picked = toTrack(s);
    refresh();
  }

  const stateAt = (event) => (event.target.state >= 0 ? event.target.state : -1);
  stage.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse" && stateAt(event) >= 0) hover(stateAt(event));
  });
  stage.addEventListener("pointerout", (event) => {
    if (event.pointerType === "mouse") hover(-1);
  });
  stage.addEventListener("click", (event) => pick(stateAt(event)));
  stage.addEventListener("dblclick", (event) => openBranch(Math.max(stateAt(event), 0)));
  stage.addEventListener("focus", () => {
    if (stage.matches(":focus-visible") && picked === null && !path) pick(stem(keys[shown]));
  });
  $("whole").addEventListener("click", () => {
    openBranch(0);
    stage.focus();
  });
  $("diagram").addEventListener("pointerover", (event) => {
    const circle = event.target.closest(".circle");
    group = circle ? +circle.dataset.state : -1;
    light();
  });
  $("diagram").addEventListener("pointerleave", () => {
    group = -1;
    light();
  });

  /** From state to state: to the one before, to those after, up and down in the column. */
  function walk(arrow) {
    const key = keys[shown];
    const s = pickedState() >= 0 ? pickedState() : stem(key);
    const inColumn = (by) => {
      const column = key.x.map((_, t) => t)
        .filter((t) => Math.abs(key.x[t] - key.x[s]) < 1e-6)
        .sort((a, b) => key.y[a] - key.y[b]);
      return column[column.indexOf(s) + by];
    };
    const targets = {
      ArrowLeft: () => key.parent[s],
      ArrowRight: () => key.parent.indexOf(s),
      ArrowUp: () => inColumn(-1),
      ArrowDown: () => inColumn(1),
    };
    const target = targets[arrow]();
    if (target !== undefined && target >= 0) pick(target);
  }

  // ---- A word that is typed in ------------------------------------------------------------------

  const input = $("word");
  const separator = compact ? "" : " ";
  input.placeholder = [...film.symbols.slice(0, 2), film.symbols[0]].join(separator);
  let stepping = 0;

  /** The symbols of a text; -1 for what is none. */
  function read(text) {
    const names = compact
      ? [...text.replace(/[\sε]/g, "")]
      : text.split(/\s+/).filter((name) => name && name !== "ε");
    return names.map((name) => film.symbols.indexOf(name));
  }

  function wayOf(symbols) {
    const key = keys[shown];
    const way = {
      word: spell(symbols), symbols, states: [0], edges: [], outputs: [key.output[0]],
      said: [null], isStuck: false, end: 0, read: "",
    };
    let node = 0;
    for (const symbol of symbols) {
      node = k * node + 1 + symbol;
      way.said.push(networkOutput(key, node));
    }
    for (const [i, symbol] of symbols.entries()) {
      const edge = way.end * k + symbol;
      way.edges.push(edge);
      if (key.next[edge] < 0) {
        way.isStuck = true;
        way.read = spell(symbols.slice(0, i));
        break;
      }
      way.end = key.next[edge];
      way.states.push(way.end);
      way.outputs.push(key.output[way.end]);
    }
    return way;
  }

  /** Follows the word in the field. A word that only grew goes on from where it was. */
  function trace(isAnimated) {
    clearInterval(stepping);
    const text = input.value.trim();
    const symbols = read(text);
    if (!text || symbols.includes(-1)) {
      path = null;
      refresh();
      if (text)
        $("note").textContent =
          `Words are written with ${film.symbols.join(compact ? ", " : " ")}`
          + (compact ? "." : ", separated by spaces.");
      return;
    }
    const before = path;
    path = wayOf(symbols);
    steps = path.edges.length;
    if (isAnimated && !calm) {
      steps = before && path.word.startsWith(before.word) ? before.edges.length : 0;
      stepping = setInterval(() => {
        if (!path || steps >= path.edges.length) return clearInterval(stepping);
        steps++;
        refresh();
      }, 320);
    }
    refresh();
  }

  input.addEventListener("input", () => trace(true));

  // ---- Curves -----------------------------------------------------------------------------------

  // What is built anew when the window changes, and moves with the film.
  const charts = [];
  const { epochs } = film.axes;
  $("changesnote").textContent = film.changesNote;

  /**
   * A chart of curves; below it, if there are events, a bar up and one down for each.
   *
   * series: [class, [[epoch, value or null], …]] for each curve.
   */
  function addChart(id, label, series, axis, events = null) {
    const svg = $(id);
    svg.setAttribute("aria-label", label);
    const chart = { axis, build, move };
    const [left, right, top, bottom] = [48, 8, 6, 20];
    let clip, mark, epochX;

    function build() {
      const [w, h] = [svg.clientWidth, svg.clientHeight];
      svg.replaceChildren();
      epochX = (epoch) =>
        left + ((w - left - right) * (epoch - epochs.low)) / Math.max(epochs.high - epochs.low, 1);
      const valueY = scale(h - bottom - (events ? 58 : 0));

      for (const [value, text] of chart.axis.ticks) {
        const y = valueY(value);
        make("path", { class: "axis", d: `M${left} ${y}H${w - right}` }, svg);
        makeText(text, { x: left - 7, y: y + 4, "text-anchor": "end" }, svg);
      }
      for (const epoch of w < 420 ? epochs.fewTicks : epochs.ticks)
        makeText(epoch, { x: epochX(epoch), y: h - 3, "text-anchor": "middle" }, svg);

      const clipPath = make("clipPath", { id: id + "past" }, make("defs", {}, svg));
      clip = make("rect", { x: 0, y: -10, height: h + 20, width: 0 }, clipPath);
      const past = make("g", { "clip-path": `url(#${id}past)` });
      const addLine = (name, d) => {
        make("path", { class: name, d, opacity: rules.futureOpacity }, svg);
        make("path", { class: name, d }, past);
      };
      for (const [name, points] of series) {
        const places = points
          .filter(([, value]) => value !== null && (value > 0 || !chart.axis.isLogarithmic))
          .map(([epoch, value]) => `${epochX(epoch).toFixed(1)} ${valueY(value).toFixed(1)}`);
        addLine(`curve ${name}`, places.length > 0 ? `M${places.join("L")}` : "");
      }
      if (events) addBars(h - bottom - 24, addLine);
      svg.append(past);
      mark = make("path", { class: "mark", d: `M0 0V${h - bottom}` }, svg);
    }

    /** Heights of values above a foot. */
    function scale(foot) {
      const { low, high, isLogarithmic } = chart.axis;
      const value = isLogarithmic ? Math.log10 : (v) => v;
      const span = value(high) - value(low) || 1;
      return (v) =>
        foot - (foot - top) * clamp((value(Math.max(v, low)) - value(low)) / span, 0, 1);
    }

    function addBars(zero, addLine) {
      const most = film.axes.mostChanges;
      for (const [name, n, sign] of [["merge", 1, -1], ["split", 2, 1]]) {
        const bars = events.filter((event) => event[n] > 0).map((event) => {
          const y = (zero + (sign * 22 * event[n]) / most).toFixed(1);
          return `M${epochX(event[0]).toFixed(1)} ${zero}V${y}`;
        });
        addLine(name, bars.join(""));
      }
      const place = { x: left - 7, "text-anchor": "end" };
      makeText(`+${most}`, { ...place, y: zero - 12 }, svg);
      makeText(`−${most}`, { ...place, y: zero + 20 }, svg);
    }

    function move(i, u) {
      const [before, after] = [keys[i], keys[Math.min(i + 1, last)]];
      const x = mix(epochX(before.epoch), epochX(after.epoch), u).toFixed(1);
      mark.setAttribute("transform", `translate(${x})`);
      clip.setAttribute("width", x);
    }

    charts.push(chart);
    return chart;
  }

  const column = (rows, index) => rows.map((row) => [row[0], row[index]]);

  if (film.losses.some(([, train, valid]) => train > 0 || valid > 0)) {
    const logarithmic = { ...film.axes.logarithmicLoss, isLogarithmic: true };
    const linear = { ...film.axes.linearLoss, isLogarithmic: false };
    const chart = addChart(
      "loss", "training and validation loss against the epoch",
      [["valid dash", column(film.losses, 2)], ["train", column(film.losses, 1)]],
      film.logarithmic ? logarithmic : linear);
    const lines = [["training", hue(0), "solid"], ["validation", hue(1), "dashed"]];
    for (const [text, colour, style] of lines) {
      const swatch = document.createElement("span");
      const name = document.createElement("span");
      swatch.className = "swatch";
      swatch.style.borderTopColor = colour;
      swatch.style.borderTopStyle = style;
      name.textContent = text;
      $("losstitle").append(swatch, name);
    }
    const nameAxis = () => {
      const [short, long] =
        chart.axis === logarithmic ? ["log", "logarithmic"] : ["linear", "linear"];
      $("lossaxis").textContent = short;
      $("lossaxis").setAttribute("aria-label", `axis of the loss: ${long}`);
    };
    $("lossaxis").addEventListener("click", () => {
      chart.axis = chart.axis === logarithmic ? linear : logarithmic;
      nameAxis();
      chart.build();
      draw();
    });
    nameAxis();
  } else $("loss").parentNode.hidden = true;

  addChart(
    "count", "number of states, and mergers and splits of classes, against the epoch",
    [["count", column(film.counts, 1)]], film.axes.count, film.changes);
  if (film.plane) charts.push({ build: buildPlane, move() {} });

  /** The number of states in the film's own time, above the scrubber. */
  function buildRibbon() {
    const [ribbon, ticks] = [$("ribbon"), $("ticks")];
    const [w, h] = [ribbon.clientWidth, 30];
    const x = (time) => 8 + ((w - 16) * time) / film.duration;
    const largest = Math.max(1, most(keys.map(count)));
    ribbon.replaceChildren();
    ticks.replaceChildren();
    const places = keys.map((key) => {
      const y = h - ((h - 2) * count(key)) / largest;
      return `${x(key.time).toFixed(1)} ${y.toFixed(1)}`;
    });
    const area = `M${x(0)} ${h}L${places.join("L")}H${x(film.duration)}V${h}z`;
    make("path", { class: "area", d: area }, ribbon);
    let free = 0;
    keys.forEach((key, i) => {
      const place = x(key.time);
      if (place < free) return;
      const anchor = i === 0 ? "start" : "middle";
      const text = i === 0 ? `epoch ${key.epoch}` : key.epoch;
      makeText(text, { x: place, y: 13, "text-anchor": anchor }, ticks);
      free = place + (i === 0 ? 82 : 42);
    });
  }
  charts.push({ build: buildRibbon, move() {} });

  // ---- Playing ----------------------------------------------------------------------------------

  const scrub = $("scrub");
  scrub.max = film.duration;
  let isPlaying = false;
  /** When the last picture was drawn; 0 before the first. */
  let lastTick = 0;

  function seek(time) {
    now = clamp(time, 0, film.duration);
    scrub.value = now;
    draw();
  }

  function play(isOn) {
    isPlaying = isOn;
    $("play").textContent = isOn ? "Pause" : "Play";
    lastTick = 0;
    if (!isOn) return;
    if (now >= film.duration - 0.01) now = 0;
    requestAnimationFrame(tick);
  }

  function tick(time) {
    if (!isPlaying) return;
    // After a pause of the browser the film goes on where it was.
    if (lastTick) now += Math.min(0.1, (time - lastTick) / 1000) * $("speed").value;
    lastTick = time;
    if (now >= film.duration) now = 0;
    scrub.value = now;
    draw();
    requestAnimationFrame(tick);
  }

  /** To the key frame after, or to the one before or at the start of this step. */
  function step(by) {
    play(false);
    const [i, u] = position(now);
    const target = by > 0 ? i + 1 : u > 0.01 ? i : i - 1;
    seek(keys[clamp(target, 0, last)].time);
  }

  $("play").addEventListener("click", () => play(!isPlaying));
  scrub.addEventListener("input", () => {
    play(false);
    now = +scrub.value;
    draw();
  });

  // ---- The keyboard -----------------------------------------------------------------------------

  const acts = {
    " ": () => play(!isPlaying),
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    Home: () => {
      play(false);
      seek(0);
    },
    End: () => {
      play(false);
      seek(keys[last].time);
    },
  };

  function clear() {
    input.value = "";
    picked = hovered = null;
    input.blur();
    if (branch.length > 0) openBranch(0);
    trace(false);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return clear();
    if (event.target === input || event.target.matches("select")) return;
    const isArrow = event.key.startsWith("Arrow");
    if (event.target === stage && isArrow) {
      event.preventDefault();
      return walk(event.key);
    }
    if (event.target === stage && event.key === "Enter") {
      if (pickedState() >= 0) openBranch(pickedState());
      return;
    }
    if (event.target.id === "steps" && isArrow) return;
    if (compact && film.symbols.includes(event.key)) {
      event.preventDefault();
      input.value += event.key;
      return trace(true);
    }
    if (event.key === "Backspace") {
      event.preventDefault();
      input.value = input.value.slice(0, -1);
      return trace(false);
    }
    if (event.key === " " && event.target.matches("button")) return;
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  // ---- The window -------------------------------------------------------------------------------

  function fit() {
    width = stage.clientWidth;
    height = stage.clientHeight;
    stage.setAttribute("viewBox", `0 0 ${width} ${height}`);
    for (const chart of charts) chart.build();
    draw();
  }

  // For tests and for those who write scripts: go to a time, and what is shown then.
  window.film = {
    seek,
    play,
    keys,
    duration: film.duration,
    shown: () => ({
      epoch: keys[shown].epoch,
      key: shown,
      states: used.states,
      edges: used.fold + used.open + used.tree,
      dots: dotPlaces.length,
    }),
    ease,
    /** The rectangle that the automaton stands in; how much larger states are than the film's. */
    stage: () => ({
      left: margin.left, top: margin.top, width: innerWidth(), height: innerHeight(),
      stateScale: stateScale(),
    }),
  };
  new ResizeObserver(fit).observe(stage);
  fit();
  if (!calm && last > 0) play(true);
  else seek(keys[last].time);
}
