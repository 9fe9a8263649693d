/** The operators' pages: one column on a phone, tables that scroll in themselves, light or dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1c1b19, #ece9e3);
  --quiet: light-dark(#5f5a52, #a8a196);
  --paper: light-dark(#faf8f4, #171614);
  --sheet: light-dark(#ffffff, #211f1c);
  --line: light-dark(#dcd6cb, #3a3631);
  --accent: light-dark(#0b5c4a, #6fd0b4);
  --on-accent: light-dark(#ffffff, #10201b);
  --bad: light-dark(#a3211b, #ff9a8f);
  --warn: light-dark(#7a4d00, #f0b95c);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 0.9375rem/1.5 system-ui, sans-serif; }
a { color: var(--accent); }
a:focus-visible, button:focus-visible, input:focus-visible, [tabindex]:focus-visible, summary:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px;
}
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--sheet); padding: 0.5rem 1rem; }
header { background: var(--sheet); border-bottom: 1px solid var(--line); }
header > div, main { max-width: 76rem; margin: 0 auto; padding: 0.75rem 1rem; }
header > div { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: baseline; }
header strong { font-size: 1.0625rem; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; flex: 1; }
nav a { padding: 0.25rem 0; }
nav a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
.who { color: var(--quiet); }
h1 { font-size: 1.375rem; line-height: 1.25; margin: 1rem 0; }
h2 { font-size: 1.0625rem; margin: 2rem 0 0.5rem; }
p { margin: 0.5rem 0; max-width: 68ch; }
.quiet { color: var(--quiet); }
form.search {
  display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr) auto; gap: 0.75rem; align-items: end;
  background: var(--sheet); border: 1px solid var(--line); border-radius: 0.5rem; padding: 1rem;
}
form.search p { grid-column: 1 / -1; margin: 0; max-width: none; }
label { display: block; font-weight: 600; margin-bottom: 0.25rem; }
input {
  width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet);
  border-radius: 0.375rem; padding: 0.5rem 0.625rem; min-height: 2.5rem;
}
button {
  font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 1px solid transparent;
  border-radius: 0.375rem; padding: 0.25rem 0.75rem; min-height: 2.5rem; cursor: pointer; white-space: nowrap;
}
td:has(form) { position: sticky; right: 0; background: var(--sheet); }
td button { min-height: 2rem; font-size: 0.875rem; }
button.plain { background: transparent; color: var(--accent); border-color: currentcolor; }
figure { margin: 0; }
figcaption { margin-bottom: 0.5rem; }
.table { overflow-x: auto; background: var(--sheet); border: 1px solid var(--line); border-radius: 0.5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.5rem 0.75rem; vertical-align: middle; border-top: 1px solid var(--line); }
thead th { border-top: 0; vertical-align: bottom; color: var(--quiet); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; }
.number { text-align: right; }
.id { font: 0.8125rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; min-width: 16ch; }
.whole { white-space: nowrap; }
.error { overflow-wrap: anywhere; min-width: 22ch; }
time { white-space: nowrap; }
.state { font-weight: 600; white-space: nowrap; }
.state.failed, .bad { color: var(--bad); font-weight: 600; }
.state.declined, .state.delayed, .state.held, .warn { color: var(--warn); font-weight: 600; }
.said { background: var(--sheet); border: 1px solid var(--accent); border-left-width: 0.375rem; border-radius: 0.375rem; padding: 0.5rem 0.75rem; margin-bottom: 1rem; max-width: none; }
.said.bad { border-color: var(--bad); }
.empty { background: var(--sheet); border: 1px dashed var(--line); border-radius: 0.5rem; padding: 1rem; color: var(--quiet); max-width: none; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) minmax(0, 1fr); gap: 0.25rem 1rem; margin: 0; background: var(--sheet); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; background: var(--sheet); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem; overflow-x: auto; font: 0.8125rem/1.5 ui-monospace, monospace; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 1rem 0; }
@media (max-width: 40rem) {
  nav { flex-basis: 100%; order: 3; }
  .who { margin-left: auto; }
  form.search { grid-template-columns: minmax(0, 1fr); }
  form.search button { width: 100%; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: 0.5rem; }
}
@media print { header nav, form { display: none; } }
`;
