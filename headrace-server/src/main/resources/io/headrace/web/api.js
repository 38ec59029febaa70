// What the server is asked. A server of the network wants a token; it is kept for this tab only.

const KEY = 'headrace-token';

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(path, options = {}) {
  const token = sessionStorage.getItem(KEY);
  const headers = {...options.headers, ...(token ? {Authorization: 'Bearer ' + token} : {})};
  let answer;
  try {
    answer = await fetch(path, {...options, headers});
  } catch {
    throw new Refused(0, 'The server does not answer. Is it running?');
  }
  if (answer.status === 401) throw new Refused(401, 'A token is needed.');
  if (!answer.ok) throw new Refused(answer.status, await reason(answer));
  return answer;
}

async function reason(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text).message || text;
  } catch {
    return text || 'status ' + answer.status;
  }
}

export function remember(token) {
  sessionStorage.setItem(KEY, token);
}

function query(fields) {
  const all = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null && value !== '') all.append(key, value);
  }
  return all.size ? '?' + all : '';
}

const MLFLOW = 'ajax-api/2.0/mlflow/';
const OURS = 'api/headrace/1.0/';

async function json(path, options) {
  return (await ask(path, options)).json();
}

const post = (call, body) => json(MLFLOW + call, {
  method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});

export const mlflow = {
  get: (call, fields = {}) => json(MLFLOW + call + query(fields)),
  post,
  experiments: (token, filter) => post('experiments/search', {max_results: 200, page_token: token, filter, order_by: ['last_update_time DESC']}),
  runs: body => post('runs/search', body),
  run: async id => (await mlflow.get('runs/get', {run_id: id})).run,
  experiment: async id => (await mlflow.get('experiments/get', {experiment_id: id})).experiment,
  async history(run, key, after = 0) {
    const all = [];
    let token;
    do {
      const page = await mlflow.get('metrics/get-history', {run_id: run, metric_key: key, max_results: 25000, page_token: token});
      all.push(...(page.metrics ?? []));
      token = page.next_page_token;
    } while (token && all.length < 200000);
    return all;
  },
  files: (run, path) => mlflow.get('artifacts/list', {run_id: run, path}),
  file: (run, path, range) => ask('get-artifact' + query({run_id: run, path}), range ? {headers: {Range: range}} : {}),
};

export const headrace = {
  me: () => json(OURS + 'me'),
  signOut: async () => {
    sessionStorage.removeItem(KEY);
    await ask('signout', {method: 'POST'});
  },
  jobs: (before, limit = 50) => json(OURS + 'jobs' + query({before, limit})),
  job: name => json(OURS + 'jobs/' + encodeURIComponent(name)),
  state: (name, events) => json(OURS + 'jobs/' + encodeURIComponent(name) + '/state' + query({events})),
  log: (name, step, attempt, from) => json(OURS + 'jobs/' + encodeURIComponent(name) + '/log' + query({step, attempt, from})),
  why: (name, step) => json(OURS + 'jobs/' + encodeURIComponent(name) + '/why' + query({step})),
};
