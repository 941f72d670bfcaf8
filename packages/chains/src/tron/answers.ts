import { type ChainId, type DecodedBlock, InputError, type ProvenanceTier } from "@clew/core";
import { z } from "zod";
import { type CheckedBlock, checkTronBlock } from "./check/check-block.js";
import { parseTronBlock, type TronBlock } from "./decode/block.js";
import { decodeTronBlock } from "./decode/decode.js";
import { parseInfoList, type TransactionInfo } from "./decode/info.js";

const bytes = z.string().refine((text) => text.length % 2 === 0 && /^[0-9a-f]*$/.test(text));

/** What was told of one block as bytes, hex: kept in a bundle so that a trace can be run again from it. */
export const tronAnswersShape = z.strictObject({
	schema: z.literal("clew.answers.tron/1"),
	height: z.string().regex(/^[0-9]{1,10}$/),
	/** `Block` or `BlockExtention`. */
	block: bytes.min(1),
	/** `TransactionInfoList`, empty where it holds none; null where nobody told it. */
	infos: bytes.nullable(),
	/** What a node's JSON told of it that the bytes lack; absent where nothing. */
	unread: z.string().optional(),
});
export type TronAnswers = z.infer<typeof tronAnswersShape>;

/** A block that was recomputed from its bytes, and its transactions' infos. */
export interface ReadTronBlock {
	readonly block: TronBlock;
	readonly checked: CheckedBlock;
	readonly infos: readonly TransactionInfo[] | undefined;
}

/** Reads a block as bytes and recomputes what they can show. Throws InputError that says what does not fit. */
export function readTronBlock(block: Buffer, infos: Buffer | undefined, height?: number, unread?: string): ReadTronBlock {
	const parsed = parseTronBlock(block);
	return { block: parsed, checked: checkTronBlock(parsed, height, unread), infos: infos === undefined ? undefined : parseInfoList(infos) };
}

/** The block of kept answers, with the same checks. Throws InputError. */
export function blockOfAnswers(chain: ChainId, { block, infos, height, unread }: TronAnswers, provenance: ProvenanceTier): DecodedBlock {
	const read = readTronBlock(Buffer.from(block, "hex"), infos === null ? undefined : Buffer.from(infos, "hex"), Number(height), unread);
	return decodeTronBlock(chain, { ...read, provenance });
}

/** The same from whatever a bundle holds. Throws InputError. */
export function answersOfBundle(answers: unknown): TronAnswers {
	const parsed = tronAnswersShape.safeParse(answers);
	if (!parsed.success) throw new InputError("the answers of the bundle are no block of Tron as bytes");
	return parsed.data;
}
