import mustache from 'mustache';
import type { MailContent, MailFrame, RenderedMail } from './content.ts';
import { layout } from './layout.ts';

const DARK_INK = '#000000';
const LIGHT_INK = '#ffffff';
/** Lines break and directions change where a mail says so, never where somebody's name does. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

const textLayout = `{{heading}}
{{#paragraphs}}

{{.}}
{{/paragraphs}}
{{#highlight}}

{{label}}: {{value}}
{{#note}}
{{note}}
{{/note}}
{{/highlight}}
{{#hasRows}}

{{#rows}}
{{label}}: {{value}}{{#change}} ({{change}}){{/change}}
{{/rows}}
{{/hasRows}}
{{#button}}

{{label}}: {{url}}
{{/button}}
{{#closing}}

{{closing}}
{{/closing}}

-- 
{{brand}}
{{why}}
{{#unsubscribe}}
{{label}}: {{url}}
{{/unsubscribe}}
`;

/** Puts words into the layout, as HTML and as plain text. What people typed in is text in both. */
export function render(content: MailContent, frame: MailFrame): RenderedMail {
  const { rows = [], closing = '', ...words } = content;
  const view = cleaned({
    ...words,
    // Told apart from nothing: an absent section would find the name outside it.
    highlight: words.highlight ? { note: '', isCode: false, ...words.highlight } : false,
    button: words.button ?? false,
    unsubscribe: frame.unsubscribe ?? false,
    hasRows: rows.length > 0,
    rows: rows.map((row) => ({ ...row, change: row.change ?? '' })),
    closing,
    lang: frame.language,
    brand: frame.brand,
    colour: frame.colour,
    ink: inkOn(frame.colour),
    logo: frame.logo ?? false,
  });
  return {
    subject: (view as { subject: string }).subject,
    html: mustache.render(layout, view),
    text: mustache.render(textLayout, view, undefined, { escape: String }),
  };
}

/** The ink that is read best on a colour: the contrast is at least 4.5 to 1, whatever the colour. */
export function inkOn(colour: string): string {
  const luminance = luminanceOf(colour);
  const onLight = 1.05 / (luminance + 0.05);
  const onDark = (luminance + 0.05) / (luminanceOf(DARK_INK) + 0.05);
  return onLight >= onDark ? LIGHT_INK : DARK_INK;
}

/** Relative luminance as WCAG 2 has it. */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(CONTROLS, ' ').trim();
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleaned(inner)]));
}
