// The bookshop: its policy, its readers, its mail server and its transport, put together.
import { Engine } from 'byleave';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import nodemailer from 'nodemailer';
import { byleave } from './plugin.mjs';
import { Queue } from './queue.mjs';

const here = (name) => new URL(name, import.meta.url);

const house = {
  name: 'The Page Turner',
  address: '1 Mill Street, Montpelier, VT 05602',
  sender: { id: 'page_turner', kind: ['seller'] },
  opt_out_days: 30,
  unsubscribe: (to) => `https://page-turner.example/stop?who=${encodeURIComponent(to)}`,
};

export const OFFER = {
  from: 'The Page Turner <news@page-turner.example>',
  subject: 'New this week, {{name}}',
  text: 'Dear {{name}},\n\nafter {{last_book}} you may like what came in this week.',
  contact: { purpose: ['marketing'], topic: ['new_books'], technology: ['manual'], uses: [] },
};

/** Opens the shop; the clock is an argument of everything that asks. */
export async function open(at) {
  const readers = JSON.parse(fs.readFileSync(here('readers.json'), 'utf8'));
  const server = fork(here('server.mjs'));
  const inbox = [];
  server.on('message', (it) => it.raw !== undefined && inbox.push(it));
  const [{ port }] = await once(server, 'message');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'byleave-mail-'));
  const queue = new Queue(path.join(folder, 'queue.jsonl'));
  const shop = { at, readers, inbox, queue };
  const transporter = nodemailer.createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
  const engine = new Engine({ paths: here('policy') });
  const reader = (to) => readers[to].facts;
  transporter.use('compile', byleave({ engine, reader, house, queue, clock: () => shop.at }));
  shop.transporter = transporter;
  shop.mail = (to) => {
    const { name, last_book } = readers[to];
    return {
      ...OFFER,
      fields: {
        name: { category: 'name', value: name, instead: 'reader' },
        last_book: { category: 'reading', value: last_book, instead: 'your last visit' },
      },
    };
  };
  shop.close = async () => {
    transporter.close();
    server.disconnect();
    await once(server, 'exit');
    fs.rmSync(folder, { recursive: true });
  };
  return shop;
}
