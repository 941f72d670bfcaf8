import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath } from "./browser.js";
import { clew, makePureBit, mustClew, scratch } from "./clew.js";

const SEED = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const UPBIT = "0x5E032243d507C743b061eF021e2EC7fcc6d3ab89";
const VICTIM = "Example Savings Cooperative";
const LURE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>";
const TOKENS =
	"blockNumber,timeStamp,hash,nonce,blockHash,from,contractAddress,to,value,tokenName,tokenSymbol,tokenDecimal,transactionIndex";
const TOKEN = `0x${"9".repeat(40)}`;
const hash = (n: unknown) => `0x${String(n).repeat(64)}`;
const PATIENCE_MS = 8_000;
const folder = scratch();
const at = (name: string) => join(folder, name);
const browserPath = chromiumPath();
let browser: Browser;

/** Opens a file without network; gives what it complained of, or asked of anybody. */
async function look(name: string): Promise<{ page: Page; wrong: string[]; says: string }> {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true });
	const page = await context.newPage();
	page.setDefaultTimeout(PATIENCE_MS);
	const wrong: string[] = [];
	page.on("pageerror", (error) => wrong.push(error.message));
	page.on("console", (line) => line.type() === "error" && wrong.push(line.text()));
	page.on("dialog", (dialog) => {
		wrong.push(`dialog ${dialog.message()}`);
		return dialog.dismiss();
	});
	page.on("request", (request) => request.url() === pathToFileURL(at(name)).href || wrong.push(request.url()));
	await page.goto(pathToFileURL(at(name)).href);
	await page.waitForSelector(/type="module"/.test(readFileSync(at(name), "utf8")) ? "#seal:not(.unchecked)" : "#seal.unchecked");
	return { page, wrong, says: (await page.textContent("#seal strong")) ?? "" };
}
/** The same page with other bytes. */
const edit = (name: string, from: string | RegExp, to: string) => {
	const page = readFileSync(at("theft.html"), "utf8");
	const edited = page.replace(from, to);
	expect(edited).not.toBe(page);
	writeFileSync(at(name), edited);
};

