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

const reasons = (it, part) =>
  it.$$eval('.messages > li', (rows, named) => rows.find((row) => row.querySelector('strong').textContent.includes(named))
    .querySelector('.reasons')?.textContent ?? '', part);

test('a topic that is given up takes nothing else along', async () => {
  const { it } = await page();
  await it.getByLabel('My heart check').check();
  for (const topic of ['Running group and cooking class', 'My heart check']) {
    await it.getByLabel(topic).uncheck();
    assert.equal(await outcomeOf(it, 'appointment'), 'allow', topic);
  }
  assert.equal(await outcomeOf(it, 'running group'), 'deny');
  assert.equal(await outcomeOf(it, 'heart check'), 'deny');
  assert.equal(await reasons(it, 'appointment'), '');
});

test('what is not known is said, and not what would follow from it', async () => {
  const it = await shown.newPage();
  // The same page, of which the events do not say what they answered.
  await it.route('**/messages.js', async (route) => {
    const response = await route.fetch();
    const [said, unsaid] = [await response.text(), /replied_to: (null|\[\]), /];
    assert.match(said, unsaid);
    await route.fulfill({ response, body: said.replace(unsaid, '') });
  });
  await it.goto(served.address);
  await it.getByLabel('Running group and cooking class').uncheck();
  assert.equal(await outcomeOf(it, 'appointment'), 'deny');
  const why = await reasons(it, 'appointment');
  assert.match(why, /We do not know which of our messages you answered/);
  assert.doesNotMatch(why, /A stop/);
});

test('who never opted in is told so, and of nothing gone stale', async () => {
  const { it } = await page();
  for (const message of ['half the price', 'heart check', 'diabetes check']) {
    const why = await reasons(it, message);
    assert.match(why, /needs the person's opt-in/, message);
    assert.doesNotMatch(why, /stale/, message);
  }
});

test('without the packs, or without scripts, the page says so', async () => {
  const it = await shown.newPage();
  const wrong = [];
  it.on('pageerror', (error) => wrong.push(String(error)));
  await it.route('**/hospital.compiled', (route) => route.fulfill({ status: 404, body: 'nothing here' }));
  await it.goto(served.address);
  assert.match(await it.getByRole('alert').textContent(), /cannot be shown just now/);
  assert.deepEqual(wrong, []);
  const context = await shown.newContext({ javaScriptEnabled: false });
  const still = await context.newPage();
  await still.goto(served.address);
  assert.match(await still.textContent('main'), /JavaScript, which is off/);
  await context.close();
});

for (const [name, width, text] of [['320 pixels', 320, '100%'], ['text twice as large', 1100, '200%'], ['both, half as wide', 640, '200%']]) {
  test(`nothing runs out of the page: ${name}`, async () => {
    const { it } = await page({ viewport: { width, height: 640 } });
    await it.evaluate((size) => { document.documentElement.style.fontSize = size; }, text);
    await it.getByLabel('If it were sent on').selectOption({ index: 1 });
    const out = await it.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const beyond = [...document.querySelectorAll('main *')].filter((el) => el.getBoundingClientRect().right > clientWidth + 1);
      return { more: scrollWidth - clientWidth, beyond: beyond.map((el) => `${el.tagName} ${el.className}`) };
    });
    assert.deepEqual(out, { more: 0, beyond: [] });
  });
}

test('the keyboard is enough', async () => {
  const { it } = await page();
  await it.keyboard.press('Tab');
  await it.keyboard.press('Space');
  assert.equal(await outcomeOf(it, 'running group'), 'deny');
  for (let n = 0; n < 6; n++) await it.keyboard.press('Tab');
  await it.keyboard.press('Enter');
  assert.equal(await it.getByRole('button').textContent(), 'STOP was sent');
  // Who pressed it is still there; and one STOP is one.
  assert.equal(await it.evaluate(() => document.activeElement.textContent), 'STOP was sent');
  const before = await it.textContent('.messages');
  await it.keyboard.press('Enter');
  assert.equal(await it.textContent('.messages'), before);
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
