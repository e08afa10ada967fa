// Finds what compiles Rust to WebAssembly: rustup's own target where it is installed, else Debian's `rustc-web` with a standard
// library built once from `rust-web-src` and kept outside the clone. Says what to install when there is neither.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const TARGET = 'wasm32-unknown-unknown';
/** Flags of the target alone: what is compiled for this machine on the way is compiled as ever. */
const FLAGS = `CARGO_TARGET_${TARGET.toUpperCase().replaceAll('-', '_')}_RUSTFLAGS`;
const DEBIAN = ['rustc-web', 'cargo-web', 'rust-web-src', 'lld-22'];
const SOURCES = '/usr/lib/rustlib/src/rust/library';
const LINKER = '/usr/bin/wasm-ld-22';

/** SHA-256 in a loop instead of unrolled: a third of its size, and what is digested here is a request. */
const COMPACT = '--cfg sha2_backend_soft="compact"';

/**
 * What the library and all that is built on it share where the library is built here. A panic is a trap at once, which is what it
 * comes to in a page anyway: its message, its place and all that writes them are left out.
 */
const SMALL = '-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none';

/** As its name says: sorting and printing in a few lines instead of the fastest. */
const LIBRARY = ['-Zbuild-std=std', '-Zbuild-std-features=optimize_for_size'];

/** The least that the engine's own dependencies ask for. */
const OLDEST = [1, 88];

/** Runs a program to its end; what it prints is seen unless it is wanted. */
export function run(program, words, options = {}) {
  const ran = spawnSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (ran.error) throw new Error(`\`${program}\` cannot be run`, { cause: ran.error });
  if (ran.status !== 0) throw new Error(`\`${program} ${words.join(' ')}\` ended with ${ran.status}`);
  return ran.stdout;
}

function says(program, words) {
  const ran = spawnSync(program, words, { encoding: 'utf8' });
  return ran.status === 0 ? ran.stdout.trim() : undefined;
}

/** The compiler that the clone is built with, if it has the target. */
export function rustup() {
  const root = says('rustc', ['--print', 'sysroot']);
  if (root === undefined) return undefined;
  const there = fs.existsSync(path.join(root, 'lib/rustlib', TARGET, 'lib'));
  return there ? { name: says('rustc', ['-V']), cargo: 'cargo', env: { [FLAGS]: COMPACT } } : undefined;
}

/** Packages of Debian's that are not there yet; nothing where this is no Debian. */
function missing() {
  if (says('dpkg', ['--version']) === undefined) return undefined;
  return DEBIAN.filter((name) => !says('dpkg-query', ['-W', '-f', '${Status}', name])?.endsWith(' installed'));
}

function install(names) {
  const sudo = process.getuid() === 0 ? [] : ['sudo'];
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', ...names]]) {
    const [program, ...rest] = [...sudo, 'apt-get', ...words];
    run(program, rest);
  }
}

function debian() {
  const wanted = missing();
  if (wanted === undefined) return undefined;
  try {
    if (wanted.length > 0) install(wanted);
  } catch {
    return undefined;
  }
  const about = says('/usr/bin/rustc', ['-vV']) ?? '';
  const [, major, minor] = /^rustc (\d+)\.(\d+)/.exec(about) ?? [0, 0, 0];
  if (Number(major) < OLDEST[0] || Number(minor) < OLDEST[1]) {
    throw new Error(`/usr/bin/rustc is older than ${OLDEST.join('.')}: take \`rustc-web\` of Debian's security archive, or rustup`);
  }
  return {
    name: `Debian's ${about.split('\n')[0]}`,
    cargo: '/usr/bin/cargo',
    env: {
      RUSTC: '/usr/bin/rustc',
      // The flags are of this very compiler, whose library is built here as well.
      RUSTC_BOOTSTRAP: '1',
      [FLAGS]: `--sysroot ${sysroot(about)} ${SMALL} ${COMPACT}`,
      [FLAGS.replace('RUSTFLAGS', 'LINKER')]: LINKER,
    },
  };
}

/** The standard library for the target, built when this compiler has none yet. */
function sysroot(about) {
  const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'byleave/wasm-sysroot');
  const wanted = [about, SMALL, ...LIBRARY].join('\n');
  const there = path.join(cache, createHash('sha256').update(wanted).digest('hex').slice(0, 16));
  if (fs.existsSync(there)) return there;
  console.log('building the standard library for WebAssembly, once');
  fs.mkdirSync(cache, { recursive: true });
  const made = fs.mkdtempSync(path.join(cache, 'new-'));
  try {
    fs.mkdirSync(path.join(made, '.cargo'));
    fs.writeFileSync(path.join(made, 'lib.rs'), '');
    fs.writeFileSync(path.join(made, 'Cargo.toml'), '[package]\nname = "empty"\nedition = "2021"\n[lib]\npath = "lib.rs"\n');
    // The sources carry what they depend on.
    const vendored = `[source.crates-io]\nreplace-with = "std"\n[source.std]\ndirectory = "${SOURCES}/vendor"\n`;
    fs.writeFileSync(path.join(made, '.cargo/config.toml'), vendored);
    const words = ['build', '--release', '--offline', '--target', TARGET, ...LIBRARY];
    const target = path.join(made, 'target');
    const env = {
      ...process.env,
      RUSTC: '/usr/bin/rustc',
      RUSTC_BOOTSTRAP: '1',
      RUSTFLAGS: `-Cembed-bitcode=yes ${SMALL}`,
      CARGO_TARGET_DIR: target,
      CARGO_PROFILE_RELEASE_OPT_LEVEL: 'z',
      CARGO_PROFILE_RELEASE_DEBUG: '0',
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '1',
    };
    run('/usr/bin/cargo', words, { cwd: made, env });
    const lib = path.join(made, 'root/lib/rustlib', TARGET, 'lib');
    fs.mkdirSync(lib, { recursive: true });
    const built = path.join(target, TARGET, 'release/deps');
    for (const name of fs.readdirSync(built)) {
      const wanted = name.endsWith('.rlib') && !name.startsWith('libempty');
      if (wanted) fs.copyFileSync(path.join(built, name), path.join(lib, name));
    }
    // Put in place whole; who was faster has built the same.
    if (!fs.existsSync(there)) fs.renameSync(path.join(made, 'root'), there);
  } finally {
    fs.rmSync(made, { recursive: true, force: true });
  }
  return there;
}

/** What compiles for the target: a cargo, and what it must be told. */
export function toolchain() {
  const found = rustup() ?? debian();
  if (found !== undefined) return found;
  throw new Error(
    `nothing here compiles Rust to WebAssembly: \`rustup target add ${TARGET}\`, or on Debian \`apt-get install ${DEBIAN.join(' ')}\``,
  );
}
