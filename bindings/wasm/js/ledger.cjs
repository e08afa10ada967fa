// There is no ledger in a browser: what `bindings/node/lib/ledger.js` gives, without any of it.
'use strict';

module.exports = { ledgers: () => ({}) };
