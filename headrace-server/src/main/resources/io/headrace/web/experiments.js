// Experiments on the left, the runs of one of them in a table with columns, filter and order of one's own choice.

import {badge, h, number, say, table, took, when} from './dom.js';
import {mlflow} from './api.js';

const PAGE = 100;
const COLUMNS = 'headrace-columns-';

export async function experiments([id], search) {
  const all = (await mlflow.experiments()).experiments ?? [];
  if (!all.length) return [h('h1', {}, 'Experiments'), h('p', {}, 'Nothing has been tracked here yet.')];
  const here = id === undefined ? all[0] : all.find(it => it.experiment_id === id) ?? await mlflow.experiment(id);
  const list = h('nav', {'aria-label': 'Experiments'}, h('h2', {}, 'Experiments'), h('ul', {class: 'tree'}, all.map(it =>
    h('li', {}, h('a', {href: '#/experiments/' + it.experiment_id, 'aria-current': it.experiment_id === here.experiment_id ? 'page' : null}, it.name)))));
  return [h('div', {class: 'split even'}, list, await runs(here, search))];
}

function value(run, column) {
  const [kind, ...rest] = column.split('.');
  const key = rest.join('.');
  const list = {metrics: run.data.metrics, params: run.data.params, tags: run.data.tags}[kind] ?? [];
  return list.find(it => it.key === key)?.value;
}

async function runs(experiment, search) {
  const filter = search.get('filter') ?? '', order = search.get('order') ?? 'attributes.start_time DESC';
  const deleted = search.get('view') === 'deleted';
  const body = {experiment_ids: [experiment.experiment_id], filter, order_by: [order], max_results: PAGE,
    run_view_type: deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY'};
  const holder = h('div', {});
  const chosen = new Set();
  const found = [];
  let next;

  const text = h('input', {id: 'filter', value: filter, placeholder: "metrics.rmse < 1 and params.model = 'tree'", spellcheck: 'false'});
  const go = changes => {
    const all = new URLSearchParams({filter: text.value, order, ...(deleted ? {view: 'deleted'} : {}), ...changes});
    for (const [key, v] of [...all]) if (!v) all.delete(key);
    location.hash = '#/experiments/' + experiment.experiment_id + (all.size ? '?' + all : '');
  };
  const compare = h('button', {type: 'button', disabled: true, onclick: () => { location.hash = '#/compare-runs?runs=' + [...chosen].join(','); }}, 'Compare');
  const more = h('button', {hidden: true, onclick: () => load()}, 'More runs');
  const problem = h('p', {class: 'error', role: 'alert', hidden: true});

  function columns() {
    const seen = new Set();
    for (const run of found) {
      for (const it of run.data.metrics ?? []) seen.add('metrics.' + it.key);
      for (const it of run.data.params ?? []) seen.add('params.' + it.key);
    }
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(COLUMNS + experiment.experiment_id)); } catch { /* none */ }
    const all = [...seen].sort();
    return {all, shown: Array.isArray(kept) ? kept : [...all.filter(it => it.startsWith('metrics.')).slice(0, 6), ...all.filter(it => it.startsWith('params.')).slice(0, 4)]};
  }

  function head(label, by) {
    const down = order === by + ' DESC', up = order === by + ' ASC';
    return h('th', {scope: 'col', class: by.startsWith('metrics.') ? 'number' : null, 'aria-sort': down ? 'descending' : up ? 'ascending' : null},
      h('button', {title: 'Order by ' + label, onclick: () => go({order: by + (down ? ' ASC' : ' DESC')})}, label + (down ? ' ↓' : up ? ' ↑' : '')));
  }

  function draw() {
    const {all, shown} = columns();
    const picker = h('details', {}, h('summary', {}, 'Columns'), h('div', {class: 'row'}, all.map(column => h('label', {class: 'inline'},
      h('input', {type: 'checkbox', checked: shown.includes(column), onchange: event => {
        const kept = event.target.checked ? [...shown, column] : shown.filter(it => it !== column);
        localStorage.setItem(COLUMNS + experiment.experiment_id, JSON.stringify(kept));
        draw();
      }}), column))));
    const rows = found.map(run => [
      h('td', {}, h('input', {type: 'checkbox', 'aria-label': 'Choose ' + run.info.run_name, checked: chosen.has(run.info.run_id), onchange: event => {
        if (event.target.checked) chosen.add(run.info.run_id); else chosen.delete(run.info.run_id);
        compare.disabled = chosen.size < 2;
        compare.textContent = chosen.size ? `Compare ${chosen.size}` : 'Compare';
      }})),
      h('td', {class: 'name'}, h('a', {href: `#/experiments/${experiment.experiment_id}/runs/${run.info.run_id}`}, run.info.run_name || run.info.run_id)),
      badge(run.info.status), when(run.info.start_time), run.info.end_time ? took(run.info.start_time, run.info.end_time) : '',
      ...shown.map(column => column.startsWith('metrics.')
        ? h('td', {class: 'number'}, number(value(run, column)))
        : h('td', {class: 'cut', title: value(run, column)}, value(run, column) ?? '')),
    ]);
    holder.replaceChildren(all.length ? picker : '', found.length
      ? table(`${found.length}${next ? ' or more' : ''} runs`, [h('th', {scope: 'col'}, h('span', {}, 'Choose')), head('Run', 'attributes.run_name'), head('Status', 'attributes.status'),
        head('Started', 'attributes.start_time'), h('th', {scope: 'col'}, 'Took'),
        ...shown.map(it => head(it.replace(/^(metrics|params)\./, ''), it.replace(/\.(.*)$/, '.`$1`')))], rows)
      : h('p', {}, filter ? 'No run fits the filter.' : 'No runs yet.'));
  }

  async function load() {
    try {
      const page = await mlflow.runs({...body, page_token: next});
      for (const run of page.runs ?? []) found.push({info: run.info, data: run.data ?? {}});
      next = page.next_page_token;
      problem.hidden = true;
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
    more.hidden = !next;
    draw();
    say(found.length + ' runs');
  }

  await load();
  return h('section', {'aria-label': 'Runs'},
    h('h1', {}, experiment.name),
    h('form', {class: 'row', onsubmit: event => { event.preventDefault(); go({}); }},
      h('label', {class: 'grow', for: 'filter'}, 'Filter, in MLflow’s words', text), h('button', {class: 'main'}, 'Find'),
      h('button', {type: 'button', onclick: () => go({view: deleted ? '' : 'deleted'})}, deleted ? 'Show active' : 'Show deleted'), compare),
    problem, holder, h('p', {}, more));
}
