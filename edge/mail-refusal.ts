import { hash } from 'node:crypto';
import { z } from 'zod';
import type { BusinessId, CustomerId, StaffId } from '../domain/values/ids.ts';
import type { RefusableMail } from '../domain/values/mail-kinds.ts';
import type { Reply } from './route.ts';
import { Problem } from './problems.ts';

/** Whose mail a link ends, and which. */
export interface MailLink {
  businessId: BusinessId;
  personId: CustomerId | StaffId;
  kind: RefusableMail;
}

export interface MailRefusalDependencies {
  /** Undefined for a link that we did not make. */
  readMailLink: (token: string) => MailLink | undefined;
}

export const refusalParams = z.object({ token: z.string().max(200) });
export const refusalQuery = z.object({
  lang: z.enum(['de', 'en', 'pt']).catch('en').optional(),
});

/** @throws Problem `not-found` */
export function readLink({ readMailLink }: MailRefusalDependencies, token: string): MailLink {
  const link = readMailLink(token);
  if (!link) throw new Problem('not-found', { detail: 'The link is not whole. Copy all of it.' });
  return link;
}

type Language = 'de' | 'en' | 'pt';
interface Words {
  title: string;
  these: Readonly<Record<RefusableMail, string>>;
  end: string;
  endAll: string;
  done: string;
  note: string;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Mail that you get',
    these: {
      welcome: 'You get a mail when you join.',
      reward: 'You get a mail when a reward is ready.',
      expiry: 'You get a mail before something that you collected ends.',
      level: 'You get a mail when you reach a level, and before you lose one.',
      'weekly-report': 'You get a report every Monday.',
      'endpoint-disabled': 'You get a mail when a webhook endpoint is switched off.',
    },
    end: 'No more of these',
    endAll: 'No more mail at all from this shop',
    done: 'Done. It takes effect within a minute.',
    note: 'You can change your mind in your settings.',
  },
  de: {
    title: 'E-Mails, die Sie bekommen',
    these: {
      welcome: 'Sie bekommen eine E-Mail, wenn Sie beitreten.',
      reward: 'Sie bekommen eine E-Mail, wenn eine Prämie bereitliegt.',
      expiry: 'Sie bekommen eine E-Mail, bevor etwas Gesammeltes verfällt.',
      level:
        'Sie bekommen eine E-Mail, wenn Sie eine Stufe erreichen und bevor Sie eine verlieren.',
      'weekly-report': 'Sie bekommen jeden Montag einen Bericht.',
      'endpoint-disabled': 'Sie bekommen eine E-Mail, wenn ein Webhook abgeschaltet wird.',
    },
    end: 'Keine solchen mehr',
    endAll: 'Gar keine E-Mails mehr von diesem Geschäft',
    done: 'Erledigt. Es gilt innerhalb einer Minute.',
    note: 'In Ihren Einstellungen können Sie es sich anders überlegen.',
  },
  pt: {
    title: 'Mensagens que recebe',
    these: {
      welcome: 'Recebe uma mensagem quando adere.',
      reward: 'Recebe uma mensagem quando um prémio está pronto.',
      expiry: 'Recebe uma mensagem antes de expirar algo que juntou.',
      level: 'Recebe uma mensagem quando alcança um nível e antes de perder um.',
      'weekly-report': 'Recebe um relatório todas as segundas-feiras.',
      'endpoint-disabled': 'Recebe uma mensagem quando um webhook é desligado.',
    },
    end: 'Não receber mais destas',
    endAll: 'Não receber mais nenhuma mensagem desta loja',
    done: 'Feito. Tem efeito dentro de um minuto.',
    note: 'Pode mudar de ideias nas suas definições.',
  },
};

const STYLE =
  'body{font:17px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1.25rem;' +
  'color-scheme:light dark}button{font:inherit;padding:.7rem 1.2rem;margin:.4rem 0;width:100%;' +
  'border-radius:.6rem;border:1px solid;cursor:pointer}';

/** Only what the page itself has; its forms go nowhere else. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Asks first: programs that look at every link in a mail must not end anything by it. */
export function askingPage(kind: RefusableMail, language: Language = 'en'): Reply {
  const { these, end, endAll, note } = words[language];
  return page(
    language,
    `<p>${these[kind]}</p>` +
      `<form method="post"><button>${end}</button></form>` +
      `<form method="post" action="?all=1&amp;lang=${language}"><button>${endAll}</button></form>` +
      `<p>${note}</p>`,
  );
}

export function donePage(language: Language = 'en'): Reply {
  return page(language, `<p>${words[language].done}</p><p>${words[language].note}</p>`);
}

function page(language: Language, body: string): Reply {
  const { title } = words[language];
  const html =
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<title>${title}</title><style>${STYLE}</style></head>` +
    `<body><main><h1>${title}</h1>${body}</main></body></html>`;
  return {
    status: 200,
    stream: once(html),
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'X-Robots-Tag': 'noindex',
    },
  };
}

// oxlint-disable-next-line typescript/require-await -- a page is a stream of one piece
async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
