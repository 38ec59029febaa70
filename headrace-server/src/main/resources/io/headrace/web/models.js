// Registered models and their versions, in MLflow's words.

import {badge, facts, h, table, when} from './dom.js';
import {mlflow} from './api.js';

export async function models(_, search) {
  const filter = search.get('filter') ?? '';
  const text = h('input', {id: 'filter', value: filter, placeholder: "name LIKE '%taxi%'", spellcheck: 'false'});
  const found = [];
  let next;
  const holder = h('div', {});
  const more = h('button', {hidden: true, onclick: () => load()}, 'More models');
  async function load() {
    const page = await mlflow.get('registered-models/search', {filter, max_results: 100, page_token: next});
    found.push(...(page.registered_models ?? []));
    next = page.next_page_token;
    more.hidden = !next;
    holder.replaceChildren(found.length ? table(found.length + ' models', ['Model', 'Newest version', 'Aliases', 'Changed', 'Description'], found.map(it => [
      h('td', {class: 'name'}, h('a', {href: '#/models/' + encodeURIComponent(it.name)}, it.name)),
      String(Math.max(0, ...(it.latest_versions ?? []).map(v => Number(v.version))) || ''),
      (it.aliases ?? []).map(a => a.alias + ' → ' + a.version).join(', '), when(it.last_updated_timestamp), h('td', {class: 'cut', title: it.description}, it.description ?? '')]))
      : h('p', {}, filter ? 'No model fits the filter.' : 'No model has been registered yet.'));
  }
  await load();
  return [h('h1', {}, 'Models'), h('form', {class: 'row', onsubmit: event => {
    event.preventDefault();
    location.hash = '#/models' + (text.value ? '?' + new URLSearchParams({filter: text.value}) : '');
  }}, h('label', {class: 'grow', for: 'filter'}, 'Filter, in MLflow’s words', text), h('button', {class: 'main'}, 'Find')), holder, h('p', {}, more)];
}

export async function model([name, version]) {
  const {registered_model: it} = await mlflow.get('registered-models/get', {name});
  const quoted = name.replaceAll("'", "\\'");
  const versions = (await mlflow.get('model-versions/search', {filter: `name = '${quoted}'`, max_results: 200})).model_versions ?? [];
  const aliases = number => (it.aliases ?? []).filter(a => a.version === number).map(a => a.alias).join(', ');
  const tags = list => (list ?? []).map(t => t.key + (t.value ? ' = ' + t.value : '')).join(', ');
  const crumbs = h('p', {class: 'crumbs'}, h('a', {href: '#/models'}, 'Models'), version ? [' / ', h('a', {href: '#/models/' + encodeURIComponent(name)}, name)] : '');
  const made = v => v.run_id ? h('a', {href: '#/experiments/0/runs/' + v.run_id}, v.run_id) : '';
  if (version) {
    const v = versions.find(x => x.version === version) ?? (await mlflow.get('model-versions/get', {name, version})).model_version;
    return [crumbs, h('h1', {}, `${name}, version ${version} `, badge(v.status ?? 'READY')), facts([
      ['Aliases', aliases(version)], ['Stage', v.current_stage === 'None' ? '' : v.current_stage], ['Made by run', made(v)], ['Source', v.source], ['Registered', when(v.creation_timestamp)],
      ['Changed', when(v.last_updated_timestamp)], ['By', v.user_id], ['Description', v.description], ['Tags', tags(v.tags)], ['Note', v.status_message]])];
  }
  return [crumbs, h('h1', {}, name), facts([['Description', it.description], ['Tags', tags(it.tags)], ['Registered', when(it.creation_timestamp)]]),
    versions.length ? table(versions.length + ' versions', ['Version', 'Aliases', 'Stage', 'Status', 'Registered', 'Made by run', 'Description'], versions.map(v => [
      h('a', {href: `#/models/${encodeURIComponent(name)}/versions/${v.version}`}, v.version), aliases(v.version), v.current_stage === 'None' ? '' : v.current_stage ?? '',
      badge(v.status ?? 'READY'), when(v.creation_timestamp), made(v), h('td', {class: 'cut'}, v.description ?? '')])) : h('p', {}, 'It has no versions yet.')];
}
