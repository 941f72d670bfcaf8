import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { InputError } from "../../errors.js";
import { tokenContract } from "../../ids.js";
import { accountId, displayAddress, nativeAsset, parseAccount, parseAsset, parseHash, tokenAsset } from "../accounts.js";
import { base58Address } from "../bitcoin/address.js";
import { chainNamed, chainOfAddress, chainWord, parseFollowedChain } from "../names.js";
import { DEFAULT_CHAIN, rulesOf } from "../registry.js";
import { isTronAddress, normalizeTronAddress, tronAddress, tronDigits } from "./address.js";
import { TRON, TRON_BLACK_HOLE, TRON_MAINNET, TRON_NOBODY } from "./family.js";
import { TRON_TOKENS } from "./known-tokens.js";

const USDT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
const DIGITS = "a614f803b6fd780986a42c78ec9c7f77e6ded13c";
const ETHEREUM_USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7";

/** What an address is refused with. */
function refusal(text: string): string {
	try {
		return `accepted as ${normalizeTronAddress(text)}`;
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return `${error.code} ${error.message}`;
	}
}

describe("addresses of Tron", () => {
	it("are one, written in base58check, in hex with 41, and in hex behind 0x", () => {
		for (const text of [USDT, `41${DIGITS}`, `0x41${DIGITS}`, `0x${DIGITS}`, `41${DIGITS.toUpperCase()}`])
			expect([text, normalizeTronAddress(text)]).toEqual([text, USDT]);
		expect(tronDigits(USDT)).toBe(DIGITS);
		expect(displayAddress(accountId(TRON_MAINNET, `0x${DIGITS}`))).toBe(USDT);
		expect(parseAccount(`tron:41${DIGITS}`, DEFAULT_CHAIN)).toBe(`tron:0x2b6653dc:${USDT}`);
	});

	it("with a wrong checksum, another version byte or another form are refused by what is wrong", () => {
		expect(refusal(`${USDT.slice(0, -1)}u`)).toContain("BAD_ADDRESS");
		expect(refusal(`${USDT.slice(0, -1)}u`)).toContain("has a wrong checksum");
		const hash = new Uint8Array(20).fill(7);
		expect(refusal(base58Address(hash, 0))).toContain("its version byte is 0x00");
		expect(refusal(base58Address(hash, 0xa0))).toContain("its version byte is 0xa0");
		expect(refusal(`a0${DIGITS}`)).toContain("its version byte is 0xa0");
		// EIP-55: the letters of an address in both cases are a checksum.
		expect(refusal("0xdAC17F958D2ee523a2206206994597C13D831ec8")).toContain("has a wrong checksum");
		for (const text of ["", DIGITS, `41${DIGITS}0`, `T${"1".repeat(90)}`, "unknown", `0x${DIGITS}41`])
			expect(refusal(text)).toMatch(/^BAD_ADDRESS .*(is not an address of Tron|version byte)/);
	});

	test.prop([fc.uint8Array({ minLength: 20, maxLength: 20 })])("of any 20 bytes come back, and no other letter is taken", (bytes) => {
		const digits = Buffer.from(bytes).toString("hex");
		const address = tronAddress(digits);
		expect([isTronAddress(address), tronDigits(address), normalizeTronAddress(`0x${digits}`)]).toEqual([true, digits, address]);
		const wrong = address.slice(0, 20) + (address[20] === "2" ? "3" : "2") + address.slice(21);
		expect(isTronAddress(wrong)).toBe(false);
	});

	it("stand in names of files, and say which chain a bare one is of", () => {
		expect(TRON.addressesIn(`export-${USDT}.csv`)).toEqual([USDT]);
		expect(TRON.addressesIn(`41${DIGITS}.json ${USDT.slice(0, -1)}u`)).toEqual([USDT]);
		expect(chainOfAddress(USDT, DEFAULT_CHAIN)).toBe(TRON_MAINNET);
		expect(chainOfAddress(`0x${DIGITS}`, DEFAULT_CHAIN)).toBe(DEFAULT_CHAIN);
		expect(chainOfAddress(`0x${DIGITS}`, TRON_MAINNET)).toBe(TRON_MAINNET);
		expect(chainOfAddress(`0x41${DIGITS}`, DEFAULT_CHAIN)).toBe(TRON_MAINNET);
	});

	it("that nobody has the key of are written as they should be", () => {
		expect([tronAddress("0".repeat(40)), isTronAddress(TRON_BLACK_HOLE)]).toEqual([TRON_NOBODY, true]);
		for (const [asset] of TRON_TOKENS) expect([asset, isTronAddress(asset.slice(asset.lastIndexOf(":") + 1))]).toEqual([asset, true]);
	});
});

describe("the chain", () => {
	it("is typed and named as people do, and ids of other networks are not followed", () => {
		expect([parseFollowedChain("tron"), parseFollowedChain("tron:0x2b6653dc")]).toEqual([TRON_MAINNET, TRON_MAINNET]);
		for (const name of ["TRON", "Tron Mainnet", "trx", "TRC-20", "TRC20", "trc-10", "tron:0x2b6653dc"])
			expect([name, chainNamed(name)]).toEqual([name, TRON_MAINNET]);
		expect(chainWord("tron:0xcd8690dc")).toEqual({ kind: "not-followed" });
		expect(() => parseFollowedChain("tron:0xcd8690dc")).toThrow("is no chain that can be followed");
		expect(rulesOf(TRON_MAINNET)).toEqual(["fifo", "lifo", "haircut", "poison", "libr", "difo", "dilo"]);
	});

	it("has its coin, tokens by contract and tokens by number as assets", () => {
		expect(nativeAsset(TRON_MAINNET)).toBe("tron:0x2b6653dc/slip44:195");
		expect(parseAsset(`41${DIGITS}`, TRON_MAINNET)).toBe(`tron:0x2b6653dc/trc20:${USDT}`);
		expect(parseAsset("1002000", TRON_MAINNET)).toBe("tron:0x2b6653dc/trc10:1002000");
		for (const asset of ["tron:0x2b6653dc/slip44:195", "tron:0x2b6653dc/trc10:1002000", `tron:0x2b6653dc/trc20:${USDT}`])
			expect(parseAsset(asset, DEFAULT_CHAIN)).toBe(asset);
		expect(tokenContract(tokenAsset(TRON_MAINNET, USDT))).toBe(`tron:0x2b6653dc:${USDT}`);
		expect(tokenContract(parseAsset("1002000", TRON_MAINNET))).toBeUndefined();
		for (const text of [`tron:0x2b6653dc/erc20:${ETHEREUM_USDT}`, `eip155:1/trc20:${USDT}`, "tron:0x2b6653dc/trc10:12", "1"])
			expect(() => parseAsset(text, TRON_MAINNET)).toThrow(/is not an asset|is no/);
	});

	it("writes hashes with 64 hex digits, and has no block before its slot", () => {
		expect(parseHash("AB".repeat(32), TRON_MAINNET)).toBe("ab".repeat(32));
		expect(parseHash(`0x${"AB".repeat(32)}`, TRON_MAINNET)).toBe("ab".repeat(32));
		expect(() => parseHash(`0x${"ab".repeat(31)}`, TRON_MAINNET)).toThrow("64 hex digits");
		expect(TRON.impossibleTime?.(TRON_MAINNET, 56_804_500, 1_701_046_164)).toBeUndefined();
		expect(TRON.impossibleTime?.(TRON_MAINNET, 57_100_000, 1_701_046_164)).toMatch(/^Tron had no block 57100000 by 2023-11-27/);
	});
});
