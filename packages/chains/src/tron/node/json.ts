import { InputError, quote } from "@clew/core";
import { z } from "zod";
import { blockId } from "../check/check-block.js";
import { parseTronHeader, type TronHeader } from "../decode/block.js";
import { message } from "../decode/wire-writer.js";
import { bytesOf, HEADER, INFO, RESULT, rebuild } from "./fields.js";

const object = z.record(z.string(), z.unknown());
const hash = z.string().regex(/^[0-9a-f]{64}$/i);
const hex = z.string().refine((text) => bytesOf(text) !== undefined, "expected bytes in hex");
const transactionShape = z.looseObject({
	txID: hash,
	raw_data_hex: hex,
	signature: z.array(hex).optional(),
	ret: z.array(object).optional(),
});
const blockShape = z.looseObject({
	blockID: hash,
	block_header: z.looseObject({ raw_data: object, witness_signature: hex.optional() }),
	transactions: z.array(transactionShape).optional(),
});
/** Fields of a transaction in JSON that its bytes hold, or that repeat what they hold. */
const KNOWN: ReadonlySet<string> = new Set(["txID", "raw_data", "raw_data_hex", "signature", "ret", "visible"]);

/** JSON may leave out fields that its writer does not know; mainnet has results with such. */
const LEFT_OUT = "it leaves something out, or was changed";

/** A block of a node in JSON as bytes. */
export interface BlockOfJson {
	/** `BlockExtention`, with the ids that the node stated. */
	readonly bytes: Buffer;
	/** Why the root over its transactions may not come out of them: what of the JSON is not known by name. */
	readonly unread: string;
}

/** Why an answer in JSON is no block: NODE_BAD_ANSWER, and NODE_LIED where it contradicts itself. */
export class JsonRefusal extends InputError {
	constructor(text: string, code: "NODE_BAD_ANSWER" | "NODE_LIED" = "NODE_BAD_ANSWER") {
		super(text, { code });
	}
}

/**
 * The bytes of a block from the JSON of `getblockbynum`, whose numbers are digits: raw data of transactions from `raw_data_hex`, all else
 * from its fields. Throws JsonRefusal.
 */
export function blockOfJson(json: unknown): BlockOfJson {
	const { blockID, block_header, transactions = [] } = shaped(blockShape, json, "block");
	const header = headerOf(blockID, block_header);
	const unread: string[] = [];
	const written = transactions.map((one, i) => {
		const results = (one.ret ?? []).map((result) => rebuild(result, RESULT));
		const lost = [
			...Object.keys(one).filter((key) => !KNOWN.has(key)),
			...results.flatMap((result) => result.unread.map((name) => `ret.${name}`)),
		];
		if (lost.length > 0) unread.push(`${lost.slice(0, 3).map(quote).join(", ")} of transaction ${i}`);
		const raw = Buffer.from(one.raw_data_hex, "hex");
		const whole = message(
			[1, raw],
			...(one.signature ?? []).map((signature) => [2, Buffer.from(signature, "hex")] as const),
			...results.map(({ bytes }) => [5, bytes] as const),
		);
		return [1, message([1, whole], [2, Buffer.from(one.txID, "hex")])] as const;
	});
	const more = unread.length > 3 ? ` and of ${unread.length - 3} more` : "";
	return {
		bytes: message(...written, [2, header.bytes], [3, Buffer.from(blockID, "hex")]),
		unread: unread.length === 0 ? LEFT_OUT : `${unread.slice(0, 3).join("; ")}${more}`,
	};
}

/** The header of such a block alone, with its id, which is recomputed. Throws JsonRefusal. */
export function headerOfJson(json: unknown): { readonly id: string; readonly header: TronHeader } {
	const { blockID, block_header } = shaped(blockShape, json, "block");
	return { id: blockID.toLowerCase(), header: headerOf(blockID, block_header).header };
}

/** The id that a node states of a block, unchecked. Throws JsonRefusal. */
export function statedId(json: unknown): string {
	return shaped(z.looseObject({ blockID: hash }), json, "block").blockID.toLowerCase();
}

function headerOf(id: string, { raw_data, witness_signature }: z.infer<typeof blockShape>["block_header"]) {
	const { bytes: raw, unread } = rebuild(raw_data, HEADER);
	const bytes = message([1, raw], [2, witness_signature === undefined ? undefined : Buffer.from(witness_signature, "hex")]);
	const header = parseTronHeader(bytes);
	if (blockId(header) === id.toLowerCase()) return { bytes, header };
	if (unread.length > 0) throw new JsonRefusal(`its header holds what is not known (${unread.slice(0, 3).map(quote).join(", ")})`);
	throw new JsonRefusal(`its id is ${id}, and its header gives ${blockId(header)}`, "NODE_LIED");
}

/**
 * The bytes of a `TransactionInfoList` from the JSON of `gettransactioninfobyblocknum`; a node without any says `{}`. Throws JsonRefusal.
 */
export function infosOfJson(json: unknown): Buffer {
	if (typeof json === "object" && json !== null && !Array.isArray(json) && Object.keys(json).length === 0) return Buffer.alloc(0);
	const infos = shaped(z.array(object), json, "list of infos");
	return message(
		...infos.map((info, i) => {
			const { bytes, unread } = rebuild(info, INFO);
			// What nobody here reads may be new; what is read must be of its kind.
			const wrong = unread.find((name) => READ.has(name));
			if (wrong !== undefined) throw new JsonRefusal(`info ${i}: ${wrong} is not of its kind`);
			return [1, bytes] as const;
		}),
	);
}

/** Fields of infos that are read: one that cannot be written must not pass for one that is not there. */
const READ: ReadonlySet<string> = new Set([
	...["id", "fee", "blockNumber", "blockTimeStamp", "receipt", "log", "log.address", "log.topics", "log.data", "result"],
	...["assetIssueID", "withdraw_amount", "internal_transactions"],
	...["caller_address", "transferTo_address", "callValueInfo", "note", "rejected"].map((name) => `internal_transactions.${name}`),
	...["callValue", "tokenId"].map((name) => `internal_transactions.callValueInfo.${name}`),
]);

function shaped<T>(shape: z.ZodType<T>, json: unknown, what: string): T {
	const read = shape.safeParse(json);
	if (read.success) return read.data;
	const [issue] = read.error.issues;
	throw new JsonRefusal(`is no ${what} of Tron: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`.slice(0, 200));
}
