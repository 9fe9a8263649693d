import { de } from './de.ts';
import { en } from './en.ts';
import { pt } from './pt.ts';
import type { Texts } from './texts.ts';

/** The languages that mail is written in, by their first part in BCP 47. */
const languages: Readonly<Record<string, Texts>> = { de, en, pt };

/** How somebody is written to. */
export interface Tongue {
  texts: Texts;
  /** For dates and numbers: their own variant where they told one, such as `pt-BR`. */
  locale: string;
}

/**
 * The language for somebody: the first of these that we write in, else English. @param wanted BCP 47,
 * most wanted first
 */
export function tongueFor(wanted: readonly (string | null | undefined)[]): Tongue {
  for (const tag of wanted) {
    const texts = languages[tag?.split('-')[0]?.toLowerCase() ?? ''];
    if (texts && tag) return { texts, locale: isVariant(tag) ? tag : texts.language };
  }
  const { en: texts } = languages as { en: Texts };
  return { texts, locale: texts.language };
}

/** `pt-BR`, and not `pt`. */
function isVariant(tag: string): boolean {
  try {
    return new Intl.Locale(tag).region !== undefined;
  } catch {
    return false;
  }
}
