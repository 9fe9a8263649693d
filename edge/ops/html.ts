/** Text that is HTML already. Only `html` makes it, so whatever else stands in a page is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Html | string | number | undefined | false | readonly Content[];

/** A piece of a page: html`<p>${whatever}</p>`. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  const rest = contents.map((content, i) => render(content) + (parts[i + 1] ?? ''));
  return new Html((parts[0] ?? '') + rest.join(''));
}

function render(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return String(content).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
