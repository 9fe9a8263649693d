import type { Texts } from './texts.ts';

const both = (first: string | null, rewards: readonly string[]) =>
  new Intl.ListFormat('de').format([...(first === null ? [] : [first]), ...rewards]);

export const de: Texts = {
  language: 'de-DE',
  hello: (name) => (name === null ? 'Guten Tag,' : `Guten Tag ${name},`),
  count: (unit, count, written) => {
    if (unit === 'stamp') return `${written} Stempel`;
    return `${written} ${count === 1 ? 'Punkt' : 'Punkte'}`;
  },
  welcome: ({ brand }) => ({
    subject: `Willkommen bei ${brand}`,
    preview: 'Ihre Karte ist bereit: Zeigen Sie sie beim Bezahlen vor.',
    heading: `Willkommen bei ${brand}`,
    paragraphs: [
      'Schön, dass Sie da sind. Ab jetzt zählt jeder Besuch: Zeigen Sie Ihre Karte beim Bezahlen vor, und sehen Sie jederzeit nach, was Sie gesammelt haben.',
    ],
    button: 'Meine Karte ansehen',
    closing: 'Zu jedem Stempel und jedem Punkt steht, wofür es ihn gab.',
    why: `Sie erhalten diese E-Mail, weil Sie bei ${brand} mitmachen.`,
  }),
  reward: ({ brand, reward }) => ({
    subject: `Ihre Prämie wartet: ${reward}`,
    preview: `Zeigen Sie bei ${brand} Ihre Karte vor, um sie einzulösen.`,
    heading: 'Ihre Prämie wartet auf Sie',
    paragraphs: [
      `Sie haben bei ${brand} eine Prämie gesammelt. Zeigen Sie Ihre Karte vor, wenn Sie sie einlösen möchten.`,
    ],
    label: 'Ihre Prämie',
    validUntil: (day) => `Gültig bis ${day}`,
    button: 'Meine Prämien ansehen',
    why: `Sie erhalten diese E-Mail, weil Sie bei ${brand} sammeln.`,
  }),
  expiry: ({ brand, amount, rewards, day }) => ({
    subject: `Bis ${day} einlösen: ${both(amount, rewards)}`,
    preview: `Was Sie bei ${brand} gesammelt haben, verfällt bald.`,
    heading: 'Einiges von dem, was Sie gesammelt haben, verfällt bald',
    paragraphs: [`Noch ist Zeit, es bei ${brand} einzulösen.`],
    label: both(amount, rewards),
    until: `Gültig bis Ende des ${day}`,
    button: 'Meine Karte ansehen',
    why: `Sie erhalten diese E-Mail, weil Sie bei ${brand} sammeln.`,
  }),
  level: ({ brand, level }) => ({
    subject: `Sie haben eine Stufe erreicht: ${level}`,
    preview: `Danke, dass Sie wiederkommen: ${brand}.`,
    heading: `Sie haben ${level} erreicht`,
    paragraphs: [
      `Ihre Besuche bei ${brand} haben Sie hierher gebracht. Es gilt ab dem nächsten Besuch.`,
    ],
    label: 'Ihre Stufe',
    until: (day) => `Mindestens bis ${day}`,
    button: 'Meine Karte ansehen',
    why: `Sie erhalten diese E-Mail, weil Sie bei ${brand} sammeln.`,
  }),
  levelEnds: ({ brand, level, next, missing, day }) => ({
    subject: `${level} behalten: noch ${missing} bis ${day}`,
    preview: `Was bei ${brand} fehlt, damit Sie bleiben, wo Sie sind.`,
    heading: `Ihre Stufe endet bald: ${level}`,
    paragraphs: [
      next === null
        ? `Mit noch ${missing} bei ${brand} bis Ende des ${day} behalten Sie sie. Sonst endet sie dann.`
        : `Mit noch ${missing} bei ${brand} bis Ende des ${day} behalten Sie sie. Sonst gilt ab dann ${next}.`,
    ],
    label: `Um ${level} zu behalten`,
    button: 'Meine Karte ansehen',
    why: `Sie erhalten diese E-Mail, weil Sie bei ${brand} sammeln.`,
  }),
  invitation: ({ business, role }) => ({
    subject: `${business} hat Sie zu Regulars eingeladen`,
    preview: 'Melden Sie sich mit dieser Adresse an, um anzunehmen.',
    heading: `Sie sind eingeladen: ${business}`,
    paragraphs: [
      `${business} hat Sie ins Team aufgenommen. Ihre Rolle: ${role}.`,
      'Melden Sie sich mit dieser E-Mail-Adresse an, um anzunehmen. Wenn Sie noch kein Konto haben, legen Sie zuerst eines mit dieser Adresse an.',
    ],
    button: 'Einladung annehmen',
    closing:
      'Wenn Sie damit nichts anfangen können, brauchen Sie nichts zu tun: Ohne Ihre Anmeldung geschieht nichts.',
    why: `Sie erhalten diese E-Mail einmalig, weil ${business} Ihre Adresse eingetragen hat.`,
  }),
  roles: {
    owner: 'Inhaberin oder Inhaber',
    manager: 'Leitung',
    cashier: 'Kasse',
    analyst: 'Auswertung',
  },
  week: ({ business, period }) => ({
    subject: `${business}: Ihre Woche, ${period}`,
    preview: 'Verkäufe, Kundschaft und Prämien, verglichen mit der Woche davor.',
    heading: 'Ihre Woche',
    paragraphs: [`${business}, ${period}, neben der Woche davor.`],
    button: 'Ganzen Bericht öffnen',
    why: `Sie erhalten diese E-Mail jeden Montag, weil Ihnen ${business} gehört.`,
  }),
  figures: {
    sales: 'Verkäufe',
    revenue: 'Umsatz',
    customers: 'Kunden, die gekauft haben',
    newCustomers: 'Neue Kunden',
    rewardsIssued: 'Gesammelte Prämien',
    rewardsRedeemed: 'Eingelöste Prämien',
  },
  sameAsBefore: 'wie zuvor',
  endpointDisabled: ({ business, endpoint, reason }) => ({
    subject: `${business}: Ein Webhook wurde abgeschaltet`,
    preview: 'Was er verpasst hat, lässt sich nachsenden.',
    heading: 'Ein Webhook wurde abgeschaltet',
    paragraphs: [
      reason === 'gone'
        ? `„${endpoint}“ hat geantwortet, dass es ihn nicht mehr gibt (410), darum senden wir nicht weiter.`
        : `„${endpoint}“ hat seit Tagen nichts mehr angenommen, darum senden wir nicht weiter.`,
      'Bringen Sie ihn in Ordnung, schalten Sie ihn wieder ein, und lassen Sie Verpasstes nachsenden: Wir heben es 30 Tage lang auf.',
    ],
    button: 'Webhook ansehen',
    why: `Sie erhalten diese E-Mail, weil Ihnen ${business} gehört.`,
  }),
  code: ({ purpose, brand }) => ({
    subject:
      purpose === 'new-password' ? 'Ihr Code für ein neues Passwort' : `Ihr Code für ${brand}`,
    preview: 'Er gilt nur kurze Zeit.',
    heading: purpose === 'new-password' ? 'Neues Passwort wählen' : 'Ist das Ihre E-Mail-Adresse?',
    paragraphs: [
      purpose === 'new-password'
        ? 'Geben Sie diesen Code ein, und wählen Sie dann ein neues Passwort.'
        : 'Geben Sie diesen Code ein, um es zu bestätigen.',
    ],
    label: 'Ihr Code',
    note: 'Niemand von uns wird Sie je danach fragen.',
    closing:
      'Wenn Sie das nicht angefordert haben, hat sich jemand vertippt. Sie brauchen nichts zu tun.',
    why: 'Sie erhalten diese E-Mail, weil jemand diese Adresse eingegeben hat.',
  }),
  unsubscribe: {
    welcome: 'Keine E-Mails mehr',
    reward: 'Keine E-Mails zu Prämien mehr',
    expiry: 'Keine Erinnerungen vor dem Verfall mehr',
    level: 'Keine E-Mails zu Stufen mehr',
    'weekly-report': 'Keine Wochenberichte mehr',
    'endpoint-disabled': 'Keine E-Mails zu Webhooks mehr',
  },
};
