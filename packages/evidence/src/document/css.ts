/** Style of the report; prints on A4 and Letter, and shows tables as cards on a phone. */
export const REPORT_CSS = `
:root { color: #1a1a1a; background: #fff; font: 15px/1.45 Georgia, "Times New Roman", serif; }
body { margin: 0 auto; max-width: 96rem; padding: 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; border-bottom: 1px solid #999; margin-top: 2rem; } h3 { font-size: 1rem; margin: 1.1rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; font: 12.5px/1.35 system-ui, sans-serif; margin: .4rem 0 .8rem; } th, td { border: 1px solid #ccc; padding: .25rem .4rem; text-align: left; vertical-align: top; }
th { background: #f3f3f3; overflow-wrap: normal; } td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .u { white-space: nowrap; }
code { font: 12px/1.3 ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
code.a { user-select: all; } code.a i { font-style: normal; margin-right: .35em; } code.a i:last-child { margin-right: 0; }
a.x { text-decoration: none; user-select: none; padding: .2em .4em; } a.x::after { content: "\\2197"; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: .2rem .8rem; font-size: 14px; } dt { font-weight: bold; } dd { margin: 0; }
figure { margin: 0 0 1rem; overflow-x: auto; } figure svg { max-width: 100%; height: auto; }
.handling { font-weight: bold; letter-spacing: .05em; } caption { text-align: left; font-style: italic; padding: .3rem 0; } figcaption { font-style: italic; }
nav ol { columns: 2; font-size: 14px; } .wide { overflow-x: auto; } section > p, section > ul { max-width: 60rem; }
@media screen and (max-width: 640px) {
body { padding: .8rem; } nav ol { columns: 1; } dl { display: block; } dd { margin: 0 0 .5rem; } figure svg { max-width: none; }
table, tbody, tr, td { display: block; } thead { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; white-space: nowrap; } caption { display: block; }
tr { border: 1px solid #bbb; border-radius: 4px; margin: 0 0 .6rem; padding: .3rem .5rem; } td { border: 0; padding: .15rem 0; }
td.n { text-align: left; white-space: normal; } td::before { content: attr(data-c); display: block; font-size: 11px; color: #555; }
}
@media print { body { max-width: none; padding: 0; font-size: 10pt; } section { break-inside: auto; } section.alone { break-after: page; } tr { break-inside: avoid; } h2, h3 { break-after: avoid; } .wide { overflow: visible; } table { font-size: 7.5pt; } code { font-size: 6pt; } a.x, nav { display: none; } @page { margin: 14mm; } }
`;
