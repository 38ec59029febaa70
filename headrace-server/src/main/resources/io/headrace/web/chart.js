// Lines over steps or time, as SVG. Long series are thinned to what a screen can show: the least and the greatest of each column stay.

import {h, number, s} from './dom.js';

const WIDTH = 560, HEIGHT = 220, LEFT = 56, RIGHT = 10, TOP = 10, BOTTOM = 24, COLUMNS = 500;

/**
 * @param title the metric's name
 * @param series [{name, points: [[x, y], ...] in order of x}]
 */
export function chart(title, series, {xName = 'step'} = {}) {
  const points = series.flatMap(it => it.points).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  const shown = h('output', {});
  const figure = h('figure', {}, h('figcaption', {}, h('span', {}, title), shown));
  if (!points.length) {
    figure.append(h('p', {class: 'quiet'}, 'No finite values.'));
    return figure;
  }
  let [x0, x1] = span(points.map(it => it[0])), [y0, y1] = span(points.map(it => it[1]));
  if (x0 === x1) { x0 -= 0.5; x1 += 0.5; }
  if (y0 === y1) { const d = Math.abs(y0) * 0.1 || 0.5; y0 -= d; y1 += d; }
  const X = x => LEFT + (x - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT);
  const Y = y => HEIGHT - BOTTOM - (y - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM);
  const last = series.map(it => it.name + ' ' + number(it.points.at(-1)?.[1])).join(', ');
  const svg = s('svg', {class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img',
    'aria-label': `${title}: ${points.length} points from ${number(y0)} to ${number(y1)}; last ${last}`});
  for (const y of ticks(y0, y1)) {
    svg.append(s('line', {class: 'axis', x1: LEFT, x2: WIDTH - RIGHT, y1: Y(y), y2: Y(y)}),
      s('text', {x: LEFT - 6, y: Y(y) + 4, 'text-anchor': 'end'}, number(y)));
  }
  for (const x of ticks(x0, x1)) svg.append(s('text', {x: X(x), y: HEIGHT - 7, 'text-anchor': 'middle'}, number(x)));
  series.forEach((it, i) => {
    const line = thin(it.points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)), x0, x1);
    if (line.length === 1) {
      svg.append(s('circle', {class: 'c' + i % 8, cx: X(line[0][0]), cy: Y(line[0][1]), r: 3.5, 'stroke-width': 3, fill: 'none'}));
    } else {
      svg.append(s('polyline', {class: 'c' + i % 8, points: line.map(([x, y]) => X(x).toFixed(1) + ',' + Y(y).toFixed(1)).join(' ')}));
    }
  });
  const cross = s('line', {class: 'axis', y1: TOP, y2: HEIGHT - BOTTOM, visibility: 'hidden'});
  svg.append(cross);
  svg.addEventListener('pointermove', event => {
    const box = svg.getBoundingClientRect();
    const x = x0 + ((event.clientX - box.left) / box.width * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT) * (x1 - x0);
    const near = series.map(it => nearest(it.points, x)).filter(Boolean);
    if (!near.length) return;
    cross.setAttribute('x1', X(near[0][0]));
    cross.setAttribute('x2', X(near[0][0]));
    cross.setAttribute('visibility', 'visible');
    shown.textContent = `${xName} ${number(near[0][0])}: ` + near.map(it => number(it[1])).join(', ');
  });
  svg.addEventListener('pointerleave', () => { cross.setAttribute('visibility', 'hidden'); shown.textContent = ''; });
  figure.append(svg);
  if (series.length > 1) {
    figure.append(h('div', {class: 'legend'}, series.map((it, i) => h('span', {}, h('i', {class: 'c' + i % 8}), it.name))));
  }
  return figure;
}

function span(values) {
  let low = Infinity, high = -Infinity;
  for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
  return [low, high];
}

function ticks(low, high) {
  const rough = (high - low) / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(it => it * power).find(it => it >= rough);
  const all = [];
  for (let t = Math.ceil(low / step) * step; t <= high + step * 1e-9; t += step) all.push(Math.abs(t) < step * 1e-9 ? 0 : t);
  return all;
}

function thin(points, x0, x1) {
  if (points.length <= COLUMNS * 2) return points;
  const kept = [];
  let column = -1, low, high;
  const put = () => {
    if (low) kept.push(...(low[0] <= high[0] ? [low, high] : [high, low]));
  };
  for (const point of points) {
    const at = Math.floor((point[0] - x0) / (x1 - x0) * COLUMNS);
    if (at !== column) { put(); column = at; low = high = point; }
    else { if (point[1] < low[1]) low = point; if (point[1] > high[1]) high = point; }
  }
  put();
  return kept;
}

function nearest(points, x) {
  let a = 0, b = points.length - 1;
  if (b < 0) return undefined;
  while (b - a > 1) { const m = (a + b) >> 1; if (points[m][0] <= x) a = m; else b = m; }
  return Math.abs(points[a][0] - x) <= Math.abs(points[b][0] - x) ? points[a] : points[b];
}
