import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { readLabels } from "./import-labels.js";
import { type ListKind, readList } from "./lists.js";

const FIXTURES = fileURLToPath(new URL("../../../fixtures/labels/", import.meta.url));
const scratch = () => mkdtempSync(join(tmpdir(), "clew-labels-"));
const written = (name: string, text: string | Buffer): string => {
	const path = join(scratch(), name);
	writeFileSync(path, text);
	return path;
};
const read = (kind: ListKind, name: string, text: string | Buffer) => readList(kind, written(name, text));

/** The shape of OFAC's advanced XML, cut to what matters. */
const sdn = (
	features: string,
	types = `<FeatureType ID="345">Digital Currency Address - ETH</FeatureType><FeatureType ID="344">Digital Currency Address - XBT</FeatureType><FeatureType ID="400">Digital Currency Address - XMR</FeatureType>`,
) => `<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="http://www.un.org/sanctions/1.0"><DateOfIssue CalendarTypeID="1"><Year>2024</Year><Month>9</Month><Day>27</Day></DateOfIssue>
<ReferenceValueSets><FeatureTypeValues>${types}</FeatureTypeValues></ReferenceValueSets>
<DistinctParties><DistinctParty FixedRef="1"><Profile ID="77"><Identity ID="1"><Alias Primary="true"><DocumentedName><DocumentedNamePart><NamePartValue>LAZARUS</NamePartValue></DocumentedNamePart><DocumentedNamePart><NamePartValue>GROUP</NamePartValue></DocumentedNamePart></DocumentedName></Alias></Identity>${features}</Profile></DistinctParty></DistinctParties>
<SanctionsEntries><SanctionsEntry ProfileID="77"><EntryEvent><Date><Year>2022</Year><Month>4</Month><Day>14</Day></Date></EntryEvent><SanctionsMeasure><Comment>DPRK3</Comment></SanctionsMeasure></SanctionsEntry></SanctionsEntries></Sanctions>`;
const feature = (type: number, address: string) =>
	`<Feature FeatureTypeID="${type}"><FeatureVersion><VersionDetail>${address}</VersionDetail></FeatureVersion></Feature>`;
const ETH = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96";
const BTC = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h";

