// Mails that wait, in a file: a line each, with the instant before which there is no use in asking again.
import fs from 'node:fs';

export class Queue {
  #path;

  constructor(path) {
    this.#path = path;
  }

  #all() {
    if (!fs.existsSync(this.#path)) return [];
    return fs.readFileSync(this.#path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  get size() {
    return this.#all().length;
  }

  hold(entry) {
    fs.appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
  }

  /** Takes out what is due. */
  due(at) {
    const all = this.#all();
    const now = Date.parse(at);
    const waits = ({ until }) => Date.parse(until) > now;
    const kept = all.filter(waits).map((it) => `${JSON.stringify(it)}\n`);
    // Written beside and put in place whole: a crash in between loses no mail.
    fs.writeFileSync(`${this.#path}.new`, kept.join(''));
    fs.renameSync(`${this.#path}.new`, this.#path);
    return all.filter((it) => !waits(it));
  }
}
