// A build without the ledger: what `bindings/node/lib/ledger.js` gives, without any of it.
'use strict';

module.exports = { ledgers: () => ({}) };
