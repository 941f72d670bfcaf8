import { type ChildProcess, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath } from "./browser.js";
import { MAIN, makePureBit, mustClew, ROOT, scratch } from "./clew.js";

const SEED = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const UPBIT = "0x5E032243d507C743b061eF021e2EC7fcc6d3ab89";
/** Of one step on the page: far more than it takes. */
const PATIENCE_MS = 8_000;
const folder = scratch();
const at = (name: string) => join(folder, name);
const browserPath = chromiumPath();
const running: ChildProcess[] = [];
let browser: Browser;

/** Opens a case with clew; gives the link that it prints. */
function open(path: string, ...more: readonly string[]): Promise<string> {
	const child = spawn(process.execPath, [MAIN, "open", "--case", path, "--no-browser", ...more], { cwd: ROOT });
	running.push(child);
	return new Promise((resolve, reject) => {
		let said = "";
		for (const stream of [child.stdout, child.stderr])
			stream?.on("data", (chunk) => {
				said += chunk;
				const [link] = /http:\S+/.exec(said) ?? [];
				if (link !== undefined) resolve(link);
			});
		child.once("exit", () => reject(new Error(said)));
	});
}

/** A page, and what it complained of or asked of anybody but its own server. */
async function look(link: string, width = 1280): Promise<{ page: Page; wrong: string[] }> {
	const page = await browser.newPage({ viewport: { width, height: 900 } });
	page.setDefaultTimeout(PATIENCE_MS);
	const wrong: string[] = [];
	page.on("pageerror", (error) => wrong.push(error.message));
	page.on("console", (line) => line.type() === "error" && wrong.push(line.text()));
	page.on("dialog", (dialog) => {
		wrong.push(`dialog ${dialog.message()}`);
		return dialog.dismiss();
	});
	page.on("request", (request) => request.url().startsWith(new URL(link).origin) || wrong.push(request.url()));
	await page.goto(link);
	await page.waitForSelector("#picture svg .node");
	return { page, wrong };
}
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.id ?? "");

