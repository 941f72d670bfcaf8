import { type Files, parseCanonical, readLines, sha256Hex } from "../bundle/files.js";
import { type EvmProof, evmProofShape } from "../bundle/formats.js";
import { toHex, toNumber } from "../encoding/bytes.js";
import { type Fail, Refusal } from "../failure.js";
import type { TrustedHeader } from "../proofs/proofs.js";
import type { ProvenBlock } from "../proofs/proven-block.js";
import type { PriceRow } from "../values/form.js";
import { decimal, order } from "../values/fraction.js";
import { evmBlock } from "./block.js";
import { type Feed, isPublished } from "./price-feeds.js";

/** Proofs of prices: a line each, which a price names by its SHA-256. */
export const PRICE_PROOFS = "price-proofs.jsonl";
/** `AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)`. */
const ANSWER_UPDATED = "0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f";
const WORD = 32;
/** Seconds by which an answer may be older than its block. */
const MOST_BEHIND = 86_400n;
const FEED = /^feed (eip155:[1-9][0-9]{0,17}:0x[0-9a-f]{40}) with (0|[1-9][0-9]?) decimals$/;
const PLACE = /^log (0|[1-9][0-9]{0,5}) of transaction (0x[0-9a-f]{64})$/;

/**
 * Recomputes every price that claims to be proven: the header of its block, the receipt below its root, the log in it, and the number that
 * the log gives. Gives in words what nothing shows: which contracts are feeds of what, and blocks that lead to no header the reader trusts.
 */
export function checkEvents(files: Files, rows: readonly PriceRow[], trusted: readonly TrustedHeader[], fail: Fail): string[] {
	const proven = rows.filter(({ origin }) => origin.tier === "proven");
	const blocks = readBlocks(files, fail);
	checkUsed(blocks, proven, fail);
	const unknown = new Set<string>();
	const open = new Set<string>();
	for (const row of proven) {
		try {
			const block = blocks.get(row.answer);
			if (block === undefined) throw new Refusal("claims to be proven, and no proof of it holds");
			const feed = feedOf(row);
			if (feed.account.slice(0, feed.account.lastIndexOf(":")) !== block.chain)
				throw new Refusal(`is of a feed on another chain than its proof`);
			checkAnswer(row, feed, block);
			const published = isPublished(feed);
			if (published === false) throw new Refusal(`${feed.account} is published as another feed than one of ${row.asset} in ${row.unit}`);
			if (published === undefined)
				unknown.add(`that ${feed.account} is a feed of ${row.asset} in ${row.unit} with ${feed.decimals} decimals`);
			const header = trusted.find(({ chain, height }) => chain === block.chain && height === block.height);
			if (header !== undefined && header.hash !== block.hash)
				throw new Refusal(`block ${block.height} has hash ${block.hash} here, but ${header.hash} is what ${header.by}`);
			if (header === undefined) open.add(`that block ${block.height} (${block.hash}), which proves prices, is on ${block.chain}`);
		} catch (error) {
			fail("values.json", `price of ${row.asset} in ${row.unit} at ${row.time}: ${(error as Error).message}`);
		}
	}
	return [...unknown, ...open];
}

/** Nothing is proven that no price rests on: what is not looked at may be anything. */
function checkUsed(blocks: ReadonlyMap<string, ProvenBlock>, proven: readonly PriceRow[], fail: Fail): void {
	const used = new Set(proven.map(({ answer, place }) => `${answer} ${PLACE.exec(place)?.[2]}`));
	for (const [sha256, { transactions }] of blocks)
		if (transactions.length === 0 || transactions.some((hash) => !used.has(`${sha256} ${hash}`)))
			fail(PRICE_PROOFS, "proves what no price rests on");
}

/** A proof holds transactions and receipts, and no node beside their paths. Throws Error. */
function mustBeSlim({ nodes, transactions }: EvmProof): void {
	const named = new Set(transactions.flatMap(({ transaction, receipt }) => [...transaction, ...receipt]));
	if (transactions.some(({ before }) => before.length > 0) || nodes.some((_, i) => !named.has(i)))
		throw new Refusal("holds more than the way to its receipts");
}

function readBlocks(files: Files, fail: Fail): ReadonlyMap<string, ProvenBlock> {
	const blocks = new Map<string, ProvenBlock>();
	if (!files.has(PRICE_PROOFS)) return blocks;
	for (const [i, line] of (readLines(files, PRICE_PROOFS, fail) ?? []).entries()) {
		try {
			const proof = parseCanonical<EvmProof>(line, evmProofShape);
			mustBeSlim(proof);
			blocks.set(sha256Hex(line), evmBlock(proof));
		} catch (error) {
			fail(`${PRICE_PROOFS} line ${i + 1}`, (error as Error).message);
		}
	}
	return blocks;
}

function feedOf({ origin, asset, unit }: PriceRow): Feed {
	const [, account = "", decimals = ""] = FEED.exec(origin.id) ?? [];
	if (account === "") throw new Refusal("claims to be proven, and names no feed");
	return { account, asset, unit, decimals: Number(decimals) };
}

function checkAnswer({ price, time, place }: PriceRow, { account, decimals }: Feed, block: ProvenBlock): void {
	const [, log = "", hash = ""] = PLACE.exec(place) ?? [];
	const found = hash === "" ? undefined : block.log?.(hash, Number(log));
	if (found === undefined) throw new Refusal("the receipt has no such log");
	const [event, current, ...more] = found.topics;
	if (event === undefined || toHex(event) !== ANSWER_UPDATED || current?.length !== WORD || more.length !== 1 || found.data.length !== WORD)
		throw new Refusal("the log is no answer of a feed");
	if (!account.endsWith(`:${found.contract}`)) throw new Refusal(`the log is of ${found.contract}`);
	if (block.time !== time) throw new Refusal(`its block is of ${block.time}`);
	const answer = toNumber(current);
	if (answer === 0n || answer >> 255n === 1n) throw new Refusal("the feed answers no number above 0");
	if (order([answer, 10n ** BigInt(decimals)], decimal(price)) !== 0)
		throw new Refusal(`the log gives ${answer} with ${decimals} decimals`);
	const behind = BigInt(time) - toNumber(found.data);
	if (behind < 0n || behind > MOST_BEHIND) throw new Refusal("the answer is not of the day before its block");
}
