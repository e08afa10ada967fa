// Builds the package: the module from Rust, the JavaScript that speaks to it, and the two put together into `dist/`. What is
// said after the command goes to cargo: `npm run build -- --locked`. `node build.mjs --js-only` takes the modules as they were built
// last, and makes only what is JavaScript and types: for those who change nothing else.
//
// | step                          | by                                                        |
// |-------------------------------|-----------------------------------------------------------|
// | Rust → module                 | cargo, as `build/toolchain.mjs` finds it                  |
// | module → its JavaScript       | `bindgen/`, of the version that `Cargo.toml` names        |
// | module → a smaller one        | wasm-opt, told exactly the features that rustc used       |
// | JavaScript → one file a build | esbuild: `js/`, and of `bindings/node/lib` what is shared |
// | Node's types → these          | `build/types.mjs`                                         |
import esbuild from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { run, TARGET, toolchain } from './build/toolchain.mjs';
import { types } from './build/types.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const DIST = path.join(HERE, 'dist');
const SHARED = path.resolve(HERE, '../node/lib');
const { version } = JSON.parse(fs.readFileSync(path.join(HERE, 'package.json'), 'utf8'));

const words = process.argv.slice(2);
const only = words.indexOf('--js-only');
const built = only >= 0 && words.splice(only, 1).length > 0;
const at = words.indexOf('--target-dir');
const target = path.resolve(at < 0 ? (process.env.CARGO_TARGET_DIR ?? path.join(HERE, '../../target')) : words.splice(at, 2)[1]);

/** Features of WebAssembly that rustc uses for this target, which wasm-opt may use and no other. */
const FEATURES = ['bulk-memory', 'bulk-memory-opt', 'call-indirect-overlong', 'multivalue', 'mutable-globals',
  'nontrapping-float-to-int', 'reference-types', 'sign-ext'];

/** Passes of wasm-opt that make the module smaller and what is sent larger: compression likes what is repeated. */
const SKIPPED = ['inlining-optimizing', 'local-cse', 'merge-locals'];

/** Its passes for size, over again until nothing gets smaller, on code laid flat first: then they see more that is the same. */
const PASSES = ['--flatten', '--rereloop', '--converge', '-Oz'];

const rust = built ? undefined : toolchain();
const work = path.join(target, 'wasm');

/** A module: everything, what evaluates compiled packs, or that with the ledger. */
function compile(name, features) {
  const asked = ['rustc', '--package', 'byleave-wasm', '--profile', 'wasm', '--target', TARGET, ...features, ...words];
  run(rust.cargo, asked, { cwd: HERE, env: { ...process.env, ...rust.env, CARGO_TARGET_DIR: work } });
  const module = path.join(work, `${name}.wasm`);
  fs.copyFileSync(path.join(work, TARGET, 'wasm', 'byleave_wasm.wasm'), module);
  return module;
}

function bindgen(module, name) {
  const out = path.join(work, 'js', name);
  const manifest = path.join(HERE, 'bindgen/Cargo.toml');
  const asked = ['run', '--quiet', '--locked', '--manifest-path', manifest, '--', module, 'module', out];
  run('cargo', asked, { env: { ...process.env, CARGO_TARGET_DIR: path.join(target, 'bindgen') } });
  return out;
}

