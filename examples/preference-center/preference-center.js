// A preference center: what a person has chosen, and what may still reach them, decided in the page each time a choice changes.
import { Engine, init } from './byleave/evaluator.js';
import { CHANNELS, MESSAGES, TOPICS, request, stopAct, topicAct } from './messages.js';

const HOURS = [
  { at: '2026-10-28T14:00:00-04:00', name: 'Wednesday at 2 in the afternoon' },
  { at: '2026-10-28T21:30:00-04:00', name: 'Wednesday at half past 9 in the evening' },
];

const WORDS = { allow: 'may be sent', defer: 'waits', deny: 'is not sent' };

/** What the page can lack, as people know it. */
const FACTS = { 'consents.replied_to': 'which of our messages you answered', 'person.time_zones': 'what time it is where you are' };

/** Facts that an answer lacks, in words. */
function lacking(missing) {
  const named = missing.map((it) => FACTS[it] ?? it.split('.').map((word) => word.replaceAll('_', ' ')).join(', '));
  return `We do not know ${named.length > 0 ? new Intl.ListFormat('en').format(named) : 'enough'}, so it is not sent.`;
}

/** Reasons worth reading: where there is no opt-in, that one would go stale is none. */
function telling(reasons) {
  const none = reasons.some((it) => it.rule === 'core.preferences.topic_optin' && it.finding === 'violated');
  return reasons.filter((it) => !(none && it.rule === 'core.preferences.expiry'));
}

/** An element with its attributes and what is in it. */
function make(name, attributes = {}, ...inside) {
  const it = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
  it.append(...inside);
  return it;
}

/** An instant as the person's own clock shows it. */
function clock(until) {
  const shown = { timeZone: 'America/New_York', weekday: 'long', hour: 'numeric', minute: '2-digit' };
  return new Intl.DateTimeFormat('en-US', shown).format(new Date(until));
}

class PreferenceCenter extends HTMLElement {
  #engine;
  #begun = false;
  #acts = [];
  #forbidden = new Set();
  #at = HOURS[0].at;
  #list = make('ul', { class: 'messages' });
  #told = make('p', { class: 'told', role: 'status' });

  async connectedCallback() {
    if (this.#begun) return;
    this.#begun = true;
    try {
      const [packs] = await Promise.all([this.#packs(), init()]);
      this.#engine = new Engine({ compiled: packs });
    } catch (error) {
      // To the person in words, to whoever keeps the page as it is. What is put into the page again tries again.
      this.#begun = false;
      this.replaceChildren(make('p', { class: 'told', role: 'alert' },
        'Your choices cannot be shown just now, and nothing about them has changed. Please load the page again in a while.'));
      console.error(error);
      return;
    }
    this.#act((id, at) => topicAct('wellness', true, id, at));
    this.replaceChildren(
      make('section', { class: 'choices', 'aria-labelledby': 'chosen' }, make('h2', { id: 'chosen' }, 'What you chose'), ...this.#choices()),
      make('section', { 'aria-labelledby': 'reach' }, make('h2', { id: 'reach' }, 'What may reach you'), this.#when(), this.#told, this.#list),
    );
    this.#decide();
  }

  async #packs() {
    const response = await fetch(this.getAttribute('packs'));
    // A page that says there is nothing is no policy.
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    return response.arrayBuffer();
  }

  /** Adds to the record. Each act is later than the one before it. */
  #act(of) {
    const second = String(this.#acts.length % 60).padStart(2, '0');
    const minute = String(Math.floor(this.#acts.length / 60) % 60).padStart(2, '0');
    this.#acts.push(of(`act-${this.#acts.length}`, `2026-10-28T12:${minute}:${second}Z`));
  }

  #choice(name, checked, changed, note) {
    const box = make('input', { type: 'checkbox' });
    box.checked = checked;
    box.addEventListener('change', () => {
      changed(box.checked);
      this.#decide();
    });
    return make('label', {}, box, make('span', {}, name, ...(note ? [make('small', {}, note)] : [])));
  }

  #choices() {
    const topic = (it) =>
      this.#choice(it.name, it.id === 'wellness', (chosen) => this.#act((id, at) => topicAct(it.id, chosen, id, at)),
        it.sensitive && 'Asked by name: no other choice includes it.');
    const group = (name, about, ...inside) =>
      make('fieldset', {}, make('legend', {}, name), ...(about ? [make('p', {}, about)] : []), ...inside);
    const stop = make('button', { type: 'button' }, 'Text STOP to the hospital');
    // It stays where the keyboard is: what is disabled loses the focus, and whoever pressed it is back at the top.
    stop.addEventListener('click', () => {
      if (stop.ariaDisabled === 'true') return;
      this.#act((id, at) => stopAct(id, at));
      stop.setAttribute('aria-disabled', 'true');
      stop.textContent = 'STOP was sent';
      this.#decide();
    });
    return [
      group('Offers', '', ...TOPICS.filter((it) => !it.sensitive).map(topic)),
      group('About my health', '', ...TOPICS.filter((it) => it.sensitive).map(topic)),
      group('Ways to reach me', '', ...CHANNELS.map((it) =>
        this.#choice(it.name, true, (open) => (open ? this.#forbidden.delete(it.id) : this.#forbidden.add(it.id))))),
      group('Offers by text', 'You signed a form for them on March 2. One word ends them.', stop),
    ];
  }

  #when() {
    const select = make('select', { id: 'when' }, ...HOURS.map((it) => make('option', { value: it.at }, it.name)));
    select.addEventListener('change', () => {
      this.#at = select.value;
      this.#decide();
    });
    return make('p', { class: 'when' }, make('label', { for: 'when' }, 'If it were sent on '), select);
  }

  #decide() {
    const state = { acts: this.#acts, forbidden: [...this.#forbidden] };
    const decided = MESSAGES.map((it) => [it, this.#engine.decide(request(it, state, this.#at))]);
    this.#list.replaceChildren(...decided.map(([message, decision]) => this.#row(message, decision)));
    const open = decided.filter(([, decision]) => decision.allowed).length;
    this.#told.textContent = `${open} of ${decided.length} messages may be sent.`;
  }

  #row(message, decision) {
    const { outcome } = decision;
    const reasons = telling(decision.reasons);
    const words = outcome === 'defer' ? `waits until ${clock(decision.until)}` : WORDS[outcome];
    const row = make('li', { 'data-outcome': outcome },
      make('div', { class: 'head' },
        make('div', {}, make('strong', {}, message.name), make('span', { class: 'how' }, message.how)),
        make('span', { class: 'outcome' }, words)));
    if (reasons.length > 0) {
      row.append(make('ul', { class: 'reasons' }, ...reasons.map((it) =>
        // The sentence of a rule says what is so; where that is not known, it would say what never was.
        make('li', {}, it.finding === 'undetermined' ? lacking(it.missing) : it.sentence, ' ', make('cite', {}, it.citations.join(', '))))));
    }
    return row;
  }
}

customElements.define('preference-center', PreferenceCenter);
