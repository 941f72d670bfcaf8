// A view of a large trace: made, sent, drawn by headless Chromium. Run after a build:
// npx tsx --conditions=source scripts/bench/explorer.ts [--quick]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mulberry32, traceParts } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { chromium } from "playwright-core";
import { openExplorer } from "../../packages/web/src/index.js";
import { CHAIN, leaf, row, trace } from "../../packages/web/src/view/trace.test-util.js";
import { chromiumPath } from "../../tests/browser.js";

const ROWS = process.argv.includes("--quick") ? 2_000 : 10_000;
const TIMES = 5;
const random = mulberry32(7);
const below = (n: number) => Math.floor(random() * n);
/** Money spreads from account 1: each row is paid by somebody who was paid before. */
const rows = Array.from({ length: ROWS }, (_, i) => row(i + 1, 1 + below(1 + i / 3), 2 + below(2 + i / 2), 1 + below(1_000)));
const paid = [...new Set(rows.map(({ to }) => Number(to.slice(to.lastIndexOf(":") + 1))))].slice(0, ROWS / 4);
const result = trace(
	rows,
	paid.map((n) =>
		leaf(n, 1 + below(50), n % 9 === 0 ? "service" : n % 5 === 0 ? "dust" : "unspent", n % 9 === 0 ? `Exchange ${n % 40}` : undefined),
	),
);
const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1] ?? 0;

const folder = mkdtempSync(join(tmpdir(), "clew-bench-explorer-"));
const store = await createCase(join(folder, "a.clew"), { title: "bench", chain: CHAIN, at: "2026-01-01T00:00:00Z" });
await store.putTrace(result.id, traceParts(result));
const explorer = await openExplorer({ store, traceOf: async () => result, port: 0 });
const json = JSON.stringify(result);
const parsed = performance.now();
JSON.parse(json);
const reference = performance.now() - parsed;

const { origin } = new URL(explorer.link);
const opened = await fetch(explorer.link);
const cookie = opened.headers.get("set-cookie")?.split(";")[0] ?? "";
async function view(asked: string): Promise<{ took: number; bytes: number }> {
	const start = performance.now();
	const body = await (await fetch(`${origin}/api/view?${asked}`, { headers: { cookie } })).text();
	return { took: performance.now() - start, bytes: body.length };
}
const first = await view("nodes=60");
for (const nodes of [60, 300]) {
	const told = [];
	for (let i = 0; i < TIMES; i++) told.push(await view(`nodes=${nodes}&until=${ROWS - i}`));
	const took = median(told.map((one) => one.took));
	const ratio = (took / reference).toFixed(1);
	console.log(
		`view of ${ROWS} rows, ${nodes} boxes: ${ms(took)} (${ratio} x parsing the trace's JSON), ${Math.round((told[0]?.bytes ?? 0) / 1000)} kB; the first ${ms(first.took)}`,
	);
}
const executablePath = chromiumPath();
if (executablePath !== undefined) {
	const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	const [name = "", value = ""] = cookie.split("=");
	await context.addCookies([{ name, value, url: origin }]);
	const drawn: number[] = [];
	for (let i = 0; i < TIMES; i++) {
		const page = await context.newPage();
		await page.goto(`${origin}/`);
		await page.waitForSelector("#picture svg .node");
		drawn.push(await page.evaluate(() => performance.getEntriesByName("clew-drawn")[0]?.startTime ?? Number.NaN));
		await page.close();
	}
	const page = await context.newPage();
	await page.goto(`${origin}/`);
	await page.waitForSelector("#picture svg .node");
	const more = await page.evaluate(async () => {
		const start = performance.now();
		performance.clearMarks("clew-drawn");
		const boxes = document.getElementById("nodes") as HTMLSelectElement;
		boxes.value = "300";
		boxes.dispatchEvent(new Event("change"));
		while (performance.getEntriesByName("clew-drawn").length === 0) await new Promise((done) => setTimeout(done, 1));
		return performance.now() - start;
	});
	console.log(`from opening the page to a drawn picture of 60 boxes: ${ms(median(drawn))}; from there to 300 boxes ${ms(more)}`);
	await browser.close();
}
await explorer.close();
await store.close();
rmSync(folder, { recursive: true, force: true });
console.log("views drawn");
