/** A plain page. Its parts are trusted but for what goes through `escape`. */
export function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<style>body{font:16px system-ui;max-width:22rem;margin:3rem auto;padding:0 1rem}
label,input,button,a.button{display:block;width:100%;box-sizing:border-box;margin:.4rem 0}
input[type=checkbox]{display:inline;width:auto}
input,button,a.button{padding:.6rem;font:inherit}a.button{border:1px solid;text-align:center}</style>
<h1>${escape(title)}</h1>${body}`;
}

export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