describe("OFAC", () => {
	it("reads the advanced XML with names, programs and dates of designation", () => {
		const list = read("ofac", "sdn_advanced.xml", sdn(feature(345, ETH) + feature(344, BTC) + feature(400, "4xmr")));
		expect(list).toMatchObject({ id: "ofac", retrievedAt: "2024-09-27" });
		expect([...list.skipped]).toEqual([["XMR", 1]]);
		expect(list.labels).toEqual([
			{
				subject: `eip155:1:${ETH.toLowerCase()}`,
				category: "sanctioned",
				entity: "LAZARUS GROUP",
				name: "DPRK3",
				confidence: 60,
				validFrom: "2022-04-14",
				validUntil: "",
			},
			expect.objectContaining({ subject: `bip122:000000000019d6689c085ae165831e93:${BTC}`, entity: "LAZARUS GROUP" }),
		]);
	});

	it("reads types of addresses in any spacing and with any dash, and names what it does not understand", () => {
		const typed = (words: string) => `<FeatureType ID="9">${words}</FeatureType>`;
		for (const words of ["Digital  Currency Address - ETH", "Digital Currency Address \u2013 ETH", "digital currency address-eth"])
			expect(read("ofac", "a.xml", sdn(feature(9, ETH), typed(words))).labels, words).toHaveLength(1);
		const known = `${typed("Digital Currency Wallet: ETH")}<FeatureType ID="345">Digital Currency Address - ETH</FeatureType>`;
		const list = read("ofac", "a.xml", sdn(feature(345, ETH) + feature(9, "somewhere") + feature(8, ETH), known));
		expect(list.labels).toHaveLength(1);
		expect(list.notRead).toEqual([
			'1 value of feature type "Digital Currency Wallet: ETH": maybe addresses',
			"1 value of feature type number 8, which the list does not explain: maybe addresses",
		]);
		const born = `${typed("Birthdate")}<FeatureType ID="345">Digital Currency Address - ETH</FeatureType>`;
		expect(read("ofac", "a.xml", sdn(feature(345, ETH) + feature(9, "1970"), born)).notRead).toEqual([]);
	});

	it("refuses a cut-off, an empty and a foreign document: an empty parse is a failure", () => {
		const whole = sdn(feature(345, ETH));
		expect(() => read("ofac", "a.xml", whole.slice(0, -40))).toThrow("is not whole XML");
		expect(() => read("ofac", "a.xml", sdn(""))).toThrow("holds no label that Clew can use");
		expect(() => read("ofac", "a.xml", sdn(feature(400, "4xmr")))).toThrow("only 1 of XMR");
		expect(() => read("ofac", "a.xml", "<html><body>Service unavailable</body></html>")).toThrow("no element Sanctions");
		expect(() => read("ofac", "a.txt", "")).toThrow("is empty");
	});

	it("expands no entities: an XML bomb is an error, not memory", () => {
		const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Sanctions>&b;</Sanctions>`;
		expect(() => read("ofac", "a.xml", bomb)).toThrow("is not whole XML");
	});

	it("reads the plain lists of the fixtures, with an address of Tron under the code of Bitcoin as one of Tron", () => {
		const eth = readList("ofac", join(FIXTURES, "ofac-ETH.txt"));
		const xbt = readList("ofac", join(FIXTURES, "ofac-XBT.txt"));
		expect([eth.id, eth.labels.length, xbt.id, xbt.labels.length]).toEqual(["ofac-ETH", 152, "ofac-XBT", 435]);
		expect(xbt.skipped.size).toBe(0);
		expect(xbt.labels.filter(({ subject }) => subject.startsWith("tron:"))).toHaveLength(1);
	});

	it("refuses a plain list that was cut off in a line, and one that is of another chain", () => {
		expect(() => read("ofac", "ofac-ETH.txt", `${ETH}\n${ETH.slice(0, 20)}`)).toThrow("does not end with a line break");
		expect(() => read("ofac", "ofac-XBT.txt", `${ETH}\n${BTC}\n${ETH}\n`)).toThrow("cannot be used");
	});
});

describe("TagPacks", () => {
	const pack = (body: string) =>
		`title: T\ncreator: C\nlabel: Internet Archive\ncurrency: BTC\nconfidence: ownership\nlastmod: 2019-03-15\n${body}`;

	it("lets tags inherit the header's fields and override them", () => {
		const list = read(
			"tagpack",
			"p.yaml",
			pack(
				`category: donation\ntags:\n- address: ${BTC}\n- address: '${ETH}'\n  currency: ETH\n  label: Thief\n  abuse: ransomware\n  confidence: web_crawl\n- address: x\n  currency: LTC\n`,
			),
		);
		expect(
			list.labels.map(({ subject, category, entity, confidence, validFrom }) => [
				subject.split(":")[0],
				category,
				entity,
				confidence,
				validFrom,
			]),
		).toEqual([
			["bip122", "donation", "Internet Archive", 100, "2019-03-15"],
			["eip155", "ransomware", "Thief", 20, "2019-03-15"],
		]);
		expect([...list.skipped]).toEqual([["LTC", 1]]);
	});

	it("reads words as they were written: an address without quotes is no number, and neither are labels", () => {
		const tags = `tags:\n- {address: ${ETH}, currency: ETH, label: 007}\n- {address: ${BTC}, label: No}\n- {address: ${BTC}, label: 1.10}\n`;
		const { labels } = read("tagpack", "p.yaml", pack(tags));
		expect(labels.map(({ subject, entity }) => [subject.split(":")[2], entity])).toEqual([
			[ETH.toLowerCase(), "007"],
			[BTC, "No"],
			[BTC, "1.10"],
		]);
	});

	it("reads a folder in order of names", () => {
		const folder = scratch();
		mkdirSync(join(folder, "sub"));
		for (const [name, who] of [
			["b.yaml", "B"],
			["sub/a.yml", "A"],
		] as const)
			writeFileSync(join(folder, name), `title: T\ncreator: C\ncurrency: BTC\ntags:\n- {address: ${BTC}, label: ${who}}\n`);
		expect(readList("tagpack", folder).labels.map((label) => label.entity)).toEqual(["B", "A"]);
	});

	it("refuses bombs, custom tags, doubled keys, wrong addresses and words that are not on the scale", () => {
		const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\ntags: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ntitle: T\ncreator: C\n`;
		expect(() => read("tagpack", "p.yaml", bomb)).toThrow("not YAML that Clew reads");
		expect(() => read("tagpack", "p.yaml", pack(`tags:\n- address: !!js/function 'function(){}'\n`))).toThrow("not YAML that Clew reads");
		expect(() => read("tagpack", "p.yaml", pack(`title: again\ntags:\n- address: ${BTC}\n`))).toThrow("not YAML that Clew reads");
		expect(() => read("tagpack", "p.yaml", pack(`tags:\n- address: ${BTC}x\n`))).toThrow(/tag 1: .*Bitcoin address/);
		expect(() => read("tagpack", "p.yaml", pack(`tags:\n- address: ${BTC}\n  confidence: very\n`))).toThrow("not on GraphSense's scale");
		expect(() => read("tagpack", "p.yaml", "just text")).toThrow("is no TagPack");
	});
});

