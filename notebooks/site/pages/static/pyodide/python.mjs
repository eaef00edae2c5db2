// Python with all packages of the course. Kernel and explorer start it here, in place of Pyodide's own way, which unpacks
// a wheel after another, in Python.
import { loadPyodide as load } from './pyodide.mjs';

const FOLDER = '/lib/python3.12/site-packages';

async function unzipped(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} could not be loaded`);
  return new Uint8Array(await new Response(answer.body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
}

function unpack({ FS }, tar) {
  const words = new TextDecoder();
  const field = (start, length) => words.decode(tar.subarray(start, start + length)).split('\0', 1)[0];
  for (let at = 0; tar[at]; ) {
    const prefix = field(at + 345, 155), size = parseInt(field(at + 124, 12), 8);
    const path = `${FOLDER}/${prefix && `${prefix}/`}${field(at, 100)}`;
    FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
    FS.writeFile(path, tar.subarray(at + 512, at + 512 + size), { canOwn: true });
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

export async function loadPyodide(options) {
  const coming = unzipped(new URL('packages.data', import.meta.url));
  const python = await load({ ...options, packages: [] }); // all come in one file
  unpack(python, await coming);
  for (const name of Object.keys(python._api.lockfile_packages)) python.loadedPackages[name] = 'the course';
  return python;
}
