// What the tests in a browser share: a server of this folder with a strict policy, and Chromium.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const HERE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const KINDS = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** What a page may run: its own scripts, and WebAssembly; nothing inline, no `eval`. */
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

/** Serves a folder, and texts that are made up, to this machine alone; what is a function answers what a page sends it. */
export async function serve(folder, made = {}) {
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = path.join(folder, path.normalize(decodeURIComponent(pathname)));
    const there = file.startsWith(folder) && fs.existsSync(file) && fs.statSync(file).isFile();
    const own = made[pathname];
    const body = (typeof own === 'function' ? own(await text(request)) : own) ?? (there ? fs.readFileSync(file) : undefined);
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': KINDS[path.extname(pathname)] ?? 'application/octet-stream',
      'content-security-policy': STRICT,
      'cache-control': 'no-store',
    });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${server.address().port}`;
  return { address, close: () => server.close() };
}

const QUIET = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Chromium, without a window. `CHROMIUM` says where it is, if it is elsewhere. */
export function browser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: QUIET });
}

/** A page at that address; what goes wrong in it is collected. */
export async function open(shown, address, options = {}) {
  const page = await shown.newPage(options);
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (it) => it.type() === 'error' && wrong.push(it.text()));
  await page.goto(address);
  return { page, wrong };
}
