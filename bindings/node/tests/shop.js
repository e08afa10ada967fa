// What several tests share: a small shop's policy, and a request that it defers.
'use strict';

const { Engine } = require('byleave');

const SHOP = `
pack org.shop { title "The shop" edition "1" }
use core
use us.tcpa
sender shop marked seller
reaches US by text
`;

/** The law of the telephone and the shop's own words. */
const engine = new Engine({ texts: { 'shop/shop.leave': SHOP } });

/** A text at half past nine in the evening, to somebody in New York. */
function evening(more = {}) {
  return {
    at: '2026-07-01T21:30:00-04:00',
    person: { time_zones: ['America/New_York'], jurisdictions: ['US-NY'] },
    sender: { id: 'shop', kind: ['seller'] },
    contact: { channel: 'sms', purpose: ['marketing'], technology: ['manual'] },
    address: { value: '+12125550142', line: ['wireless'] },
    content: { includes: ['sender_identity', 'sender_contact'] },
    consents: [],
    lists: [
      { list: 'national_dnc', address: '+12125550142', result: 'not_listed', version_at: '2026-06-20' },
    ],
    ...more,
  };
}

/** The error that something ends in. */
function refused(ask) {
  try {
    ask();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}

module.exports = { SHOP, engine, evening, refused };
