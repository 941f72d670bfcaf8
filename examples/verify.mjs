// Does a bundle hold, and what of it is proven? For a partner's own intake of what it receives.
//   node examples/verify.mjs bundle [eip155:1:HEIGHT:0xHASH ...]     # blocks that you know to be on the chain
import { parseTrustedHeader, readBundle, verifyFiles } from "@clew/evidence";

const [place, ...headers] = process.argv.slice(2);
const report = await verifyFiles(await readBundle(place), { headers: headers.map(parseTrustedHeader), keys: [], timeRoots: [] });
console.log(
	JSON.stringify({ ok: report.ok, verdict: report.verdict, rows: report.rows.length, failures: report.failures }, undefined, "\t"),
);
process.exitCode = report.ok ? 0 : 1;
