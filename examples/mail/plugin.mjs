// A plugin for nodemailer: no mail leaves before the engine has been asked about its one reader. What the answer owes and this
// file can add is added; fields that the mail may not carry are left out; what must wait is put into the queue.
//
//   transporter.use('compile', byleave({ engine, reader, house, queue, clock }));
//
// A message says what it is: `contact` as the engine knows it, and `fields`, which stand as {{name}} in its text.

/** Why a mail did not go out; the decision says it in full. */
export class NotSent extends Error {
  constructor(message, decision) {
    super(message);
    this.name = 'NotSent';
    this.decision = decision;
  }

  get held() {
    return this.decision?.outcome === 'defer';
  }
}

/** What this file can add to a mail, by the name under which it is owed; each gives the elements that the mail then has. */
const ADDITIONS = {
  ad_identifier: (mail) => {
    mail.text = `Advertisement\n\n${mail.text}`;
    return ['ad_identifier'];
  },
  physical_address: (mail, house) => {
    mail.text += `\n\n${house.name}, ${house.address}`;
    return ['sender_identity', 'physical_address'];
  },
  opt_out: addUnsubscribe,
  optout_mechanism: addUnsubscribe,
  one_step_opt_out: addUnsubscribe,
};

function addUnsubscribe(mail, house, to) {
  if (mail.list?.unsubscribe === undefined) {
    const url = house.unsubscribe(to);
    mail.text += `\n\nNo more of these: ${url}`;
    mail.list = { ...mail.list, unsubscribe: { url, comment: 'No more of these' } };
    mail.headers = { ...mail.headers, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
  }
  return ['link', 'one_step_opt_out'];
}

function filled(mail, decision) {
  const allowed = new Set(decision.fields.allowed);
  for (const part of ['subject', 'text']) {
    mail[part] = mail[part].replace(/\{\{(\w+)\}\}/g, (_, name) => {
      const field = mail.fields?.[name];
      if (field === undefined) throw new NotSent(`the mail has no field ${name}`);
      return allowed.has(name) ? field.value : field.instead;
    });
  }
}

export function byleave({ engine, reader, house, queue, clock }) {
  function ask(mail, to, includes, at) {
    const fields = Object.entries(mail.fields ?? {}).map(([name, { category }]) => ({ name, category, place: 'body', needed: false }));
    return engine.decide(
      {
        ...reader(to),
        sender: house.sender,
        contact: { channel: 'email', ...mail.contact, fields },
        content: { includes, opt_out_days: house.opt_out_days, opt_out_menu: false },
      },
      at,
    );
  }

  function compile({ data: mail }) {
    // Fail closed: of a mail of which nobody said what it is, nobody can say that it may go out.
    if (mail.contact === undefined) throw new NotSent('a mail says in `contact` what it is for');
    const to = mail.to;
    if (typeof to !== 'string' || /[,;]/.test(to) || mail.cc !== undefined || mail.bcc !== undefined) {
      throw new NotSent('each reader gets a mail of their own');
    }
    const as_written = structuredClone(mail);
    const at = clock();
    // What is owed is asked of the mail as it is, and the answer of the mail as it goes out. A rule from which an exemption
    // frees the mail blocks nothing, and nothing is added for it.
    const bare = ask(mail, to, [], at);
    const blocking = new Set(bare.reasons.map((it) => it.rule));
    const owed = bare.obligations.filter((it) => blocking.has(it.rule));
    const includes = owed.flatMap(({ id }) => ADDITIONS[id]?.(mail, house, to) ?? []);
    const decision = ask(mail, to, [...new Set(includes)], at);
    if (decision.outcome === 'defer') {
      queue.hold({ until: decision.until, mail: as_written });
      throw new NotSent(`held until ${decision.until_local ?? decision.until}`, decision);
    }
    if (!decision.allowed) throw new NotSent(decision.reasons.map((it) => it.sentence).join(' '), decision);
    filled(mail, decision);
    mail.decision = decision;
  }

  return (mail, done) => {
    try {
      compile(mail);
      done();
    } catch (error) {
      done(error);
    }
  };
}

/** Sends a mail to each of its readers by itself; gives what became of each. */
export async function sendEach(transporter, mail, readers) {
  const results = [];
  for (const to of readers) {
    try {
      await transporter.sendMail({ ...structuredClone(mail), to });
      results.push({ to, outcome: 'sent' });
    } catch (error) {
      if (!(error instanceof NotSent)) throw error;
      results.push({ to, outcome: error.held ? 'held' : 'refused', why: error.message, decision: error.decision });
    }
  }
  return results;
}

/** Asks again about everything whose time has come. What has changed meanwhile counts: a held mail is no promise. */
export async function release(transporter, queue, at) {
  const results = [];
  for (const { mail } of queue.due(at)) results.push(...(await sendEach(transporter, mail, [mail.to])));
  return results;
}
