import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChainId, InputError } from "@clew/core";
import { afterAll, describe, expect, it } from "vitest";
import { caseNameOf, seedsOfFile, seedWord } from "./seed-words.js";

const HASH = "ab".repeat(32);
const EVM = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const TRON = "TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy";
const BITCOIN = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
const folder = mkdtempSync(join(tmpdir(), "clew-seeds-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string, chain?: string) => seedWord(text, { chain: chain as ChainId | undefined, usual: undefined });
const specOf = (text: string, chain?: string) => {
	const found = read(text, chain);
	return "spec" in found ? `${found.chain} ${found.spec}` : "name" in found ? `name ${found.name}` : `hash ${found.hash}`;
};

describe("what an investigation begins from", () => {
	it.each([
		[EVM, `eip155:1 account:${EVM}`],
		[`eip155:8453:${EVM}`, `eip155:8453 account:${EVM}`],
		[TRON, `tron:0x2b6653dc account:${TRON}`],
		[BITCOIN, `bip122:000000000019d6689c085ae165831e93 account:${BITCOIN}`],
		[`0x${HASH}`, `hash 0x${HASH}`],
		[HASH, `hash ${HASH}`],
		[`https://basescan.org/tx/0x${HASH}`, `eip155:8453 tx:0x${HASH}`],
		[`https://etherscan.io/address/${EVM}#tokentxns`, `eip155:1 account:${EVM}`],
		[`https://tronscan.org/#/transaction/${HASH}`, `tron:0x2b6653dc tx:${HASH}`],
		[`https://tronscan.org/#/address/${TRON}`, `tron:0x2b6653dc account:${TRON}`],
		[`https://mempool.space/tx/${HASH}`, `bip122:000000000019d6689c085ae165831e93 tx:${HASH}`],
		[`tx:0x${HASH}`, `hash 0x${HASH}`],
		[`outpoint:${HASH}:1`, `bip122:000000000019d6689c085ae165831e93 outpoint:${HASH}:1`],
		["vitalik.eth", "name vitalik.eth"],
	])("%s", (text, expected) => expect(specOf(text)).toBe(expected));

	it("a chain that is named is that of an address and of a hash", () => {
		expect(specOf(EVM, "eip155:8453")).toBe(`eip155:8453 account:${EVM}`);
		expect(specOf(HASH, "tron:0x2b6653dc")).toBe(`tron:0x2b6653dc tx:${HASH}`);
		expect(specOf(HASH, "eip155:1")).toBe(`eip155:1 tx:0x${HASH}`);
	});

	it.each([
		["what is of no known form", "addr1qxyz", /known form/],
		["a mistyped address, by its own fault", "0x7Df1bd58e8fd49803e43987787adfecb4a0a086c", /checksum/i],
		["a page of two addresses", `https://etherscan.io/?a=${EVM}&b=0x${"12".repeat(20)}`, /names 2/],
		["a site", "https://example.org/", /names no/],
	])("refuses %s", (_, text, why) => {
		expect(() => read(text)).toThrow(InputError);
		expect(() => read(text)).toThrow(why);
	});

	it("a file has one a line, with a header or without; a bad line is named", () => {
		const path = join(folder, "victims.csv");
		writeFileSync(path, `address,name\r\n${EVM},A\n\n# later\n"0x${HASH}";B\n`);
		expect(seedsOfFile(path, { chain: undefined, usual: undefined })).toHaveLength(2);
		writeFileSync(path, `${EVM}\nnonsense1\n`);
		expect(() => seedsOfFile(path, { chain: undefined, usual: undefined })).toThrow(/victims\.csv:2/);
		expect(() => seedsOfFile(join(folder, "none"), { chain: undefined, usual: undefined })).toThrow(
			expect.objectContaining({ code: "USAGE" }),
		);
	});

	it("a line end in quotes begins no seed, whoever wrote the cell", () => {
		const path = join(folder, "hostile.csv");
		const other = EVM.replace(/.$/, "9");
		writeFileSync(path, `seed,symbol,note\r\n${EVM},"X\n${other},",n\r\n"${other}\n",Y\r\n`);
		expect(seedsOfFile(path, { chain: undefined, usual: undefined })).toHaveLength(2);
		expect(seedsOfFile(path, { chain: undefined, usual: undefined })[0]).toMatchObject({
			spec: expect.stringMatching(new RegExp(EVM, "i")),
		});
		writeFileSync(path, `${EVM},"X\n${other}`);
		expect(() => seedsOfFile(path, { chain: undefined, usual: undefined })).toThrow(/a quote does not end.*|hostile\.csv:1/);
	});

	it("a case is called by its seed, and by its chain where that is not its family's main one", () => {
		expect(caseNameOf({ chain: "eip155:1" as ChainId, spec: `account:${EVM}` })).toBe(`clew-${EVM}.clew`);
		expect(caseNameOf({ chain: "eip155:8453" as ChainId, spec: `tx:0x${HASH}` })).toBe(`clew-base-0x${HASH}.clew`);
	});
});
