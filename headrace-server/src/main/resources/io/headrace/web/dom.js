// Elements from code. Text is always text: nothing that came from a server is ever read as markup.

const SVG = 'http://www.w3.org/2000/svg';

/** h('td', {class: 'name', onclick: f}, 'text', child, [children]) */
export function h(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function s(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'value') element.value = value;
    else if (key === 'checked') element.checked = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(it => it !== null && it !== undefined && it !== false));
  return element;
}

/** Says something to those who listen rather than look. */
export function say(text) {
  document.getElementById('said').textContent = text;
}

export function badge(status) {
  return h('span', {class: 'badge s-' + tone(status)}, words(status));
}

/** What colour a state has. */
export function tone(status) {
  switch (String(status).toLowerCase()) {
    case 'completed': case 'finished': case 'succeeded': case 'reused': case 'ready': return 'good';
    case 'failed': case 'interrupted': case 'failed_registration': return 'bad';
    case 'running': case 'queued': case 'preparing': case 'scheduled': return 'busy';
    default: return 'idle';
  }
}

function words(status) {
  const text = String(status);
  return text.toUpperCase() === text ? text[0] + text.slice(1).toLowerCase().replaceAll('_', ' ') : text;
}

export function when(ms) {
  if (!ms) return '';
  return new Date(Number(ms)).toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'short'});
}

export function took(from, to) {
  if (!from) return '';
  const seconds = Math.max(0, (Number(to ?? Date.now()) - Number(from)) / 1000);
  if (seconds < 60) return seconds.toFixed(1) + ' s';
  if (seconds < 3600) return Math.floor(seconds / 60) + ' min ' + Math.floor(seconds % 60) + ' s';
  return Math.floor(seconds / 3600) + ' h ' + Math.floor(seconds % 3600 / 60) + ' min';
}

export function number(value) {
  const n = Number(value);
  if (value === undefined || value === null) return '';
  if (!Number.isFinite(n)) return String(value);
  if (n === 0 || (Math.abs(n) >= 1e-4 && Math.abs(n) < 1e7)) return String(Number(n.toPrecision(6)));
  return n.toExponential(4);
}

export function bytes(size) {
  let n = Number(size ?? 0);
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (n < 1024) return (unit === 'B' ? n : n.toFixed(1)) + ' ' + unit;
    n /= 1024;
  }
  return n.toFixed(1) + ' TiB';
}

/** A table: head is a list of texts or elements, rows a list of lists of cells (elements are kept, td too). */
export function table(caption, head, rows) {
  return h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
    h('table', {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, head.map(it => it instanceof Element && it.tagName === 'TH' ? it : h('th', {scope: 'col'}, it)))),
      h('tbody', {}, rows.map(row => row instanceof Element ? row
        : h('tr', {}, row.map(cell => cell instanceof Element && cell.tagName === 'TD' ? cell : h('td', {}, cell)))))));
}

export function facts(entries) {
  return h('dl', {class: 'facts'}, entries.filter(([, value]) => value !== '' && value !== undefined && value !== null)
    .map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}
