// A run's files as a tree with a preview. What a model wrote is data: text is shown as text, only plain images as images.

import {bytes, h} from './dom.js';
import {mlflow} from './api.js';

const IMAGES = {png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', svg: 'image/svg+xml'};
const MOST_TEXT = 200_000, MOST_IMAGE = 20_000_000;

export function artifacts(run) {
  const preview = h('div', {'aria-live': 'polite'}, h('p', {class: 'quiet'}, 'Choose a file.'));
  const tree = h('ul', {class: 'tree'});
  let current;

  async function open(path, into) {
    const {files = []} = await mlflow.files(run, path);
    if (!files.length) into.append(h('li', {class: 'quiet'}, path ? 'empty' : 'This run has no files.'));
    for (const file of files) {
      const name = file.path.split('/').pop();
      if (file.is_dir) {
        const inner = h('ul', {hidden: true});
        const button = h('button', {'aria-expanded': 'false', onclick: async () => {
          if (!inner.children.length) await open(file.path, inner);
          inner.hidden = !inner.hidden;
          button.setAttribute('aria-expanded', String(!inner.hidden));
        }}, '▸ ' + name + '/');
        into.append(h('li', {}, button, inner));
      } else {
        const button = h('button', {onclick: () => {
          current?.removeAttribute('aria-current');
          current = button;
          button.setAttribute('aria-current', 'true');
          show(file);
        }}, name, h('span', {class: 'quiet'}, ' ' + bytes(file.file_size)));
        into.append(h('li', {}, button));
      }
    }
  }

  async function show(file) {
    const name = file.path.split('/').pop(), ending = name.includes('.') ? name.split('.').pop().toLowerCase() : '';
    const save = h('button', {onclick: async () => {
      const url = URL.createObjectURL(await (await mlflow.file(run, file.path)).blob());
      h('a', {href: url, download: name}).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    }}, 'Download');
    const head = h('p', {class: 'row'}, h('strong', {}, file.path), save);
    try {
      if (IMAGES[ending] && file.file_size < MOST_IMAGE) {
        const data = await (await mlflow.file(run, file.path)).arrayBuffer();
        const url = URL.createObjectURL(new Blob([data], {type: IMAGES[ending]}));
        // As an image, SVG runs no script and loads nothing.
        preview.replaceChildren(head, h('img', {class: 'preview', src: url, alt: name, onload: () => URL.revokeObjectURL(url)}));
        return;
      }
      const part = await mlflow.file(run, file.path, file.file_size > MOST_TEXT ? `bytes=0-${MOST_TEXT - 1}` : undefined);
      const data = new Uint8Array(await part.arrayBuffer());
      if (data.subarray(0, 4000).includes(0)) {
        preview.replaceChildren(head, h('p', {class: 'quiet'}, 'Not a text: download it to look.'));
        return;
      }
      let text = new TextDecoder().decode(data);
      if (ending === 'json' && file.file_size <= MOST_TEXT) {
        try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* as it is */ }
      }
      preview.replaceChildren(head, file.file_size > MOST_TEXT ? h('p', {class: 'quiet'}, `The first ${bytes(MOST_TEXT)}.`) : '', h('pre', {tabindex: '0'}, text));
    } catch (error) {
      preview.replaceChildren(head, h('p', {class: 'error', role: 'alert'}, error.message));
    }
  }

  open('', tree).catch(error => tree.append(h('li', {class: 'error'}, error.message)));
  return h('div', {class: 'split even'}, tree, preview);
}
