import { InputError } from "@clew/core";
import { z } from "zod";

/** True for whole bytes in hex, `0x` before them or not. Text of many megabytes is no trouble to it. */
function isHexBytes(text: string): boolean {
	return text.length % 2 === 0 && /^(?:0x)?[0-9a-f]+$/i.test(text) && text.length > "0x".length;
}

const hex = z.string().refine(isHexBytes, "expected bytes in hex");
/** A block as bytes, with the infos of its transactions where the file has them, and whatever else its maker wrote beside. */
const blockShape = z
	.object({ blockExtention: hex.optional(), block: hex.optional(), transactionInfoList: hex.optional() })
	.refine(
		({ blockExtention, block }) => (blockExtention === undefined) !== (block === undefined),
		"expected one of blockExtention and block",
	);

/** A block of a file as bytes, with the infos of its transactions, and where it stands. */
export interface BlockBytes {
	readonly where: string;
	readonly block: Buffer;
	readonly infos: Buffer | undefined;
}

/**
 * The blocks of a text: bytes in hex, one block a line, or JSON with them: one object, a list, or one a line. Throws InputError with the
 * place.
 */
export function blocksIn(text: string, path: string): BlockBytes[] {
	const whole = text.trim();
	if (whole.startsWith("[")) return listOf(parsed(whole, path), path);
	if (whole.startsWith("{")) {
		try {
			return [fromJson(JSON.parse(whole), path)];
		} catch (error) {
			// More than one object: one a line.
			if (!(error instanceof SyntaxError)) throw error;
		}
	}
	const lines = text.split(/\r?\n/);
	const found = lines.flatMap((line, i) => (line.trim() === "" ? [] : [lineOf(line.trim(), `${path}:${i + 1}`)]));
	if (found.length === 0) throw new InputError("holds no block", { where: path });
	return found;
}

function listOf(value: unknown, path: string): BlockBytes[] {
	if (!Array.isArray(value) || value.length === 0) throw new InputError("holds no block", { where: path });
	return value.map((one, i) => fromJson(one, `${path}: block ${i + 1}`));
}

function lineOf(line: string, where: string): BlockBytes {
	if (isHexBytes(line)) return { where, block: bytesOf(line), infos: undefined };
	return fromJson(parsed(line, where), where);
}

function parsed(text: string, where: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new InputError("is neither bytes in hex nor JSON that holds them; the file may be cut off", { where, cause });
	}
}

function fromJson(value: unknown, where: string): BlockBytes {
	const shape = blockShape.safeParse(value);
	if (!shape.success) {
		const [issue] = shape.error.issues;
		const at = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
		throw new InputError(`is no block of Tron as bytes: ${at}${issue?.message ?? ""}`, {
			where,
			hint: "Give protobuf in hex as blockExtention or block. JSON of a node without bytes cannot be recomputed.",
		});
	}
	const { blockExtention, block, transactionInfoList } = shape.data;
	const infos = transactionInfoList === undefined ? undefined : bytesOf(transactionInfoList);
	return { where, block: bytesOf(blockExtention ?? block ?? ""), infos };
}

function bytesOf(text: string): Buffer {
	return Buffer.from(text.replace(/^0x/i, ""), "hex");
}
