/** Style of the report; prints on A4 and Letter. */
export const REPORT_CSS = `
:root { color: #1a1a1a; background: #fff; font: 15px/1.45 Georgia, "Times New Roman", serif; }
body { margin: 0 auto; max-width: 96rem; padding: 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; border-bottom: 1px solid #999; margin-top: 2rem; } h3 { font-size: 1rem; }
table { border-collapse: collapse; width: 100%; font: 12.5px/1.35 system-ui, sans-serif; } th, td { border: 1px solid #ccc; padding: .25rem .4rem; text-align: left; vertical-align: top; }
th { background: #f3f3f3; } td.n { text-align: right; font-variant-numeric: tabular-nums; }
code { font: 12px/1.3 ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; font-size: 14px; } dt { font-weight: bold; } dd { margin: 0; }
figure { margin: 0; overflow-x: auto; } figure svg { max-width: 100%; height: auto; }
.handling { font-weight: bold; letter-spacing: .05em; } caption { text-align: left; font-style: italic; padding: .3rem 0; } figcaption { font-style: italic; }
nav ol { columns: 2; font-size: 14px; } .wide { overflow-x: auto; } td.n { white-space: nowrap; } section > p, section > ul { max-width: 60rem; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } section { break-inside: auto; } tr { break-inside: avoid; } h2 { break-after: avoid; } .wide { overflow: visible; } table { font-size: 8pt; } td.n { white-space: normal; overflow-wrap: anywhere; } code { font-size: 6pt; } nav { display: none; } @page { margin: 14mm; } }
`;
