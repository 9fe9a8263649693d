/**
 * Makes workers/mail/layout.ts of layout.mjml: MJML writes the tables that mail programs need, once
 * and here, so that nothing of it runs where mail is sent. `npm run mail` does it by hand.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import mjml2html from 'mjml';

const folder = new URL('../../workers/mail/', import.meta.url);
const source = new URL('layout.mjml', folder);
export const target = fileURLToPath(new URL('layout.ts', folder));

/** MJML takes no placeholder for a colour, so the layout has these two, which nobody would choose. */
const colours = { '#c0ffee': '{{colour}}', '#1dea11': '{{ink}}' };

/** The module's text. @throws Error when the layout is not right */
export async function compileLayout() {
  const { html, errors } = await mjml2html(readFileSync(source, 'utf8'), {
    validationLevel: 'soft',
    keepComments: false,
    // None from elsewhere: who reads their mail is nobody's business.
    fonts: {},
  });
  if (errors.length > 0) throw new Error(errors.map((e) => e.formattedMessage).join('\n'));
  let lean = html.replaceAll(/^[ \t]+|[ \t]+$/gm, '').replaceAll(/\n{2,}/g, '\n');
  for (const [colour, name] of Object.entries(colours)) lean = lean.replaceAll(colour, name);
  return `/** Made of layout.mjml by npm run mail; see infra/build/compile-mail.mjs. */\nexport const layout = ${JSON.stringify(lean)};\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(target, await compileLayout());
}
