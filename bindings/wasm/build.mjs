// Builds the package: the module from Rust, the JavaScript that speaks to it, and the two put together into `dist/`. What is
// said after the command goes to cargo: `npm run build -- --locked`.
//
// | step                          | by                                                        |
// |-------------------------------|-----------------------------------------------------------|
// | Rust → module                 | cargo, as `build/toolchain.mjs` finds it                  |
// | module → its JavaScript       | `bindgen/`, of the version that `Cargo.toml` names        |
// | module → a smaller one        | wasm-opt, told exactly the features that rustc used       |
// | JavaScript → one file a build | esbuild: `js/`, and of `bindings/node/lib` what is shared |
import esbuild from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, TARGET, toolchain } from './build/toolchain.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const DIST = path.join(HERE, 'dist');
const SHARED = path.resolve(HERE, '../node/lib');
const { version } = JSON.parse(fs.readFileSync(path.join(HERE, 'package.json'), 'utf8'));

const words = process.argv.slice(2);
const at = words.indexOf('--target-dir');
const target = path.resolve(at < 0 ? (process.env.CARGO_TARGET_DIR ?? path.join(HERE, '../../target')) : words.splice(at, 2)[1]);

/** Features of WebAssembly that rustc uses for this target, which wasm-opt may use and no other. */
const FEATURES = ['bulk-memory', 'bulk-memory-opt', 'call-indirect-overlong', 'multivalue', 'mutable-globals',
  'nontrapping-float-to-int', 'reference-types', 'sign-ext'];

const rust = toolchain();
const work = path.join(target, 'wasm');

function compile() {
  const asked = ['rustc', '--package', 'byleave-wasm', '--profile', 'wasm', '--target', TARGET, ...words];
  // The top of the stack, which `js/native.js` puts back after a call that did not end.
  const linked = ['--', '-Clink-arg=--export=__stack_pointer'];
  const env = { ...process.env, ...rust.env, CARGO_TARGET_DIR: work };
  run(rust.cargo, [...asked, ...linked], { cwd: HERE, env });
  return path.join(work, TARGET, 'wasm', 'byleave_wasm.wasm');
}

function bindgen(module, name) {
  const out = path.join(work, 'js', name);
  const manifest = path.join(HERE, 'bindgen/Cargo.toml');
  const asked = ['run', '--quiet', '--locked', '--manifest-path', manifest, '--', module, 'module', out];
  run('cargo', asked, { env: { ...process.env, CARGO_TARGET_DIR: path.join(target, 'bindgen') } });
  return out;
}

function shrink(from, to) {
  const features = FEATURES.map((name) => `--enable-${name}`);
  const tool = path.join(HERE, 'node_modules/binaryen/bin/wasm-opt');
  const asked = [tool, ...features, '-Oz', '--strip-debug', '--strip-producers', '--strip-target-features', from, '-o', to];
  const ran = spawnSync(process.execPath, asked, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (ran.status !== 0) throw new Error(`wasm-opt ended with ${ran.status ?? ran.signal}`);
}

/** One file: the shared JavaScript with this host's parts of it, and the module's own. */
async function bundle(name, glue) {
  const here = (file) => path.join(HERE, 'js', file);
  await esbuild.build({
    entryPoints: [here('byleave.js')],
    outfile: path.join(DIST, `${name}.js`),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    define: { BYLEAVE_VERSION: JSON.stringify(version), BYLEAVE_TEXT: String(name === 'byleave') },
    plugins: [{
      name: 'this host',
      setup(build) {
        build.onResolve({ filter: /^\.\/(host|native)\.js$/ }, (it) =>
          it.importer.startsWith(SHARED) ? { path: here(path.basename(it.path)) } : undefined);
        build.onResolve({ filter: /^shared\// }, (it) => ({ path: path.join(SHARED, it.path.slice('shared/'.length)) }));
        build.onResolve({ filter: /^byleave-glue$/ }, () => ({ path: path.join(glue, 'module.js') }));
      },
    }],
  });
}

fs.mkdirSync(DIST, { recursive: true });
const glue = bindgen(compile(), 'byleave');
shrink(path.join(glue, 'module_bg.wasm'), path.join(DIST, 'byleave.wasm'));
await bundle('byleave', glue);
for (const file of ['index.js', 'node.js']) fs.copyFileSync(path.join(HERE, 'js', file), path.join(DIST, file));
console.log(`built by ${rust.name}: ${fs.readdirSync(DIST).map((it) => `${it} ${fs.statSync(path.join(DIST, it)).size}`).join(', ')}`);