beforeAll(async () => {
	makePureBit(at("a.clew"));
	mustClew("trace", "--case", at("a.clew"), "--seed", `account:${SEED}`, "--rule", "all");
	if (browserPath !== undefined) browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
});
afterAll(async () => {
	await browser?.close();
	for (const child of running) child.kill("SIGINT");
	rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(browserPath === undefined)("the explorer in a browser", () => {
	it("goes from the seed to an exchange by keys alone, with amounts, ranges, gaps and how each row is known", async () => {
		const link = await open(at("a.clew"));
		const { page, wrong } = await look(link);
		expect(new URL(page.url()).search).toBe("");
		// Nobody else gets in by the same link.
		expect((await (await browser.newPage()).goto(link))?.status()).toBe(403);
		expect(await page.textContent("#open")).toMatch(/^Not all is known: inflows are missing/);
		await page.focus("#picture .node[tabindex='0']");
		expect(await focused(page)).toMatch(/^0x7DF1.*, seed, ends here: .* ETH.*, \d+ gaps?$/);
		await page.keyboard.press("ArrowRight");
		const second = await focused(page);
		expect(second).not.toMatch(/seed/);
		await page.keyboard.press("l");
		expect(await focused(page)).toMatch(/^from .* to .*: [\d.]+ ETH.*transfers?, imported$/);
		await page.keyboard.press("Enter");
		await page.waitForSelector("#panel tbody tr");
		expect(await page.textContent("#panel")).toMatch(/Rows of the trace: \d+[\s\S]*imported/);
		expect(await focused(page)).toBe("Details");
		await page.keyboard.press("Escape");
		expect(await focused(page)).toBe(second);
		// The rule: the very next one, and what all agree on.
		await page.keyboard.press("r");
		await page.waitForFunction(() => (document.getElementById("figure") as HTMLSelectElement).value === "poison");
		await page.selectOption("#figure", "agreed");
		await page.waitForFunction(() => document.getElementById("status")?.textContent?.endsWith("under agreed."));
		await page.focus("#picture .node[tabindex='0']");
		await page.keyboard.press("/");
		await page.keyboard.type("upbit");
		await page.keyboard.press("Enter");
		await page.waitForSelector("#found button");
		await page.click("#found button");
		await page.waitForSelector("#panel h3");
		await page.waitForFunction(() => document.getElementById("panel")?.textContent?.includes("Ledger in the case"));
		const details = (await page.textContent("#panel")) ?? "";
		expect(details).toContain(UPBIT);
		expect(details).toContain("agreed 499.99874 ETH");
		expect(details).toMatch(/by explorer name tags of no known date, confidence 50/);
		expect(details).toContain("Its own history was not fetched");
		await page.focus("#picture .node[tabindex='0']");
		await page.keyboard.press("t");
		expect(await page.textContent("#table")).toMatch(/Upbit[\s\S]*499\.99874 ETH/);
		expect(await page.textContent("#hidden")).toMatch(
			/\d+ of \d+ accounts are not drawn one by one[\s\S]*Gaps of the whole trace: .*unfetched-account/,
		);
		expect(wrong).toEqual([]);
		await page.close();
	});

	it("fits 360 pixels, and tells of a trace that came since", async () => {
		const { page, wrong } = await look(await open(at("a.clew")), 360);
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
		await page.selectOption("#shape", "flow");
		await page.click("#as-table");
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
		const before = await page.textContent("#about");
		mustClew("trace", "--case", at("a.clew"), "--seed", `account:${SEED}`, "--rule", "fifo");
		await page.waitForSelector("#news button");
		expect(await page.textContent("#about")).toBe(before);
		await page.click("#news button");
		await page.waitForFunction((old) => document.getElementById("about")?.textContent !== old, before);
		expect(await page.$$eval("#figure option", (all) => all.map((one) => one.textContent))).toEqual(["fifo", "agreed", "at most"]);
		expect(wrong).toEqual([]);
		await page.close();
	});

	it("writes notes, names and decisions of several pages and programs at once into the case, and takes them back", async () => {
		const [first, second] = await Promise.all([
			open(at("a.clew"), "--write", "--by", "desk A"),
			open(at("a.clew"), "--write", "--by", "desk B"),
		]);
		const [a, b] = await Promise.all([look(first), look(second)]);
		const pages = [a.page, b.page];
		for (const page of pages) {
			await page.focus("#picture .node.seed");
			await page.keyboard.press("Enter");
			await page.waitForSelector("#marks form");
		}
		const say = async (page: Page, kind: string, text: string) => {
			await page.fill(`[data-form=${kind}] :is(input, textarea)`, text);
			await page.press(`[data-form=${kind}] button`, "Enter");
		};
		await Promise.all(pages.map((page, i) => say(page, "note", `note ${i} <img src=x onerror=alert(1)>`)));
		// Each sees what the other wrote, with who and when, and no less.
		for (const page of pages)
			await page.waitForFunction(() => document.querySelectorAll("#marks [data-mark=note]").length === 2, undefined, { timeout: 12_000 });
		expect(await a.page.textContent("#marks")).toMatch(/note [01] <img[\s\S]*by desk [AB], \d{4}-[\s\S]*note [01] <img[\s\S]*by desk [AB]/);
		await say(a.page, "name", "the taker");
		await a.page.waitForSelector("#picture .node.seed[aria-label^='the taker']");
		await a.page.click("#marks button:text-is('freeze')");
		await a.page.waitForSelector("#picture .node.seed[aria-label*='decision: freeze']");
		await a.page.focus("#picture .node.seed");
		const before = await a.page.getAttribute("#picture .node.seed", "transform");
		await a.page.keyboard.press("Shift+ArrowDown");
		await a.page.waitForFunction((old) => document.querySelector("#picture .node.seed")?.getAttribute("transform") !== old, before);
		await a.page.focus("#picture .node.seed");
		await a.page.keyboard.press("u");
		await a.page.waitForFunction((old) => document.querySelector("#picture .node.seed")?.getAttribute("transform") === old, before);
		await a.page.keyboard.press("u");
		await a.page.waitForFunction(
			() => document.querySelector("#picture .node.seed")?.getAttribute("aria-label")?.includes("decision") === false,
		);
		expect([a.wrong, b.wrong]).toEqual([[], []]);
		const log = mustClew("custody", "--case", at("a.clew"));
		expect(log.match(/view marked/g)?.length).toBe(5);
		expect(log.match(/view mark taken back/g)?.length).toBe(2);
		for (const page of pages) await page.close();
	});

	it("shows names that are scripts, links and reordered text as text, and runs none", async () => {
		const [a, b, c] = ["a", "b", "c"].map((digit) => `0x${digit.repeat(40)}`);
		const token = `0x${"9".repeat(40)}`;
		const lures = [
			"<img src=x onerror=alert(1)>",
			"</script><script>alert(2)</script>",
			"\u202eCDSU",
			"javascript:alert(3)",
			"X".repeat(10_000),
		];
		const head =
			"blockNumber,timeStamp,hash,nonce,blockHash,from,contractAddress,to,value,tokenName,tokenSymbol,tokenDecimal,transactionIndex";
		const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
		const rows = lures.map((name, i) => {
			const [from, to] = i === 0 ? [c, a] : [a, b];
			const hash = (n: number) => `0x${`${n}`.repeat(64)}`;
			const cells = [
				`${100 + i}`,
				`${1_700_000_000 + i}`,
				hash(i + 1),
				"0",
				hash(i + 1),
				from,
				`${token.slice(0, -1)}${i}`,
				to,
				"5",
				name,
				name,
				"0",
				"1",
			];
			return cells.map((cell) => quoted(cell ?? "")).join(",");
		});
		writeFileSync(at("tokens.csv"), `${[head, ...rows].join("\n")}\n`);
		writeFileSync(
			at("labels.csv"),
			`address,entity,name,category\n${b},"${lures[0]}","${lures[1]}",exchange\n${a},"${lures[2]}","${lures[3]}",other\n`,
		);
		mustClew("case", "new", at("lures.clew"), "--title", lures[0] ?? "", "--chain", "eip155:1");
		mustClew("import", "etherscan", at("tokens.csv"), "--case", at("lures.clew"));
		mustClew("label", "import", at("labels.csv"), "--source", lures[1] ?? "", "--confidence", "90", "--case", at("lures.clew"));
		mustClew("trace", "--case", at("lures.clew"), "--seed", `account:${a}`, "--rule", "all");
		const { page, wrong } = await look(await open(at("lures.clew")));
		await page.selectOption("#asset", "all");
		await page.waitForFunction(() => document.querySelectorAll("#picture .link").length > 0);
		await page.click("#picture .node");
		await page.waitForFunction(() => document.getElementById("panel")?.textContent?.includes("Ledger in the case"));
		await page.click("#as-table");
		const words = (await page.textContent("body")) ?? "";
		expect(words).toContain(lures[0]);
		expect(words).not.toMatch(/[\u202a-\u202e]|X{200}/);
		expect(await page.$$eval("img, script, a[href^='javascript'], iframe", (all) => all.length)).toBe(1);
		expect(wrong).toEqual([]);
		await page.close();
	});
});
