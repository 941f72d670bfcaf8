import { tronDigits } from "@clew/core";
import { addressBytes, message, transaction } from "../made-up.test-util.js";
import { extended, type FakeTronNode, type InfoParts } from "./fake-node.test-util.js";

/** A transaction with what its info tells besides. */
export interface Made {
	readonly tx: Buffer;
	readonly info: InfoParts[number];
}

const USDT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const word = (address: string) => Buffer.from(tronDigits(address).padStart(64, "0"), "hex");
const amountWord = (amount: number) => Buffer.from(amount.toString(16).padStart(64, "0"), "hex");
const SUCCESS = message([7, 1]);

/** TRX in sun; one that fails moves none. Transactions of the same words differ by their salt. */
export const trx = (from: string, to: string, amount: number, salt = 0, ret = message([3, 1])): Made => ({
	tx: transaction(1, message([1, addressBytes(from)], [2, addressBytes(to)], [3, amount]), ret, salt),
	info: [],
});

/** A direct transfer of USDT, in base units. */
export function usdt(from: string, to: string, amount: number, salt = 0): Made {
	const data = Buffer.concat([Buffer.from("a9059cbb", "hex"), word(to), amountWord(amount)]);
	const topics = [Buffer.from(TRANSFER, "hex"), word(from), word(to)].map((topic) => [2, topic] as const);
	const log = message([1, addressBytes(USDT).subarray(1)], ...topics, [3, amountWord(amount)]);
	return {
		tx: transaction(31, message([1, addressBytes(from)], [2, addressBytes(USDT)], [4, data]), undefined, salt),
		info: [
			[7, SUCCESS],
			[8, log],
		],
	};
}

/** A call of a contract by anybody, in which it pays TRX to an account. */
export function paidInside(caller: string, contract: string, to: string, amount: number, salt = 0): Made {
	const call = message([2, addressBytes(contract)], [3, addressBytes(to)], [4, message([1, amount])], [5, "call"]);
	return {
		tx: transaction(
			31,
			message([1, addressBytes(caller)], [2, addressBytes(contract)], [4, Buffer.from("12345678", "hex")]),
			undefined,
			salt,
		),
		info: [
			[7, SUCCESS],
			[17, call],
		],
	};
}

/** Serves blocks from one height to another, each upon the one before; those without transactions are empty. */
export function serveChain(node: FakeTronNode, from: number, to: number, made: Readonly<Record<number, readonly Made[]>>): void {
	let parent: string | undefined;
	for (let height = from; height <= to; height++) {
		const all = made[height] ?? [];
		const block = extended(
			height,
			all.map(({ tx }) => tx),
			parent,
			all.map(({ info }) => info),
		);
		parent = block.id;
		node.serve(block);
	}
}