function shrink(from, to) {
  const features = [...FEATURES.map((name) => `--enable-${name}`), ...SKIPPED.map((name) => `--skip-pass=${name}`)];
  const tool = path.join(HERE, 'node_modules/binaryen/bin/wasm-opt');
  const asked = [tool, ...features, ...PASSES, '--strip-debug', '--strip-producers', '--strip-target-features', from, '-o', to];
  const ran = spawnSync(process.execPath, asked, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (ran.status !== 0) throw new Error(`wasm-opt ended with ${ran.status ?? ran.signal}`);
}

/**
 * The JavaScript of a module as a function, which gives it anew for every start: what it keeps beside it (memory, handles that the
 * host's collector may find) is one start's own.
 */
function anew(file) {
  const said = fs.readFileSync(file, 'utf8');
  const names = [...said.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  const last = 'export { initSync, __wbg_init as default };';
  const inside = said.replace(/^export (?=(?:class|function) )/gm, '').replace(last, '');
  if (names.length === 0 || !said.includes(last) || /^(?:export|import)\b/m.test(inside)) throw new Error(`${file} is of another form`);
  return `export function glue(FinalizationRegistry) {\n${inside}\nreturn { initSync, init: __wbg_init, ${names.join(', ')} };\n}\n`;
}

/** The builds to which plain objects cross as words and bytes. */
const TAPE = new Set(['byleave', 'ledger']);

/** How each is bundled: the shared JavaScript with this host's parts of it, and the module's own. */
function common(name, glue, tape = TAPE.has(name)) {
  const here = (file) => path.join(HERE, 'js', file);
  return {
    bundle: true,
    target: 'es2022',
    minify: true,
    // What a host prints of a class is its own name, whatever else is called so in the file.
    keepNames: true,
    legalComments: 'none',
    define: {
      BYLEAVE_VERSION: JSON.stringify(version),
      BYLEAVE_TEXT: String(name === 'byleave'),
      BYLEAVE_LEDGER: String(name === 'ledger'),
    },
    plugins: [{
      name: 'this host',
      setup(build) {
        const own = { './host.js': 'host.cjs', './native.js': 'native.js', ...(name !== 'ledger' && { './ledger.js': 'ledger.cjs' }) };
        build.onResolve({ filter: /^\.\/(host|ledger|native)\.js$/ }, (it) =>
          it.importer.startsWith(SHARED) && it.path in own ? { path: here(own[it.path]) } : undefined);
        build.onResolve({ filter: /^shared\/tape\.js$/ }, () => (tape ? undefined : { path: here('tape.cjs') }));
        build.onResolve({ filter: /^shared\// }, (it) => ({ path: path.join(SHARED, it.path.slice('shared/'.length)) }));
        build.onResolve({ filter: /^byleave-glue$/ }, () => ({ path: path.join(glue, 'module.js'), namespace: 'glue' }));
        build.onLoad({ filter: /^/, namespace: 'glue' }, (it) => ({ contents: anew(it.path) }));
      },
    }],
  };
}

/** One file a build. */
async function bundle(name, glue) {
  await esbuild.build({
    ...common(name, glue),
    entryPoints: [path.join(HERE, 'js', `${name}.js`)],
    outfile: path.join(DIST, `${name}-core.js`),
    format: 'esm',
  });
}

/** What Node's package asks of the whole module where no addon fits: the doors alone, for its own JavaScript stands before them. */
async function fallback(glue) {
  await esbuild.build({
    // What writes plain objects stands before the doors too.
    ...common('byleave', glue, false),
    entryPoints: [path.join(HERE, 'js/fallback.js')],
    outfile: path.join(DIST, 'fallback.cjs'),
    format: 'cjs',
    platform: 'node',
    // The module is started from its bytes; where else it may lie is never asked.
    logOverride: { 'empty-import-meta': 'silent' },
  });
  fs.writeFileSync(path.join(DIST, 'fallback.d.cts'), '/** For the package `byleave` alone. */\nexport declare const native: unknown;\n');
}

/** The modules, each with its JavaScript, and what starts them: `index` and `node` the whole one, `evaluator*` the small one, `ledger*` that one with the ledger. */
const BUILDS = {
  byleave: [],
  evaluator: ['--no-default-features'],
  ledger: ['--no-default-features', '--features', 'ledger,tape'],
};

fs.mkdirSync(DIST, { recursive: true });
for (const [name, features] of Object.entries(BUILDS)) {
  const glue = built ? path.join(work, 'js', name) : bindgen(compile(name, features), name);
  if (!built) shrink(path.join(glue, 'module_bg.wasm'), path.join(DIST, `${name}.wasm`));
  await bundle(name, glue);
  if (name === 'byleave') await fallback(glue);
}
for (const file of fs.readdirSync(path.join(HERE, 'js/entries'))) {
  fs.copyFileSync(path.join(HERE, 'js/entries', file), path.join(DIST, file));
}
const shared = (name) => fs.readFileSync(path.join(SHARED, name), 'utf8');
for (const [name, text] of Object.entries(types(shared('index.d.ts'), shared('ledger.d.ts')))) {
  fs.writeFileSync(path.join(DIST, `${name}.d.ts`), text);
}
for (const file of fs.readdirSync(DIST).sort()) {
  const bytes = fs.readFileSync(path.join(DIST, file));
  console.log(`built ${file}: ${bytes.length} bytes, ${gzipSync(bytes, { level: 9 }).length} compressed`);
}
if (!built) console.log(`built by ${rust.name}`);
