// A pipeline as layers of boxes: each step stands one row below the last of those it waits for.

import {s, tone, took} from './dom.js';

const W = 190, H = 44, GAP = 26, ROW = 40, MOST_ACROSS = 8;

/**
 * @param nodes [{id, name, after: [], group?}] each after those it waits for
 * @param choose called with the id of a step that was clicked
 */
export function graph(nodes, choose) {
  const known = new Map(nodes.map(it => [it.id, it]));
  const depth = new Map();
  const deep = (id, seen = new Set()) => {
    if (depth.has(id)) return depth.get(id);
    if (seen.has(id)) return 0;
    seen.add(id);
    const d = Math.max(-1, ...known.get(id).after.filter(it => known.has(it)).map(it => deep(it, seen))) + 1;
    depth.set(id, d);
    return d;
  };
  nodes.forEach(it => deep(it.id));
  const layers = [];
  nodes.forEach(it => (layers[depth.get(it.id)] ??= []).push(it));
  const place = new Map();
  const across = Math.min(MOST_ACROSS, Math.max(...layers.map(it => it.length)));
  const width = 32 + across * (W + GAP) - GAP;
  let y = 16;
  for (const layer of layers) {
    order(layer, place);
    for (let i = 0; i < layer.length; i += MOST_ACROSS) {
      const row = layer.slice(i, i + MOST_ACROSS);
      const left = (width - row.length * (W + GAP) + GAP) / 2;
      row.forEach((it, j) => place.set(it.id, {x: left + j * (W + GAP), y}));
      y += H + (i + MOST_ACROSS < layer.length ? 10 : ROW);
    }
  }
  const svg = s('svg', {width, height: y, role: 'group', 'aria-label': 'Steps and what they wait for'});
  for (const it of nodes) {
    for (const before of it.after) {
      const a = place.get(before), b = place.get(it.id);
      if (!a) continue;
      const x1 = a.x + W / 2, y1 = a.y + H, x2 = b.x + W / 2, y2 = b.y, mid = (y1 + y2) / 2;
      svg.append(s('path', {class: 'edge', d: `M${x1} ${y1} C${x1} ${mid} ${x2} ${mid} ${x2} ${y2}`}));
    }
  }
  const boxes = new Map();
  for (const it of nodes) {
    const {x, y: top} = place.get(it.id);
    const sub = s('text', {class: 'sub', x: 10, y: 35}, it.group ?? '');
    const box = s('g', {class: 'node', transform: `translate(${x} ${top})`, tabindex: '0', role: 'button', 'aria-label': it.id},
      s('title', {}, it.id), s('rect', {width: W, height: H, rx: it.group ? 14 : 6}), s('text', {x: 10, y: 19}, cut(it.name || it.id)), sub);
    box.addEventListener('click', () => choose(it.id));
    box.addEventListener('keydown', event => {
      if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); choose(it.id); }
    });
    boxes.set(it.id, {box, sub, group: it.group});
    svg.append(box);
  }
  return {
    svg,
    /** Shows how the steps stand. */
    show(states, chosen) {
      for (const [id, {box, sub, group}] of boxes) {
        const state = states.get(id);
        box.setAttribute('class', 'node s-' + tone(state?.state ?? 'waiting'));
        box.setAttribute('aria-current', String(id === chosen));
        box.setAttribute('aria-label', id + ', ' + (state?.state ?? 'waiting'));
        sub.textContent = (group ? group + ', ' : '') + (state ? state.state + (state.state === 'reused' ? '' : ' ' + took(state.started, state.ended)) : 'waiting');
      }
    },
  };
}

/** By the middle of what they wait for, so that lines seldom cross. */
function order(layer, place) {
  const middle = it => {
    const at = it.after.filter(id => place.has(id)).map(id => place.get(id).x);
    return at.length ? at.reduce((a, b) => a + b, 0) / at.length : 0;
  };
  const at = new Map(layer.map(it => [it, middle(it)]));
  layer.sort((a, b) => at.get(a) - at.get(b));
}

function cut(text) {
  return text.length > 26 ? text.slice(0, 25) + '…' : text;
}