describe("explorer tags and scam lists", () => {
	it("knows exchanges, mixers and bridges by tag page, and a token or a vesting contract from a place that holds money", () => {
		const list = readList("etherscan-labels", join(FIXTURES, "etherscan-labels.csv"));
		const of = (address: string) => list.labels.find((label) => label.subject === `eip155:1:${address}`);
		expect(list.labels).toHaveLength(647);
		expect(of("0x001866ae5b3de6caa5a51543fd9fb64f524f5478")).toMatchObject({ category: "exchange", entity: "Binance", name: "Binance 9" });
		expect(of("0x910cbd523d972eb0a6f4cae4618ad62622b39dbf")).toMatchObject({ category: "mixing_service", entity: "Tornado.Cash" });
		expect(of("0x00d5ec4cdf59374b2a47e842b799027356eac02b")).toMatchObject({ category: "contract" });
		expect(of("0x0316eb71485b0ab14103307bf65a021042c6d380")).toMatchObject({ category: "contract" });
	});

	it("reads Scam Sniffer's addresses and sites, and MetaMask's sites", () => {
		expect(read("scamsniffer", "address.json", JSON.stringify([ETH, ETH.toLowerCase()])).labels).toHaveLength(1);
		const combined = read("scamsniffer", "combined.json", JSON.stringify({ "claim-airdrop.example": [ETH] }));
		expect(combined.labels.map((label) => label.subject)).toEqual(["domain:claim-airdrop.example", `eip155:1:${ETH.toLowerCase()}`]);
		const sites = read(
			"metamask",
			"config.json",
			JSON.stringify({ version: 2, tolerance: 2, fuzzylist: [], whitelist: [], blacklist: ["EVIL.example", "xn--80ak6aa92e.example"] }),
		);
		expect(sites.labels.map((label) => label.subject)).toEqual(["domain:evil.example", "domain:xn--80ak6aa92e.example"]);
	});

	it("refuses half a download, another encoding and what is no list", () => {
		expect(() => read("scamsniffer", "address.json", `["${ETH}",`)).toThrow("is not whole JSON");
		expect(() => read("scamsniffer", "address.json", Buffer.from(`["${ETH}"]`, "utf16le"))).toThrow();
		expect(() => read("etherscan-labels", "l.csv", Buffer.from([0xff, 0xfe, 0x61]))).toThrow("is not UTF-8 text");
		expect(() => read("metamask", "config.json", "{}")).toThrow("no blacklist");
		expect(() => read("scamsniffer", "address.json", `["javascript:alert(1)"]`)).toThrow("is not a host name");
		expect(() => read("etherscan-labels", "l.csv", "address,name,labels\n0x12,x,binance\n")).toThrow("l.csv:2");
	});
});

