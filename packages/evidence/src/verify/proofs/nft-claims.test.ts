import { wrappedCoin } from "@clew/core";
import { expect, it } from "vitest";
import { EMPTY, ETHEREUM, legacyTx, madeEvm, receipt } from "../blocks.test-util.js";
import type { Proof } from "../bundle/formats.js";
import { fromHex } from "../encoding/bytes.js";
import type { Rlp } from "../encoding/rlp.js";
import { EVM, OLD_NFTS } from "../evm/family.js";
import { isWrappedCoin } from "../evm/wrapped-coins.js";
import { checkNfts } from "./nft-claims.js";
import { type ProvenBlocks, provenBlocks } from "./proofs.js";

const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const WRAP = "e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c";
const TOKEN = "c3".repeat(20);
const ASSET = `${ETHEREUM}/erc20:0x${TOKEN}`;
const word = (text: string) => fromHex(text.padStart(64, "0"));
const [from, to] = ["a1", "b2"].map((byte) => byte.repeat(20)) as [string, string];

function blocksWith(logs: readonly Rlp[]): ProvenBlocks {
	const proof = madeEvm({ transactions: [legacyTx(to).raw], receipts: [receipt(Uint8Array.of(1), logs)] });
	return provenBlocks([{ proof: proof as Proof, where: "proof" }], ETHEREUM, (where, what) => {
		throw new Error(`${where}: ${what}`);
	});
}

function look(ids: readonly string[], logs: readonly Rlp[] = []) {
	const found: string[] = [];
	const blocks = blocksWith(logs);
	const stated = checkNfts(
		ids.map((id) => ({ id })),
		blocks,
		(where, what) => void found.push(`${where}: ${what}`),
	);
	return { found, stated };
}

const inData: Rlp = [fromHex(TOKEN), [TRANSFER, from, to].map(word), word("5")];
const indexed: Rlp = [fromHex(TOKEN), [TRANSFER, from, to, "5"].map(word), EMPTY];

it("what a contract of NFTs moves is named as the maker's word, by its address", () => {
	expect(look([])).toEqual({ found: [], stated: [] });
	expect(look([ASSET], [indexed])).toEqual({
		found: [],
		stated: [`that numbers of this contract are ids of NFTs, and no amounts that count: 0x${TOKEN}`],
	});
	const many = Array.from({ length: 12 }, (_, i) => `${ETHEREUM}/erc20:0x${i.toString(16).padStart(40, "0")}`);
	expect(look(many).stated[0]).toMatch(/^that numbers of these contracts .*: 0x0{40}, .* and 2 more in facts\.json$/);
});

it("well-known tokens and wrapped coins are none", () => {
	const usdt = `${ETHEREUM}/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7`;
	expect(look([usdt]).found).toEqual([`facts.json: calls the numbers of ${usdt} ids of NFTs, which is USDT`]);
	const weth = `${ETHEREUM}/erc20:0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2`;
	expect(look([weth]).found).toEqual([`facts.json: calls the numbers of ${weth} ids of NFTs, which is the wrapped coin of its chain`]);
});

it("nor is a contract whose amounts a proven receipt logs, but for the old ones that are known to log ids so", () => {
	expect(look([ASSET], [inData]).found).toEqual([
		expect.stringMatching(
			new RegExp(`^facts.json: calls the numbers of ${ASSET} ids of NFTs, and transaction 0x[0-9a-f]{64} logs them as amounts$`),
		),
	]);
	// Without indexed parties, and of a wrapping, the form tells nothing.
	const loose: Rlp = [fromHex(TOKEN), [word(TRANSFER)], fromHex(`${"0".repeat(24)}${from}${"0".repeat(24)}${to}${"5".padStart(64, "0")}`)];
	expect(look([ASSET], [loose, [fromHex(TOKEN), [WRAP, from].map(word), word("5")]]).found).toEqual([]);
	const [old = ""] = OLD_NFTS;
	const kitty: Rlp = [fromHex(old.slice(-40)), [TRANSFER, from, to].map(word), word("5")];
	expect(look([old], [kitty])).toEqual({ found: [], stated: [] });
});

it("wrapped coins are those that the engine knows, which has a table of its own", () => {
	for (const chain of Object.keys(EVM.chains)) {
		const asset = wrappedCoin(`eip155:${chain}` as never)?.asset;
		if (asset !== undefined) expect([asset, isWrappedCoin(asset)]).toEqual([asset, true]);
	}
	expect(isWrappedCoin(ASSET)).toBe(false);
});
