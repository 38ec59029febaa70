// Runs side by side: what differs in what went in, and their curves in one picture.

import {badge, h, number, table, took} from './dom.js';
import {mlflow} from './api.js';
import {chart} from './chart.js';

const MOST = 20, MOST_CURVES = 24;

export async function compare(_, search) {
  const ids = (search.get('runs') ?? '').split(',').filter(Boolean).slice(0, MOST);
  const runs = await Promise.all(ids.map(id => mlflow.run(id)));
  if (runs.length < 2) return [h('h1', {}, 'Compare runs'), h('p', {}, 'Choose two runs or more in an experiment’s table.')];
  const values = (run, kind) => Object.fromEntries((run.data?.[kind] ?? []).map(it => [it.key, it.value]));
  const part = (title, kind, show, css) => {
    const all = runs.map(run => values(run, kind));
    const keys = [...new Set(all.flatMap(it => Object.keys(it)))].sort();
    if (!keys.length) return [];
    return [h('h2', {}, title), table(title + '; what differs is marked', ['Name', ...runs.map(run => h('th', {scope: 'col', class: css}, name(run)))], keys.map(key => {
      const row = all.map(it => it[key]);
      return h('tr', {class: new Set(row.map(String)).size > 1 ? 'differs' : ''}, h('td', {class: 'name'}, key), row.map(it => h('td', {class: css}, it === undefined ? '–' : show(it))));
    }))];
  };
  const name = run => h('a', {href: `#/experiments/${run.info.experiment_id}/runs/${run.info.run_id}`}, run.info.run_name || run.info.run_id);
  const keys = [...new Set(runs.flatMap(run => (run.data?.metrics ?? []).map(it => it.key)))].sort().slice(0, MOST_CURVES);
  const figures = await Promise.all(keys.map(async key => {
    const series = await Promise.all(runs.filter(run => (run.data?.metrics ?? []).some(it => it.key === key)).map(async run => ({
      name: run.info.run_name || run.info.run_id,
      points: (await mlflow.history(run.info.run_id, key)).map(p => [Number(p.step), Number(p.value)]).sort((a, b) => a[0] - b[0])})));
    return chart(key, series);
  }));
  return [
    h('h1', {}, `${runs.length} runs compared`),
    table('The runs', ['Run', ...runs.map(name)], [['Status', ...runs.map(run => badge(run.info.status))], ['Took', ...runs.map(run => took(run.info.start_time, run.info.end_time))]]),
    ...part('Parameters', 'params', it => it, ''), ...part('Metrics', 'metrics', number, 'number'),
    h('h2', {}, 'Curves'), figures.length ? h('div', {class: 'charts'}, figures) : h('p', {class: 'quiet'}, 'No metrics.'),
  ];
}