it("reads CSV labels with validity, and names the row and column of a mistake", () => {
	const defaults = { chain: parseChainId("eip155:1"), source: "s", confidence: 50, category: "other", retrievedAt: "" } as const;
	const path = written("l.csv", `address,entity,category,valid_from,valid_until\n${ETH},Mixer,mixing_service,2022-08-08,2025-03-21\n`);
	expect(readLabels(path, defaults).labels[0]).toMatchObject({ validFrom: "2022-08-08", validUntil: "2025-03-21" });
	const { confidence: _, ...unsure } = defaults;
	const sure = written("l.csv", `address,entity,confidence\n${ETH},A,70\n`);
	expect(readLabels(sure, unsure).labels[0]).toMatchObject({ confidence: 70 });
	expect(() => readLabels(path, unsure)).toThrow("l.csv:2: the row has no confidence");
	for (const column of ["network", "Blockchain", "chain_id", "Chain"]) {
		const cells = (chain: string) => readLabels(written("l.csv", `address,entity,${column}\n${ETH},A,${chain}\n${ETH},B,\n`), defaults);
		expect(cells("56").labels.map(({ account }) => account.slice(0, 9))).toEqual(["eip155:56", "eip155:1:"]);
		expect(cells("Solana")).toMatchObject({ labels: [{ entity: "B" }], skipped: new Map([["Solana", 1]]), notRead: [] });
	}
	const both = (name: string) => readLabels(written("l.csv", `address,entity,network,chain_id\n${ETH},A,${name},56\n`), defaults);
	expect(both("BSC").labels[0]?.account).toMatch(/^eip155:56:/);
	expect(both("EVM").labels.map(({ account }) => account)).toEqual([expect.stringMatching(/^eip155:56:/)]);
	for (const name of ["Polygon", "Solana", "Bitcoin"])
		expect(() => both(name)).toThrow(/l.csv:2: columns "network" and "chain_id" name several chains/);
	expect(() => readLabels(written("l.csv", `address,entity,category\n${ETH},A,nonsense\n`), defaults)).toThrow(/l.csv:2: column category/);
	expect(() => readLabels(written("l.csv", `address,entity\n${BTC},A\n`), defaults)).toThrow(/l.csv:2: .*not an EVM address/);
});

describe("a word in a column of chains", () => {
	const defaults = { chain: parseChainId("eip155:137"), source: "s", confidence: 50, category: "sanctioned", retrievedAt: "" } as const;
	const list = (...words: string[]) =>
		written("l.csv", `address,entity,network\n${words.map((word) => `${ETH},Thief,${word}`).join("\n")}\n`);

	const pack = (word: string) => `title: T\ncreator: C\ntags:\n- address: '${ETH}'\n  label: L\n  network: "${word}"\n`;
	const LOWER = ETH.toLowerCase();

	it("EVM means every EVM chain: all that a case holds, and in the library one that is found from all", () => {
		for (const word of ["EVM", "evm", "All EVM", "all-evm-chains", "EVM compatible", "any EVM chain", "eip155", "eip155:*", "EIP-155"]) {
			const { labels, skipped } = readLabels(list(word), { ...defaults, chains: ["eip155:137", "eip155:1", "bitcoin"].map(parseChainId) });
			expect([word, labels.map(({ account }) => account), skipped.size]).toEqual([word, [`eip155:137:${LOWER}`, `eip155:1:${LOWER}`], 0]);
			expect(readList("csv", list(word), defaults).labels.map(({ subject }) => subject)).toEqual([`eip155:*:${LOWER}`]);
			expect(read("tagpack", "p.yaml", pack(word)).labels.map(({ subject }) => subject)).toEqual([`eip155:*:${LOWER}`]);
		}
	});

	it("known chains that are not followed are counted under their names", () => {
		const words = ["Solana", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", "tron:0x94a9059e", "Bitcoin Cash", "XRP Ledger"];
		expect([...readLabels(list("ethereum", ...words), defaults).skipped.keys()]).toEqual(words);
	});

	it("a word that nobody knows makes its row unusable, by file, row and word, and refuses a list of such rows", () => {
		const many = Array.from({ length: 9 }, () => "");
		const { labels, unusable, skipped } = readLabels(list(...many, "Etherium"), defaults);
		expect([labels.length, skipped.size]).toEqual([9, 0]);
		expect(unusable).toEqual([{ where: expect.stringMatching(/l\.csv:11$/), why: '"Etherium" is no chain that Clew knows' }]);
		expect(() => readLabels(list(...many, "Etherium"), defaults, { strict: true })).toThrow(/l\.csv:11: "Etherium" is no chain/);
		expect(() => readLabels(list("Etherium", "Etherium"), defaults)).toThrow(/l\.csv:2: "Etherium" is no chain/);
		expect(() => read("tagpack", "p.yaml", pack("Etherium"))).toThrow(/tag 1: "Etherium" is no chain/);
		expect(() => read("tagpack", "p.yaml", pack(""))).toThrow(/tag 1: names no currency and no network/);
		expect(() => read("ofac", "sanctioned_QQQ.txt", `${ETH}\n`)).toThrow(/"QQQ" is no chain/);
	});
});
