// One run: what went in, what came out, its curves while they grow, its files.

import {badge, facts, h, number, table, took, when} from './dom.js';
import {mlflow} from './api.js';
import {artifacts} from './artifacts.js';
import {chart} from './chart.js';

const LOOK_AGAIN = 2000;
const HIDDEN = /^mlflow\.(runName|user|source\.|log-model|parentRunId)/;

export async function run([experiment, id, tab = 'overview'], search, stop) {
  const it = await mlflow.run(id);
  const data = it.data ?? {}, info = it.info;
  const tags = Object.fromEntries((data.tags ?? []).map(t => [t.key, t.value]));
  const base = `#/experiments/${info.experiment_id}/runs/${id}`;
  const tabs = [['overview', 'Overview'], ['metrics', 'Metrics'], ['artifacts', 'Files']];
  const body = h('div', {});
  const content = [
    h('p', {class: 'crumbs'}, h('a', {href: '#/experiments/' + info.experiment_id}, (await mlflow.experiment(info.experiment_id)).name),
      tags['mlflow.parentRunId'] ? [' / ', h('a', {href: `#/experiments/${info.experiment_id}/runs/${tags['mlflow.parentRunId']}`}, 'parent run')] : ''),
    h('h1', {}, info.run_name || id, ' ', badge(info.status)),
    h('nav', {class: 'tabs', 'aria-label': 'Parts of the run'}, tabs.map(([key, label]) =>
      h('a', {href: base + (key === 'overview' ? '' : '/' + key), 'aria-current': key === tab ? 'page' : null}, label))),
    body,
  ];
  if (tab === 'artifacts') body.append(artifacts(id));
  else if (tab === 'metrics' || tab === 'model-metrics') await curves(body, it, stop);
  else await overview(body, it, tags);
  return content;
}

async function overview(body, {info, data = {}, inputs = {}}, tags) {
  const children = (await mlflow.runs({experiment_ids: [info.experiment_id], filter: `tags.mlflow.parentRunId = '${info.run_id}'`, max_results: 500,
    order_by: ['attributes.start_time ASC']})).runs ?? [];
  const ours = tags['headrace.step'] || children.some(c => (c.data?.tags ?? []).some(t => t.key === 'headrace.step'));
  const job = tags['headrace.step'] ? tags['mlflow.parentRunId'] : info.run_id;
  body.append(facts([
    ['Run', info.run_id], ['User', info.user_id], ['Started', when(info.start_time)], ['Took', info.end_time ? took(info.start_time, info.end_time) : ''],
    ['Job', ours && job ? h('a', {href: '#/jobs/' + encodeURIComponent(job)}, job) : ''],
    ['Source', tags['mlflow.source.name']], ['Commit', tags['mlflow.source.git.commit']], ['Note', tags['mlflow.note.content']],
    ['Reused from', tags['headrace.reused_from'] ? h('a', {href: `#/experiments/${info.experiment_id}/runs/${tags['headrace.reused_from']}`}, tags['headrace.reused_from']) : ''],
    ['Why it failed', tags['headrace.message']],
  ]));
  const two = (caption, list, show) => list.length
    ? table(caption, ['Name', 'Value'], list.map(p => [h('td', {class: 'name'}, p.key), show(p)])) : h('p', {class: 'quiet'}, 'No ' + caption.toLowerCase() + '.');
  body.append(h('div', {class: 'split'},
    h('div', {}, h('h2', {}, 'Parameters'), two('Parameters', data.params ?? [], p => h('td', {}, p.value))),
    h('div', {}, h('h2', {}, 'Metrics'), two('Metrics', data.metrics ?? [], m => h('td', {class: 'number'}, number(m.value))))));
  const sets = inputs.dataset_inputs ?? [];
  if (sets.length) {
    body.append(h('h2', {}, 'Data'), table('Datasets that were read', ['Name', 'Digest', 'Source', 'Used for'], sets.map(({dataset, tags: t = []}) =>
      [dataset.name, dataset.digest, h('td', {class: 'cut', title: dataset.source}, dataset.source_type + ' ' + dataset.source), t.find(x => x.key === 'mlflow.data.context')?.value ?? ''])));
  }
  if (children.length) {
    body.append(h('h2', {}, 'Child runs'), table(children.length + ' child runs', ['Run', 'Status', 'Took'], children.map(c =>
      [h('td', {class: 'name'}, h('a', {href: `#/experiments/${c.info.experiment_id}/runs/${c.info.run_id}`}, c.info.run_name)), badge(c.info.status), took(c.info.start_time, c.info.end_time)])));
  }
  const rest = (data.tags ?? []).filter(t => !HIDDEN.test(t.key));
  if (rest.length) body.append(h('h2', {}, 'Tags'), two('Tags', rest, t => h('td', {}, t.value)));
}

async function curves(body, first, stop) {
  const id = first.info.run_id;
  const holder = h('div', {class: 'charts'});
  const by = h('select', {id: 'by'}, h('option', {value: 'step'}, 'step'), h('option', {value: 'time'}, 'time since the start (s)'));
  by.addEventListener('change', () => draw());
  body.append(h('p', {class: 'row'}, h('label', {for: 'by'}, 'Over', by)), holder);
  const series = new Map();
  let latest = first;
  async function load() {
    for (const metric of latest.data?.metrics ?? []) {
      const seen = series.get(metric.key);
      if (seen && seen.stamp === metric.timestamp + '/' + metric.step) continue;
      series.set(metric.key, {stamp: metric.timestamp + '/' + metric.step, points: await mlflow.history(id, metric.key)});
    }
  }
  function draw() {
    holder.replaceChildren(...[...series].sort(([a], [b]) => a < b ? -1 : 1).map(([key, {points}]) => {
      const start = Math.min(...points.map(p => Number(p.timestamp)).slice(0, 1));
      const line = points.map(p => [by.value === 'step' ? Number(p.step) : (Number(p.timestamp) - start) / 1000, Number(p.value)]).sort((a, b) => a[0] - b[0]);
      return chart(key, [{name: key, points: line}], {xName: by.value});
    }));
    if (!series.size) holder.replaceChildren(h('p', {class: 'quiet'}, 'No metrics yet.'));
  }
  await load();
  draw();
  async function again() {
    if (stop.aborted || latest.info.status !== 'RUNNING') return;
    try {
      latest = await mlflow.run(id);
      await load();
      if (!stop.aborted) draw();
    } catch { /* the next look may work */ }
    setTimeout(again, LOOK_AGAIN);
  }
  setTimeout(again, LOOK_AGAIN);
}
