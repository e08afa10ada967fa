// An evening and a morning at the bookshop: `npm start`.
import { release, sendEach } from './plugin.mjs';
import { open } from './shop.mjs';

const shop = await open('2026-07-01T21:30:00-04:00');
const told = (results) => results.forEach(({ to, outcome, why }) => console.log(`${to.padEnd(17)}${outcome}${why ? `: ${why}` : ''}`));

console.log('== half past nine in New York, half past six in Los Angeles');
for (const to of Object.keys(shop.readers)) told(await sendEach(shop.transporter, shop.mail(to), [to]));
console.log(`in the queue: ${shop.queue.size}`);

console.log('\n== eight in the morning');
shop.at = '2026-07-02T08:00:00-04:00';
told(await release(shop.transporter, shop.queue, shop.at));
console.log(`in the queue: ${shop.queue.size}`);

console.log('\n== what Ben got');
console.log(shop.inbox.at(-1).raw.replaceAll('\r', '').replace(/^(Message-ID|Date|MIME-Version|Content-.*): .*\n/gm, ''));
await shop.close();
