// The evening and the morning, against a mail server in a process of its own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NotSent, release, sendEach } from './plugin.mjs';
import { open } from './shop.mjs';

const EVENING = '2026-07-01T21:30:00-04:00';
const [ADA, BEN, CHO] = ['ada@example.org', 'ben@example.org', 'cho@example.org'];
let shop;

before(async () => {
  shop = await open(EVENING);
});
after(() => shop.close());

const send = async (to) => (await sendEach(shop.transporter, shop.mail(to), [to]))[0];
const lines = (raw) => raw.replaceAll('\r', '').replaceAll('=\n', '').replaceAll('=3D', '=');

test('who may have it now gets it, with what is owed and without what it may not carry', async () => {
  assert.equal((await send(ADA)).outcome, 'sent');
  const [{ to, raw }] = shop.inbox;
  const mail = lines(raw);
  assert.deepEqual(to, [ADA]);
  assert.match(mail, /^List-Unsubscribe: <https:\/\/page-turner\.example\/stop\?who=ada%40example\.org>/m);
  assert.match(mail, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
  assert.match(mail, /1 Mill Street, Montpelier, VT 05602/);
  assert.match(mail, /Dear Ada,/);
  assert.match(mail, /after your last visit you may like/);
  assert.ok(!mail.includes('Middlemarch'));
  // She has agreed to advertisements: hers need not say that it is one.
  assert.ok(!mail.includes('Advertisement'));
});

test('who has asked for no more gets none, and is told why', async () => {
  const { outcome, decision } = await send(CHO);
  assert.equal(outcome, 'refused');
  assert.deepEqual(decision.reasons.map((it) => it.rule), ['us.can_spam.honour']);
  assert.equal(shop.inbox.length, 1);
});

test('what must wait is held and goes out at its instant, asked again', async () => {
  const { outcome, decision } = await send(BEN);
  assert.deepEqual([outcome, decision.until], ['held', '2026-07-02T12:00:00Z']);
  assert.equal(shop.queue.size, 1);
  shop.at = '2026-07-02T07:59:59-04:00';
  assert.deepEqual(await release(shop.transporter, shop.queue, shop.at), []);
  shop.at = '2026-07-02T08:00:00-04:00';
  assert.deepEqual(await release(shop.transporter, shop.queue, shop.at), [{ to: BEN, outcome: 'sent' }]);
  assert.equal(shop.queue.size, 0);
  assert.equal(shop.inbox.length, 2);
  assert.match(lines(shop.inbox[1].raw), /Advertisement/);
});

test('a held mail is no promise: who says no overnight gets none', async () => {
  shop.at = EVENING;
  assert.equal((await send(BEN)).outcome, 'held');
  shop.readers[BEN].facts.consents.push({ id: 'b1', kind: 'revoke', at: '2026-07-02T06:00:00Z', scope: { purpose: ['marketing'], sender: 'page_turner' } });
  shop.at = '2026-07-02T09:00:00-04:00';
  const [{ outcome }] = await release(shop.transporter, shop.queue, shop.at);
  assert.equal(outcome, 'refused');
  assert.equal(shop.inbox.length, 2);
});

test('a mail of which nobody says what it is stays here', async () => {
  const bare = { from: 'a@page-turner.example', to: ADA, subject: 'x', text: 'x' };
  await assert.rejects(shop.transporter.sendMail(bare), NotSent);
  await assert.rejects(shop.transporter.sendMail({ ...shop.mail(ADA), to: `${ADA}, ${BEN}` }), NotSent);
  await assert.rejects(shop.transporter.sendMail({ ...shop.mail(ADA), to: ADA, contact: { chanel: 'email' } }), /chanel|no key|unknown/i);
  assert.equal(shop.inbox.length, 2);
});
