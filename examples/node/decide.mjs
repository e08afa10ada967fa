// May this text go out tonight? The law of the telephone, a shop's own words, one contact, one answer.

import { Engine } from 'byleave';

const SHOP = `
pack org.shop { title "The shop" edition "1" }
use core
use us.tcpa
sender shop marked seller
reaches US by text
`;

const engine = new Engine({ texts: SHOP });

const request = {
  person: { time_zones: ['America/New_York'], jurisdictions: ['US-NY'] },
  sender: { id: 'shop', kind: ['seller'] },
  contact: { channel: 'sms', purpose: ['marketing'], technology: ['manual'] },
  address: { value: '+12125550142', line: ['wireless'] },
  content: { includes: ['sender_identity', 'sender_contact'] },
  consents: [],
  lists: [
    { list: 'national_dnc', address: '+12125550142', result: 'not_listed', version_at: '2026-06-20' },
  ],
};

const decision = engine.decide(request, new Date('2026-07-01T21:30:00-04:00'));
console.log(decision.outcome, decision.until_local);
for (const reason of decision.reasons) {
  console.log(`${reason.rule}: ${reason.sentence} (${reason.citations.join(', ')})`);
}
