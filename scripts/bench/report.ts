// The report of 10,000 rows: its model, and from it HTML, text and PDF with the picture. --quick: 2,000 rows.
import { addressOf, canonicalJson, type TraceResult } from "@clew/core";
import { memoryLedger } from "@clew/core/testing";
import { buildResult, defaultRequest, parseSeed, runTrace } from "@clew/tracer";
import { toSvg } from "../../packages/evidence/src/bundle/picture.js";
import { statedKnowledge } from "../../packages/evidence/src/bundle/rows.js";
import { toHtml } from "../../packages/evidence/src/document/html.js";
import { toPdf } from "../../packages/evidence/src/document/pdf.js";
import { toText } from "../../packages/evidence/src/document/text.js";
import { reportDocument } from "../../packages/evidence/src/report/report.js";
import { TEST_CHAIN, testAccount, timed, world } from "./world.js";

const rows = process.argv.includes("--quick") ? 2_000 : 10_000;
const ledger = memoryLedger([...world(rows * 1.08, rows / 10)]);
const request = defaultRequest(TEST_CHAIN, [parseSeed(`account:${addressOf(testAccount(1))}`, TEST_CHAIN)]);
const traced = await runTrace(request, { source: ledger });
const result = JSON.parse(
	canonicalJson(await buildResult(traced, ledger, { id: "bench", title: "bench", cutoff: 0, sources: [] })),
) as TraceResult;
const known = result.edges.map(statedKnowledge);
const hash = "0".repeat(64);

const model = await timed(async () =>
	reportDocument({
		info: { id: "bench", title: "bench", chain: TEST_CHAIN, createdAt: "2026-01-01T00:00:00Z" } as never,
		details: { requester: "", legalBasis: "", jurisdiction: "", handling: "" },
		result,
		custody: [],
		toolVersion: "bench",
		tool: { name: "clew", version: "bench", lockSha256: hash, configurationSha256: hash },
		known,
	}),
);
const picture = await timed(() => toSvg(result, { tall: true }));
const html = await timed(async () => toHtml(model.result, picture.result));
const text = await timed(async () => toText(model.result));
const pdf = await timed(() => toPdf(model.result, { result }));
const parts = { model, picture, html, text, pdf };
const all = Object.values(parts).reduce((sum, { seconds }) => sum + seconds, 0);
const each = Object.entries(parts).map(([name, { seconds }]) => `${name} ${seconds.toFixed(2)} s`);
const sizes = `${(html.result.length / 1e6).toFixed(1)} MB of HTML, ${(pdf.result.length / 1e6).toFixed(1)} MB of PDF`;
console.log(
	`report of ${result.edges.length} rows and ${result.leaves.length} end points: ${all.toFixed(1)} s (${each.join(", ")}); ${sizes}`,
);
