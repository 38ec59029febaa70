// Which page is shown: by the part of the address after '#', in the words of MLflow's own pages, so that links from its clients work.

import {h, say} from './dom.js';
import {Refused, headrace, remember} from './api.js';
import {experiments} from './experiments.js';
import {run} from './run.js';
import {compare} from './compare.js';
import {jobs, job} from './jobs.js';
import {models, model} from './models.js';

const ROUTES = [
  [/^\/?$/, experiments, 'Experiments'],
  [/^\/experiments\/?$/, experiments, 'Experiments'],
  [/^\/experiments\/([^/]+)$/, experiments, 'Experiment'],
  [/^\/experiments\/([^/]+)\/runs\/([^/]+)(?:\/([^/]+).*)?$/, run, 'Run'],
  [/^\/compare-runs$/, compare, 'Compare runs'],
  [/^\/jobs\/?$/, jobs, 'Jobs'],
  [/^\/jobs\/([^/]+)$/, job, 'Job'],
  [/^\/models\/?$/, models, 'Models'],
  [/^\/models\/([^/]+)(?:\/versions\/([^/]+))?$/, model, 'Model'],
];

const main = document.getElementById('main');
let leave = () => {};

async function show() {
  leave();
  const stop = new AbortController();
  leave = () => stop.abort();
  const [path, search] = location.hash.slice(1).split('?');
  for (const link of document.querySelectorAll('nav a')) {
    const here = (path || '/experiments').startsWith(link.getAttribute('href').slice(1)) || (path === '/' && link.hash === '#/experiments');
    if (here) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
  }
  for (const [shape, page, title] of ROUTES) {
    const found = shape.exec(path);
    if (!found) continue;
    const parts = found.slice(1).map(it => it === undefined ? undefined : decodeURIComponent(it));
    try {
      const content = await page(parts, new URLSearchParams(search), stop.signal);
      if (stop.signal.aborted) return;
      main.replaceChildren(...content);
      document.title = (main.querySelector('h1')?.textContent ?? title) + ' · Headrace';
      say(title + ' shown');
    } catch (error) {
      if (!stop.signal.aborted) fail(error);
    }
    return;
  }
  main.replaceChildren(h('h1', {}, 'There is no such page'), h('p', {}, h('a', {href: '#/'}, 'To the experiments')));
}

function fail(error) {
  if (error instanceof Refused && error.status === 401) {
    const token = h('input', {type: 'password', autocomplete: 'off', id: 'token'});
    main.replaceChildren(h('h1', {}, 'Sign in'), h('p', {}, h('a', {href: 'signin'}, 'By name and password')), h('form', {class: 'row', onsubmit: event => {
      event.preventDefault();
      remember(token.value.trim());
      show();
    }}, h('label', {class: 'grow'}, 'Or by a token for this tab: yours, or the workspace’s (.headrace/token on the server)', token), h('button', {class: 'main'}, 'Use the token')));
    token.focus();
    return;
  }
  if (!(error instanceof Refused)) console.error(error);
  main.replaceChildren(h('h1', {}, 'That did not work'), h('p', {class: 'error', role: 'alert'}, error.message),
    h('p', {}, h('button', {onclick: show}, 'Try again')));
}

/** Who is signed in, and the way out; nothing where nobody need be known. */
async function greet() {
  try {
    const me = await headrace.me();
    if (me.kind !== 'user') return;
    document.getElementById('me').replaceChildren(h('span', {}, me.name), h('button', {onclick: async () => {
      await headrace.signOut();
      location.assign('signin');
    }}, 'Sign out'));
  } catch {
    // The page itself says what is wrong.
  }
}

document.getElementById('skip').addEventListener('click', event => { event.preventDefault(); main.focus(); });
addEventListener('hashchange', () => { show(); scrollTo(0, 0); });
show();
greet();
