// Jobs: the pipelines that ran here, and one of them as a graph that moves while it runs.

import {badge, facts, h, table, took, when} from './dom.js';
import {headrace} from './api.js';
import {graph} from './graph.js';

const LOOK_AGAIN = 1000, TAIL = 64 * 1024;

export async function jobs() {
  const found = [];
  const holder = h('div', {});
  const more = h('button', {onclick: () => load()}, 'Earlier jobs');
  async function load() {
    const page = (await headrace.jobs(found.at(-1)?.name)).jobs;
    found.push(...page);
    more.hidden = page.length < 50;
    holder.replaceChildren(found.length ? table(found.length + ' jobs, the newest first', ['Job', 'Name', 'Status', 'Started', 'Took', 'Experiment'],
      found.map(it => [h('td', {class: 'name'}, h('a', {href: '#/jobs/' + encodeURIComponent(it.name)}, it.name)), it.display_name, badge(it.status), when(it.created),
        it.ended ? took(it.created, it.ended) : '', it.experiment]))
      : h('p', {}, 'Nothing has run here yet: ', h('code', {}, 'headrace run pipeline.yml'), '.'));
  }
  await load();
  return [h('h1', {}, 'Jobs'), holder, h('p', {}, more)];
}

export async function job([name], search, stop) {
  let it = await headrace.job(name);
  let states = new Map(it.state.steps.map(step => [step.id, step]));
  let events = it.state.events;
  let chosen = search.get('step');
  const head = h('div', {}), side = h('div', {'aria-live': 'off'}), listHolder = h('div', {});
  const choose = id => { chosen = id; draw(); detail(); };
  const picture = graph(it.nodes, choose);

  function draw() {
    const counts = {};
    for (const step of states.values()) if (!step.group) counts[step.state] = (counts[step.state] ?? 0) + 1;
    head.replaceChildren(h('h1', {}, it.display_name, ' ', badge(it.status)), it.message ? h('p', {class: 'error'}, it.message) : '',
      facts([['Job', it.name], ['Experiment', it.experiment], ['User', it.user], ['Started', when(it.created)], ['Took', took(it.created, it.ended)], ['Source', it.source],
        ['Steps', Object.entries(counts).map(([state, n]) => n + ' ' + state).join(', ')],
        ...Object.entries(it.parameters ?? {}).map(([key, value]) => ['input ' + key, value])]));
    picture.show(states, chosen);
    const known = new Set(it.nodes.map(node => node.id));
    const rows = [...it.nodes.map(node => states.get(node.id) ?? {id: node.id, state: 'waiting'}), ...[...states.values()].filter(step => !known.has(step.id))];
    listHolder.replaceChildren(table(rows.length + ' steps', ['Step', 'State', 'Took', 'Message'], rows.slice(0, 2000).map(step => [
      h('td', {class: 'name'}, h('button', {onclick: () => choose(step.id)}, step.id)), badge(step.state),
      step.started && step.state !== 'reused' ? took(step.started, step.ended) : '', step.message ?? ''])));
  }

  let stopLog = () => {};
  async function detail() {
    stopLog();
    const step = states.get(chosen);
    if (!step) {
      side.replaceChildren(h('h2', {}, chosen ?? 'A step'), h('p', {class: 'quiet'}, chosen ? 'It has not begun.' : 'Choose a step to see why it ran and what it says.'));
      return;
    }
    const log = h('pre', {tabindex: '0', 'aria-label': 'Log of ' + step.id}, '');
    const why = h('p', {class: 'quiet'});
    side.replaceChildren(h('h2', {}, step.id, ' ', badge(step.state)),
      facts([['Took', step.state === 'reused' ? '' : took(step.started, step.ended)], ['Attempt', step.attempt || ''], ['Outputs', step.outputs.join(', ')],
        ['Run', step.run ? h('a', {href: '#/experiments/0/runs/' + step.run}, 'parameters, metrics, files') : ''], ['Message', step.message]]),
      why, step.group || !step.attempt ? '' : [h('h2', {}, 'Log'), log].reduce((box, child) => (box.append(child), box), h('div', {})));
    let live = true;
    stopLog = () => { live = false; };
    headrace.why(name, step.id).then(it2 => {
      if (!live) return;
      why.textContent = 'Why: ' + it2.because;
      if (it2.differences.length) why.after(table('What differs from the last time', ['Part', 'Was', 'Is'], it2.differences.map(d => [h('td', {class: 'name'}, d.part), h('td', {class: 'cut', title: d.was}, d.was), h('td', {class: 'cut', title: d.is}, d.is)])));
    }, () => {});
    if (step.group || !step.attempt) return;
    let next = -TAIL;
    while (live && !stop.aborted) {
      const part = await headrace.log(name, step.id, step.attempt, next);
      if (!live) return;
      if (part.text) {
        const low = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
        if (next < 0 && part.from > 0) log.append('… (the end of ' + part.size + ' bytes)\n');
        log.append(part.text);
        if (low) log.scrollTop = log.scrollHeight;
      } else if (!next || next < 0) {
        log.textContent = '';
      }
      next = part.next;
      if (next >= part.size) {
        if (states.get(step.id)?.ended) return;
        await new Promise(go => setTimeout(go, LOOK_AGAIN));
      }
    }
  }

  async function again() {
    if (stop.aborted) return;
    if (['Running', 'Preparing', 'Queued'].includes(it.status)) {
      try {
        const now = await headrace.state(name, events);
        const {state, ...facts2} = now;
        it = {...it, ...facts2, state: it.state};
        if (state) {
          const was = states.get(chosen)?.state;
          states = new Map(state.steps.map(step => [step.id, step]));
          events = state.events;
          draw();
          if (chosen && states.get(chosen)?.state !== was) detail();
        }
      } catch { /* the next look may work */ }
      setTimeout(again, LOOK_AGAIN);
    }
  }

  draw();
  detail();
  setTimeout(again, LOOK_AGAIN);
  return [h('p', {class: 'crumbs'}, h('a', {href: '#/jobs'}, 'Jobs')), head,
    h('div', {class: 'split'}, h('div', {}, h('h2', {}, 'Graph'), h('div', {class: 'graph'}, picture.svg)), side), h('h2', {}, 'Steps'), listHolder];
}
