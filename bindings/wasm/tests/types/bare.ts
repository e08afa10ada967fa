// What a typed host may write that has neither a browser's types nor Node's: what they would name is no part of what is packed.
import { Engine, init } from 'byleave-wasm';
import * as small from 'byleave-wasm/evaluator';
import * as kept from 'byleave-wasm/ledger';

init();
init('/byleave.wasm');
small.init(new Uint8Array(8));
kept.init(Promise.resolve(new ArrayBuffer(8)));
// @ts-expect-error: this is no place
init(8);
new Engine({ packs: 'us.tcpa' });