beforeAll(async () => {
	makePureBit(at("a.clew"));
	writeFileSync(at("labels.csv"), `address,entity,name,category\n${UPBIT},"${LURE}","${LURE}",exchange\n`);
	mustClew("label", "import", at("labels.csv"), "--source", "a list", "--confidence", "90", "--case", at("a.clew"));
	mustClew("trace", "--case", at("a.clew"), "--seed", `account:${SEED}`, "--rule", "all");
	mustClew("share", "--case", at("a.clew"), "--out", at("theft.html"));
	if (browserPath !== undefined) browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
});
afterAll(async () => {
	await browser?.close();
	rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(browserPath === undefined)("a trace as one page", () => {
	it("opens from a file, checks itself, says what that shows, and lets one explore by keys; markup in names is text", async () => {
		const { page, wrong, says } = await look("theft.html");
		expect(says).toBe("intact, 0 of 742 rows proven");
		expect(await page.textContent("#seal")).toMatch(/root [0-9a-f]{64};[\s\S]*Not signed[\s\S]*does not mean that the rows are true/);
		await page.focus("#picture .node[tabindex='0']");
		await page.keyboard.press("ArrowRight");
		await page.keyboard.press("l");
		await page.keyboard.press("Enter");
		await page.waitForSelector("#panel tbody tr");
		expect(await page.textContent("#panel")).toMatch(/Rows of the trace: \d+[\s\S]*imported/);
		await page.selectOption("#figure", "agreed");
		await page.fill("#find", UPBIT);
		await page.click("#look");
		await page.click("#found button");
		await page.waitForFunction((lure) => document.getElementById("panel")?.textContent?.includes(lure), LURE);
		const details = (await page.textContent("#panel")) ?? "";
		expect(details).toContain("agreed 499.99874 ETH");
		expect(details).toContain("which is not in this file");
		expect(await page.$$eval("img, iframe, a[href^='javascript']", (all) => all.length)).toBe(0);
		expect(await page.$$eval("script", (all) => all.length)).toBe(3);
		expect(wrong).toEqual([]);
		// Of 742 rows: the script, and data that grow with rows; 2,000 must stay below 2 MB.
		const bytes = statSync(at("theft.html")).size;
		const fixed = readFileSync(at("theft.html"), "utf8").split('<script type="module">')[1]?.length ?? 0;
		expect(fixed + ((bytes - fixed) / 742) * 2_000).toBeLessThan(2_000_000);
		await page.context().close();
	});

	it("says in red on top which row was changed, and leaves it out; the verifier outside says the same", async () => {
		edit("edited.html", /("position":"6669851\.123\.1"[^\n]*?"row":299[^\n]*?"time":")2018-11-09T02:36:39Z/, "$12018-11-09T02:36:38Z");
		const { page, wrong, says } = await look("edited.html");
		expect(says).toBe("NOT INTACT: row 299 fails: does not lead to the manifest's Merkle root; it is not drawn");
		expect(await page.$eval("#seal strong", (element) => getComputedStyle(element).color)).toBe("rgb(164, 22, 26)");
		await page.waitForSelector("#picture svg .node");
		expect(await page.textContent("#hidden")).toContain("of 741 rows");
		expect(wrong).toEqual([]);
		await page.context().close();
		const outside = clew(["verify", at("edited.html")]);
		expect([outside.code, outside.out]).toEqual([1, expect.stringMatching(/row 299: does not lead to the manifest's Merkle root/)]);
		expect(clew(["verify", at("theft.html")]).code).toBe(0);
	});

	it.each([
		["what is packed", /id="clew-sealed">(.{400})./, 'id="clew-sealed">$1', /NOT INTACT/],
		["a row that is none", /\n\{"edge":\{/, '\n{"edge":[', /NOT INTACT: row in line 1: is not JSON/],
		[
			"data beside its own",
			/(<script type="text\/plain" id="clew-rows">)/,
			'<script type="text/plain" id="clew-rows"></script>$1',
			/NOT INTACT: .* twice/,
		],
		["a script that does not run", /<script type="module">/, '<script type="text/plain">', /^not checked$/],
		["a row less", /\n\{"edge"[^\n]*/, "", /NOT INTACT: .*trace\.json/],
	])("says that it does not hold, of %s", async (name, from, to, said) => {
		edit(`${name}.html`, from, to);
		const { page, wrong, says } = await look(`${name}.html`);
		expect(says).toMatch(said);
		expect(wrong).toEqual([]);
		await page.context().close();
	});

	it("is shared without victims' names, under the root of a bundle without them", async () => {
		const [a, b, c] = ["a", "b", "c"].map((digit) => `0x${digit.repeat(40)}`);
		const rows = [
			[1, c, a],
			[2, a, b],
		].map(([n, from, to]) =>
			[100 + Number(n), 1_700_000_000 + Number(n), hash(n), 0, hash(n), from, TOKEN, to, 5, "TT", "TT", 0, 1].join(","),
		);
		writeFileSync(at("small.csv"), `${[TOKENS, ...rows].join("\n")}\n`);
		writeFileSync(at("victims.csv"), `address,entity,name,category\n${b},${VICTIM},${VICTIM},victim\n`);
		mustClew("case", "new", at("small.clew"), "--title", "small", "--chain", "eip155:1");
		mustClew("import", "etherscan", at("small.csv"), "--case", at("small.clew"));
		mustClew("label", "import", at("victims.csv"), "--source", "a list", "--confidence", "90", "--case", at("small.clew"));
		mustClew("trace", "--case", at("small.clew"), "--seed", `account:${a}`, "--rule", "fifo");
		mustClew("share", "--case", at("small.clew"), "--out", at("named.html"));
		mustClew("share", "--case", at("small.clew"), "--out", at("redacted.html"), "--redact", "victims");
		mustClew("export", "--case", at("small.clew"), "--trace", "last", "--out", at("redacted"), "--redact", "victims");
		const words = async (name: string) => {
			const { page, wrong, says } = await look(name);
			await page.selectOption("#asset", "all");
			await page.fill("#find", b ?? "");
			await page.click("#look");
			await page.click("#found button");
			await page.waitForSelector("#panel h3");
			const all = await page.$$eval("header, main", (parts) => parts.map((one) => one.textContent).join(" "));
			expect(wrong).toEqual([]);
			await page.context().close();
			return { says, all };
		};
		expect((await words("named.html")).all).toContain(VICTIM);
		const { says, all } = await words("redacted.html");
		expect(says).toMatch(/^intact, 0 of \d rows proven$/);
		expect(all).toContain(/"root":"([0-9a-f]{64})"/.exec(readFileSync(join(at("redacted"), "manifest.json"), "utf8"))?.[1] ?? "none");
		expect(all).toMatch(/Redacted: 1 names of victims/);
		expect(all).not.toMatch(/Savings/);
	});

	it("holds some rows of a signed bundle, under its root", async () => {
		mustClew("keys", "new", at("key"));
		mustClew("export", "--case", at("a.clew"), "--trace", "last", "--out", at("signed"), "--sign", at("key"));
		mustClew("share", "--from", at("signed"), "--rows", "2-9,299", "--out", at("rows.html"));
		const { page, wrong, says } = await look("rows.html");
		expect(says).toBe("intact, 0 of 9 rows proven");
		expect(await page.textContent("#seal")).toMatch(/9 of the trace's 742 rows[\s\S]*withheld[\s\S]*Signed by key [0-9a-f]{64}/);
		await page.waitForSelector("#picture svg .node");
		expect(await page.textContent("#hidden")).toContain("of 9 rows");
		expect(wrong).toEqual([]);
		await page.context().close();
	});
});
