import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endpointSecrets, parseSite, scrub, siteSubject } from "@clew/core";
import { failure, failureText, readBundle, reportOf, verifyFiles, withFailures } from "@clew/evidence";
import { describe, expect, it } from "vitest";
import { hiddenName, holdsName, replaceNames } from "../../packages/evidence/src/bundle/names.js";
import { fillTemplate } from "../../packages/evidence/src/freeze/template.js";
import { clew, scratch } from "../clew.js";

const NO_TRUST = { headers: [], keys: [], timeRoots: [] };
const bytes = (text: string) => new TextEncoder().encode(text);

describe("a verdict", () => {
	it.each([
		["", "is empty"],
		["\n", "is not JSON"],
		["{", "does not end"],
		["\u0000\n", "is not JSON"],
	])("on a manifest of %j is failed", async (manifest, why) => {
		const files = new Map([
			["manifest.json", bytes(manifest)],
			["trace.json", bytes("{}\n")],
		]);
		const report = await verifyFiles(files, NO_TRUST);
		expect(report).toMatchObject({ ok: false, verdict: "failed", kind: "none" });
		expect(report.failures.map(failureText).join()).toContain(why);
	});

	it("cannot be anything but failed where nothing was checked, or something failed", () => {
		expect(reportOf("none", [], {})).toMatchObject({
			ok: false,
			verdict: "failed",
			failures: [{ code: "unreadable", message: "nothing could be checked" }],
		});
		expect(withFailures(reportOf("bundle", [], {}), [failure("replay", "replay", "another")])).toMatchObject({
			ok: false,
			verdict: "failed",
		});
		expect(reportOf("bundle", [], {})).toMatchObject({ ok: true, verdict: "intact" });
	});

	it("is failed for packets whose lists were emptied, and for balances beside files of no list", async () => {
		const packet = new Map([
			["a/packet.json", bytes("")],
			["a/request.json", bytes("")],
		]);
		expect((await verifyFiles(packet, NO_TRUST)).verdict).toBe("failed");
		const balances = new Map([
			["balances.jsonl", bytes("")],
			["request.txt", bytes("pay me")],
		]);
		expect((await verifyFiles(balances, NO_TRUST)).failures.map(failureText).join()).toContain("request.txt: stands in no list of hashes");
	});

	it("demands keys, times and headers of what carries none", async () => {
		const header = { chain: "eip155:1", height: 1, hash: `0x${"1".repeat(64)}`, by: "you trust" };
		const packet = new Map([["packet.json", bytes("")]]);
		const { failures } = await verifyFiles(packet, { headers: [header], keys: ["a".repeat(64)], timeRoots: [new Uint8Array(1)] });
		for (const one of ["signature: ", "time stamp: ", "headers: no row leads"]) expect(failures.map(failureText).join()).toContain(one);
	});

	it("is not reached for a folder with an empty one in it", async () => {
		const folder = join(scratch(), "b");
		mkdirSync(join(folder, "foreign"), { recursive: true });
		writeFileSync(join(folder, "packet.json"), "");
		await expect(readBundle(folder)).rejects.toThrow('"foreign/": is an empty folder');
	});
});

describe("names", () => {
	it.each([
		["S\u00f8rensen", "Sorensen"],
		["S\u00f8rensen", "Soerensen"],
		["M\u00fcller", "Mueller"],
		["Gro\u00dfmann", "Grossmann"],
		["\u0141ukasz", "Lukasz"],
		["\u0110okovi\u0107", "Djokovic"],
		["\u00deorsteinn", "Thorsteinn"],
		["I\u015f\u0131kara", "Isikara"],
		["\u00c5kesson", "Aakesson"],
	])("%s and %s are one, whichever is the victim's", (a, b) => {
		for (const [name, text] of [
			[a, b],
			[b, a],
		] as const) {
			const hidden = hiddenName(`Anna ${name}`, "victim 1");
			expect(hidden).toBeDefined();
			if (hidden === undefined) continue;
			expect(holdsName(`from Anna ${text} today`, [hidden])).toBe(true);
			expect(replaceNames(`from Anna ${text} today`, [hidden], false)).toBe("from victim 1 today");
		}
	});
});

it("a name with an apostrophe is found without it, and alone", () => {
	const hidden = hiddenName("O'Brien & S\u00f8n", "victim 1");
	expect(hidden && replaceNames("complaint of Mr. Obrien and O\u2019Brien", [hidden], true)).toMatch(
		/^complaint of Mr\. victim 1 and [^B]*victim 1$/,
	);
});

it("a page is one page under every spelling of its path", () => {
	const of = (text: string) => siteSubject(parseSite(text, "argument"));
	for (const text of ["evil.example/Claim", "evil.example/%43laim", "https://EVIL.example/claim/?a"])
		expect(of(text)).toBe("domain:evil.example/claim");
	expect(of("evil.example/a%20b")).toBe(of("evil.example/a b"));
});

it("a secret does not come back in base64, other letters or escapes", () => {
	const url = "https://node.example/v3/Abc9876SecretKey?x=1";
	const secrets = endpointSecrets(url);
	const key = "Abc9876SecretKey";
	const encoded = [url, "/v3/Abc9876SecretKey", "/v3/Abc9876SecretKey?x=1", key].map((text) => Buffer.from(text).toString("base64"));
	const escaped = [...key].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join("");
	for (const told of [...encoded, key.toLowerCase(), key.toUpperCase(), escaped])
		expect(scrub(`no: ${told}.`, secrets)).not.toContain(told);
});

it("a line of a template stands only where its condition holds", () => {
	const values = { texts: {}, empty: {}, blocks: {}, subtitle: "", handling: "" };
	const paper = (leads: boolean) =>
		JSON.stringify(fillTemplate("T\n{{where_amounts}} - Freeze", { ...values, conditions: { where_amounts: !leads } }, "t"));
	expect([paper(true).includes("Freeze"), paper(false).includes("Freeze")]).toEqual([false, true]);
});

it("a missing folder is a mistake in usage, and a transaction's URL is no all-clear", () => {
	expect(clew(["case", "new", "/nonexistent/x.clew", "--title", "x"]).code).toBe(2);
	expect(clew(["verify", scratch(), "--identity", "/nonexistent"]).code).toBe(2);
	const { code, err } = clew(["check", `https://explorer.example/tx/0x${"3".repeat(64)}`]);
	expect([code, err]).toEqual([
		5,
		expect.stringContaining("is a transaction or another hash: give the addresses that it pays, and was not looked at"),
	]);
}, 600_000);
