// Shows the page: `node examples/preference-center/serve.mjs`. The hospital's packs are compiled when this starts; the page gets the
// bytes, and the small build of the engine.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Engine } from '../../bindings/wasm/dist/node.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const BUILT = path.resolve(HERE, '../../bindings/wasm/dist');
const POLICY = path.resolve(HERE, '../hospital/hospital.leave');

const KINDS = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:";

/** What the page asks for, and no other file. */
function files() {
  const texts = { 'hospital/hospital.leave': fs.readFileSync(POLICY, 'utf8') };
  const compiled = new Engine({ texts }).compile(['America/New_York']);
  const own = ['index.html', 'style.css', 'preference-center.js', 'messages.js'].map((name) => [`/${name}`, path.join(HERE, name)]);
  const built = ['evaluator.js', 'evaluator-core.js', 'evaluator.wasm'].map((name) => [`/byleave/${name}`, path.join(BUILT, name)]);
  return new Map([
    ...[...own, ...built].map(([name, file]) => [name, () => fs.readFileSync(file)]),
    ['/hospital.compiled', () => compiled],
  ]);
}

/** Serves the page to this machine alone. */
export async function serve(port = 0) {
  const known = files();
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const name = pathname === '/' ? '/index.html' : pathname;
    const body = known.get(name)?.();
    const kind = KINDS[path.extname(name)] ?? 'application/octet-stream';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': kind, 'content-security-policy': STRICT });
    response.end(body);
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { address } = await serve(8080);
  console.log(`the preference center is at ${address}`);
}
