// A build to which all requests cross as text: what `bindings/node/lib/tape.js` gives, without any of it.
'use strict';

module.exports = { Tape: undefined };
