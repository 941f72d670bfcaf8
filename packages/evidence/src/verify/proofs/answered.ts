import { ANSWERS, type Files, readLines } from "../bundle/files.js";
import { isRecord } from "../encoding/shape.js";
import { type Fail, Refusal } from "../failure.js";
import { headerOfBlock } from "../tron/header.js";
import { bitcoinHeader } from "./headers.js";
import type { ProvenBlocks, TrustedHeader } from "./proofs.js";

/** A block as `answers/` states it. On EVM chains a replay alone recomputes its hash. */
export interface AnsweredBlock {
	readonly where: string;
	readonly height: number;
	readonly hash: string;
	readonly parent: string;
}

const HEADER_DIGITS = 160;
const HASH = /^0x[0-9a-f]{64}$/;
const NUMBER = /^0x(0|[1-9a-f][0-9a-f]{0,7})$/;

/** What answers about a block of an EVM chain, whole or in part, are called. */
export function isOfEvm(schema: unknown): boolean {
	return schema === "clew.answers/1" || schema === "clew.answers.part/1";
}

/** Every block of `answers/`, in their order. What is no block of a known form is a failure of whoever reads it again, and not here. */
export function answeredBlocks(files: Files, fail: Fail): AnsweredBlock[] {
	const found: AnsweredBlock[] = [];
	for (const path of [...files.keys()].filter((one) => ANSWERS.test(one)).sort())
		for (const [i, text] of (readLines(files, path, fail) ?? []).entries()) {
			const where = `${path} line ${i + 1}`;
			try {
				const block = blockIn(JSON.parse(text));
				if (block !== undefined) found.push({ where, ...block });
			} catch (error) {
				fail(where, (error as Error).message);
			}
		}
	return found;
}

/** What a line says that it is of. Throws Error where it says two things. */
function blockIn(line: unknown): Omit<AnsweredBlock, "where"> | undefined {
	const answers = isRecord(line) ? line["answers"] : undefined;
	if (!isRecord(answers) || typeof answers["height"] !== "string") return undefined;
	const height = Number(answers["height"]);
	if (answers["schema"] === "clew.answers.bitcoin/1" && typeof answers["raw"] === "string") {
		const { hash, parent } = bitcoinHeader(answers["raw"].slice(0, HEADER_DIGITS));
		if (hash !== answers["hash"]) throw new Refusal(`its block has hash ${hash}, and it states another`);
		return { height, hash, parent };
	}
	if (answers["schema"] === "clew.answers.tron/1" && typeof answers["block"] === "string") {
		const { hash, parent, height: stated } = headerOfBlock(answers["block"]);
		if (stated !== height) throw new Refusal(`is of block ${height}, and its block is ${stated}`);
		return { height, hash, parent };
	}
	const block = isOfEvm(answers["schema"]) ? answers["block"] : undefined;
	if (!isRecord(block)) return undefined;
	const [number, hash, parent] = ["number", "hash", "parentHash"].map((key) => String(block[key]).toLowerCase()) as [
		string,
		string,
		string,
	];
	if (!NUMBER.test(number) || !HASH.test(hash) || !HASH.test(parent)) return undefined;
	if (Number(number) !== height) throw new Refusal(`is of block ${height}, and its block is ${Number(number)}`);
	return { height, hash, parent };
}

/**
 * There is one block of a height, be it proven, answered or trusted by the reader, and one height of a block; and where blocks of two
 * neighbouring heights are known, the later one is the child of the other.
 */
export function checkAnswered(
	answered: readonly AnsweredBlock[],
	blocks: ProvenBlocks,
	chain: string,
	trusted: readonly TrustedHeader[],
	fail: Fail,
): void {
	const known = new Map<number, { readonly hash: string; readonly is: string }>();
	const heights = new Map<string, number>();
	for (const { height, hash, by, chain: of } of trusted) if (of === chain) known.set(height, { hash, is: `what ${by}` });
	for (const { height, hash } of blocks.values()) {
		heights.set(hash, height);
		// A proof that differs from a trusted header is told of with what it anchors.
		if (!known.has(height)) known.set(height, { hash, is: "what is proven here" });
	}
	for (const { where, height, hash } of answered) {
		const other = known.get(height);
		if (other === undefined) known.set(height, { hash, is: `that of ${where}` });
		else if (other.hash !== hash) fail(where, `block ${height} has hash ${hash} here, but ${other.hash} is ${other.is}`);
		const at = heights.get(hash) ?? height;
		if (at !== height) fail(where, `block ${hash} stands at height ${height} and at height ${at}`);
		heights.set(hash, height);
	}
	for (const { height, parent } of new Map([...answered, ...blocks.values()].map((one) => [one.hash, one])).values()) {
		const before = known.get(height - 1);
		if (before !== undefined && before.hash !== parent)
			fail(`block ${height}`, `names ${parent} as its parent, but ${before.hash} is ${before.is} of block ${height - 1}`);
	}
}
