import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath } from "./browser.js";
import { makePureBit, mustClew, scratch } from "./clew.js";

const SEED = "account:0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const UPBIT = "0x5E032243d507C743b061eF021e2EC7fcc6d3ab89";
const folder = scratch();
const at = (name: string) => join(folder, name);
const browserPath = chromiumPath();
let browser: Browser;

beforeAll(async () => {
	makePureBit(at("a.clew"));
	mustClew("trace", "--case", at("a.clew"), "--seed", SEED, "--rule", "all");
	const paper = ["--page", "A4", "--zone", "Asia/Seoul", "--lang", "de"];
	mustClew("export", "--case", at("a.clew"), "--trace", "last", "--out", at("bundle"), ...paper);
	if (browserPath !== undefined) browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
});
afterAll(async () => {
	await browser?.close();
	rmSync(folder, { recursive: true, force: true });
});

describe("the report of the Pure Bit theft", () => {
	it("is made again from its bundle, with the page, zone and language that the manifest states", () => {
		const { paper } = JSON.parse(readFileSync(at("bundle/manifest.json"), "utf8"));
		expect(paper).toEqual({ size: "A4", zone: "Asia/Seoul", language: "de" });
		const verified = JSON.parse(mustClew("verify", at("bundle"), "--json"));
		expect(verified.compared).toEqual(expect.arrayContaining(["report.html", "report.pdf"]));
		expect(readFileSync(at("bundle/report.pdf"), "latin1")).toContain("/MediaBox [0 0 595.28 841.89]");
	});

	it("says on its first page where the money is, how much, and what to do, in German and then in English", () => {
		const words = readFileSync(at("bundle/report.html"), "utf8")
			.replace(/<[^>]*>/g, " ")
			.replace(/\s+/g, " ");
		const english = words.slice(words.indexOf("2. On one page What happened"));
		expect(words).toMatch(/1\. Auf einer Seite Entwurf einer Maschine.*Jetzt einfrieren\..* Upbit/);
		expect(english).toMatch(/^2\. On one page What happened 13683\.078422182347690686 ETH came to .* in 471 arrivals/);
		expect(english).toContain("between 2018-11-04 13:22:47 UTC (2018-11-04 22:22:47 GMT+9 in Asia/Seoul)");
		// Movements and end points of poison alone are no part of what was taken.
		expect(english).toMatch(/Besides this 132 movements of traced money are known until .*, by which it came to 81 end points\./);
		// What lies at several places at most cannot be more than was taken.
		expect(english).toMatch(/all 78 together 75 more in the exhibit 9120\.\d+ ETH 12589\.\d+ ETH 13683\.078422182347690686 ETH/);
		expect(english).toMatch(/Freeze now\. .{100,160} where agreed under haircut at most Upbit ; end point 3 .* 499\.99874 ETH/);
		expect(english).toMatch(/Under haircut: [0-9.]+ ETH to freeze \+ .* in fees = 13683\.078422182347690686 ETH taken\./);
	});

	describe.skipIf(browserPath === undefined)("in a browser", () => {
		let page: Page;
		const asked: string[] = [];
		beforeAll(async () => {
			page = await browser.newPage();
			page.on("request", (request) => asked.push(request.url()));
			await page.goto(`file://${at("bundle/report.html")}`);
		});

		it.each([360, 1280, 2560])("is not wider than %i px, breaks no amount, and loads nothing", async (width) => {
			await page.setViewportSize({ width, height: 900 });
			const seen = await page.evaluate(() => ({
				width: document.documentElement.scrollWidth,
				broken: [...document.querySelectorAll(".u")].filter((amount) => amount.getClientRects().length > 1).length,
				cell: getComputedStyle(document.querySelector("td") as Element).display,
				named: getComputedStyle(document.querySelector("td") as Element, "::before").content,
				table: document.querySelector("table")?.getAttribute("role"),
			}));
			expect(seen).toMatchObject({ width, broken: 0, table: "table", cell: width === 360 ? "block" : "table-cell" });
			if (width === 360) expect(seen.named).toBe('"wo"');
			expect(asked.every((url) => url.startsWith("file:"))).toBe(true);
		});

		it("copies an address whole, and leads to its explorer", async () => {
			const [copied, link] = await page.evaluate((address) => {
				const word = document.querySelector(`code[title="${address}"]`) as Element;
				getSelection()?.selectAllChildren(word);
				return [getSelection()?.toString(), word.nextElementSibling?.getAttribute("href")];
			}, UPBIT);
			expect([copied, link]).toEqual([UPBIT, `https://etherscan.io/address/${UPBIT}`]);
		});

		it("draws the flow with no words over each other or over a box that is not theirs", async () => {
			await page.setViewportSize({ width: 1280, height: 900 });
			const found = await page.evaluate(() => {
				const svg = document.querySelector("figure svg") as Element;
				const boxOf = (element: Element) => element.getBoundingClientRect();
				const words = [...svg.querySelectorAll("g.edge text, g.node text")].map((text) => ({
					text: text.textContent,
					box: boxOf(text),
					of: text.parentElement,
				}));
				const boxes = [...svg.querySelectorAll("g.node path, g.node polygon")].map((path) => ({
					box: boxOf(path),
					of: path.parentElement,
				}));
				// Letters of lines of one label stand close.
				const meet = (a: DOMRect, b: DOMRect) =>
					Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
				return {
					nodes: svg.querySelectorAll("g.node").length,
					over: words.flatMap((a, i) =>
						[
							...words.slice(i + 1).filter((b) => a.of !== b.of && meet(a.box, b.box)),
							...boxes.filter((b) => a.of !== b.of && meet(a.box, b.box)).map(() => ({ text: `${a.text} over a box` })),
						].map(({ text }) => `${a.text} | ${text}`),
					),
				};
			});
			expect(found.over).toEqual([]);
			expect(found.nodes).toBeGreaterThan(15);
			expect(found.nodes).toBeLessThanOrEqual(26);
		});
	});
});
