// The example `examples/preference-center`: what the page decides, that the keyboard is enough, and that axe finds nothing.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import test, { after, before } from 'node:test';
import { serve } from '../../../examples/preference-center/serve.mjs';
import { browser, open } from './chromium.js';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let served;
let shown;
before(async () => {
  served = await serve();
  shown = await browser();
});
after(async () => {
  await shown?.close();
  served?.close();
});

async function page(options) {
  const { page: it, wrong } = await open(shown, served.address, options);
  await it.waitForSelector('preference-center .messages > li');
  return { it, wrong };
}

/** What is said of each message. */
const said = (it) =>
  it.$$eval('.messages > li', (rows) => rows.map((row) => [row.querySelector('strong').textContent, row.dataset.outcome]));
const outcomeOf = async (it, part) => (await said(it)).find(([name]) => name.includes(part))[1];

test('each choice is answered at once', async () => {
  const { it, wrong } = await page();
  assert.equal(await outcomeOf(it, 'appointment'), 'allow');
  assert.equal(await outcomeOf(it, 'running group'), 'allow');
  assert.equal(await outcomeOf(it, 'cooking class'), 'allow');
  assert.equal(await outcomeOf(it, 'half the price'), 'deny');
  assert.equal(await outcomeOf(it, 'heart check'), 'deny');
  await it.getByLabel('My heart check').check();
  assert.equal(await outcomeOf(it, 'heart check'), 'allow');
  // One sensitive topic is not another.
  assert.equal(await outcomeOf(it, 'diabetes check'), 'deny');
  await it.getByLabel('If it were sent on').selectOption({ index: 1 });
  assert.equal(await outcomeOf(it, 'cooking class'), 'defer');
  await it.getByLabel('If it were sent on').selectOption({ index: 0 });
  await it.getByRole('button', { name: 'Text STOP' }).click();
  assert.equal(await outcomeOf(it, 'cooking class'), 'deny');
  assert.match(await it.textContent('.messages'), /47 CFR 64\.1200/);
  await it.getByLabel('Email', { exact: true }).uncheck();
  assert.equal(await outcomeOf(it, 'running group'), 'deny');
  await it.getByLabel('Email', { exact: true }).check();
  assert.equal(await outcomeOf(it, 'running group'), 'allow');
  assert.deepEqual(wrong, []);
});

test('the keyboard is enough', async () => {
  const { it } = await page();
  await it.keyboard.press('Tab');
  await it.keyboard.press('Space');
  assert.equal(await outcomeOf(it, 'running group'), 'deny');
  for (let n = 0; n < 6; n++) await it.keyboard.press('Tab');
  await it.keyboard.press('Enter');
  assert.equal(await it.getByRole('button').textContent(), 'STOP was sent');
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing (${colorScheme})`, async () => {
    const { it } = await page({ colorScheme, viewport: { width: 1100, height: 860 } });
    await it.getByLabel('If it were sent on').selectOption({ index: 1 });
    const folder = process.env.BYLEAVE_SCREENSHOTS;
    if (folder !== undefined) await it.screenshot({ path: `${folder}/${colorScheme}.png`, fullPage: true });
    await it.evaluate(AXE);
    const { violations } = await it.evaluate(() => globalThis.axe.run());
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`), []);
  });
}
