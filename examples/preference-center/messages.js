// What the hospital would like to send, each as the request that asks whether it may; and what a choice is on record.

const ADDRESSES = {
  sms: {
    value: '+12125550142', kind: 'phone', line: ['wireless'], jurisdictions: ['US-NY'], provided_by: 'person',
    free_to_recipient: true,
  },
  email: { value: 'ana@example.org', kind: 'email', jurisdictions: ['US-NY'] },
};

const LISTS = [
  { list: 'national_dnc', address: '+12125550142', result: 'not_listed', version_at: '2026-10-20' },
  { list: 'reassigned', address: '+12125550142', result: 'not_listed', version_at: '2026-10-16', asked_about: '2026-03-02' },
  { list: 'wireless_domains', address: 'ana@example.org', result: 'not_listed', version_at: '2026-10-20' },
];

/** Topics as people know them. A sensitive one is chosen by its own name, never along with another. */
export const TOPICS = [
  { id: 'wellness', name: 'Running group and cooking class' },
  { id: 'cosmetic_offers', name: 'Offers of the cosmetic clinic' },
  { id: 'heart_risk', name: 'My heart check', sensitive: true },
  { id: 'diabetes_risk', name: 'My diabetes check', sensitive: true },
];

export const CHANNELS = [
  { id: 'email', name: 'Email' },
  { id: 'text', name: 'Text messages' },
];

export const MESSAGES = [
  { name: 'Your appointment is tomorrow', how: 'Text, cardiology clinic', sender: 'cardiology_clinic', channel: 'sms', purpose: 'appointment', topic: 'visits', data: ['visit'] },
  { name: 'The running group meets on Saturday', how: 'Email, marketing', sender: 'riverside_marketing', channel: 'email', purpose: 'own_health_service', topic: 'wellness' },
  { name: 'A place in the cooking class is free', how: 'Text, marketing', sender: 'riverside_marketing', channel: 'sms', purpose: 'own_health_service', topic: 'wellness' },
  { name: 'A first visit at half the price', how: 'Email, cosmetic clinic', sender: 'cosmetic_clinic', channel: 'email', purpose: 'own_health_service', topic: 'cosmetic_offers' },
  { name: 'What your heart check tells', how: 'Encrypted email, cardiology clinic', sender: 'cardiology_clinic', channel: 'email', purpose: 'risk_follow_up', topic: 'heart_risk', encrypted: true },
  { name: 'What your diabetes check tells', how: 'Encrypted email, family clinic', sender: 'family_clinic', channel: 'email', purpose: 'risk_follow_up', topic: 'diabetes_risk', encrypted: true },
];

/** The signed form by which offers may come as automated texts; it is on file. */
const FORM = {
  id: 'form', kind: 'grant', level: 'express_written', by: 'holder', means: 'web_signature', at: '2026-03-02T15:04:05Z',
  scope: { channel: ['text'], purpose: ['marketing'] },
  text_shown: 'I agree that Riverside Hospital may send me offers by automated text at this number. I need not agree in order to be treated.',
  instrument: {
    kind: 'written_consent', seller: ['riverside'], number: '+12125550142', signed_on: '2026-03-02', signed_by: 'self',
    elements: ['writing', 'signature', 'seller_named', 'number', 'automated_marketing_disclosed', 'not_a_condition_disclosed'],
  },
};

/** Mail and texts can be read on their way: who was told so, and wants them all the same, has said it once. */
const IN_THE_OPEN = {
  id: 'in-the-open', kind: 'grant', level: 'unencrypted', by: 'holder', means: 'web_form', at: '2026-03-02T15:04:30Z',
  scope: { channel: ['text', 'email'] },
  text_shown: 'Texts and plain emails can be read by others on the way. I was told so, and want to get what Riverside Hospital sends me that way all the same.',
};

// A choice on a page answers no message, and says so: of one that may have been a STOP to a message about care, none follows.
const event = (kind, id, at, scope) => ({
  id, kind, at, scope, replied_to: [], by: 'holder', means: 'web_form', ...(kind === 'grant' && { level: 'opted_in' }),
});

/** A topic chosen or refused, as it goes on record: acts are added, and none is taken back. */
export function topicAct(topic, chosen, id, at) {
  const { sensitive } = TOPICS.find((it) => it.id === topic);
  const purpose = sensitive ? ['risk_follow_up'] : ['marketing'];
  return event(chosen ? 'grant' : 'revoke', id, at, chosen ? { purpose, topic: [topic] } : { topic: [topic] });
}

/** The word STOP, sent back to an offer. */
export function stopAct(id, at) {
  return { id, kind: 'revoke', by: 'holder', means: 'text_reply', replied_to: 'marketing', at, scope: { channel: ['text'], purpose: ['marketing'], sender: ['riverside'] } };
}

/** The request that asks about one message. */
export function request(message, { acts, forbidden }, at) {
  const text = message.channel === 'sms';
  return {
    at,
    complete: ['preferences'],
    person: {
      id: 'p-1047', jurisdictions: ['US-NY'], time_zones: ['America/New_York'], birth_date: '1961-05-17', relationships: ['patient'], capacity: 'household',
      channel_rules: forbidden.map((channel) => ({ scope: { channel }, rule: 'forbid' })),
    },
    sender: { id: message.sender, kind: ['provider'] },
    contact: {
      channel: message.channel, purpose: [message.purpose], topic: [message.topic], uses: [], fields: [], data: message.data ?? ['contact_details'],
      remuneration: 'unpaid', processed_in: ['US-NY'], geofence: [], encrypted: message.encrypted ?? false, health_inference: false,
      ...(text && { technology: ['automated_dialing'] }),
    },
    address: ADDRESSES[message.channel],
    content: text
      ? { includes: ['sender_identity', 'sender_contact', 'provider_contact', 'stop_instructions'], length: 131 }
      : { includes: ['sender_identity', 'ad_identifier', 'physical_address', 'link', 'one_step_opt_out'], opt_out_days: 60, opt_out_menu: false },
    context: { declared_emergencies: [] },
    consents: [FORM, IN_THE_OPEN, ...acts].map((it) => ({ holder: 'p-1047', ...it })),
    contacts: [],
    interactions: [],
    lists: LISTS,
  };
}
