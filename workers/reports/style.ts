/** The page's own style; nothing is loaded from elsewhere. Blue shades keep 4.5:1 with their ink. */
export const STYLE = `
:root { color-scheme: light; --ink: #16202b; --quiet: #566270; --line: #d9dfe6; --accent: #2060a8; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 24px; max-width: 860px; color: var(--ink); background: #fff;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; }
h2 { margin: 40px 0 8px; font-size: 19px; }
p { margin: 4px 0 12px; }
.quiet { color: var(--quiet); }
.kpis { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 12px;
  margin: 24px 0 0; padding: 0; list-style: none; }
.kpis li { padding: 12px 14px; border: 1px solid var(--line); border-radius: 8px; }
.kpis .title { color: var(--quiet); font-size: 13px; }
.kpis .value { display: block; font-size: 24px; font-weight: 600; line-height: 1.3;
  font-variant-numeric: tabular-nums; }
.up { color: #1b6e3c; } .down { color: #a3312a; }
figure { margin: 0; } svg { display: block; width: 100%; height: auto; }
.axis { fill: var(--quiet); font-size: 11px; } .grid { stroke: var(--line); }
.bar { fill: var(--accent); } .before { fill: none; stroke: #b4681d; stroke-width: 1.5; }
.in-cell { font-size: 10px; } .in-cell.light { fill: #fff; } .in-cell.dark { fill: var(--ink); }
.legend { display: flex; gap: 18px; margin: 4px 0 0; color: var(--quiet); font-size: 13px; }
.legend i { display: inline-block; width: 14px; margin-right: 6px; vertical-align: middle; }
.legend .now { height: 10px; background: var(--accent); }
.legend .then { height: 0; border-top: 2px solid #b4681d; }
.shade-0 { fill: #f3f5f8; } .shade-1 { fill: #e3edf8; } .shade-2 { fill: #cbdff3; }
.shade-3 { fill: #afcdec; } .shade-4 { fill: #8fb8e2; } .shade-5 { fill: #3f78b8; }
.shade-6 { fill: #2f68a9; } .shade-7 { fill: #205894; } .shade-8 { fill: #12457c; }
td.shade-1 { background: #e3edf8; } td.shade-2 { background: #cbdff3; }
td.shade-3 { background: #afcdec; } td.shade-4 { background: #8fb8e2; }
td.shade-5, td.shade-6, td.shade-7, td.shade-8 { color: #fff; }
td.shade-5 { background: #3f78b8; } td.shade-6 { background: #2f68a9; }
td.shade-7 { background: #205894; } td.shade-8 { background: #12457c; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px;
  font-variant-numeric: tabular-nums; }
th, td { padding: 6px 8px; border-bottom: 1px solid var(--line); text-align: right; }
th { color: var(--quiet); font-weight: 600; } th:first-child, td:first-child { text-align: left; }
.cohorts td, .cohorts th { padding: 4px; font-size: 12px; }
dl { margin: 0; font-size: 13px; } dt { margin-top: 8px; font-weight: 600; } dd { margin: 0; }
@media print {
  @page { margin: 14mm; }
  body { padding: 0; max-width: none; font-size: 12px; }
  h2 { margin-top: 24px; break-after: avoid; }
  figure, .kpis li, tr { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
