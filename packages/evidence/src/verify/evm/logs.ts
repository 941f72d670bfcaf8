import { toHex } from "../encoding/bytes.js";
import { bytesItem, listItem, type Rlp } from "../encoding/rlp.js";
import { Refusal } from "../failure.js";

const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const WRAP = "e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c";
const UNWRAP = "7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65";
/** Who gives what is made, and gets what is unmade. */
export const NOBODY = `0x${"0".repeat(40)}`;
export const WORD = 32;
/** Topics of a Transfer of ERC-20: its name and both parties. */
const AMOUNT_TOPICS = 3;

/** What a log of a token moves. */
export interface LoggedMovement {
	readonly kind: "token" | "mint" | "burn";
	readonly contract: string;
	readonly from: string;
	readonly to: string;
	readonly amount: bigint;
	/** True for Deposit and Withdrawal of a wrapped coin. */
	readonly wraps: boolean;
	/** True for a Transfer whose parties alone are topics, so that its number is data. */
	readonly asAmount: boolean;
}

/** The movement that a log tells of. Throws Error for another event. */
export function movementOf(log: Rlp): LoggedMovement {
	const [address, topicList, data] = listItem(log);
	const contract = `0x${toHex(bytesItem(address))}`;
	const topics = listItem(topicList).map(bytesItem);
	const { from, to, amount, wraps } = readMovement(topics, bytesItem(data));
	const asAmount = !wraps && topics.length === AMOUNT_TOPICS;
	return { kind: from === NOBODY ? "mint" : to === NOBODY ? "burn" : "token", contract, from, to, amount, wraps, asAmount };
}

/** Logs of wrappings that say less than a Transfer does. */
export interface DoubtfulWrappings<T> {
	/** Which a Transfer tells already, or which a contract makes for itself: they move nothing. */
	readonly nothing: ReadonlySet<T>;
	/** Without a payment of as much of the coin among what is paid: a call may have paid it, or nobody. */
	readonly unpaid: ReadonlySet<T>;
}

/** Tells wrappings that count for sure from others. */
export function doubtfulWrappings<T extends LoggedMovement>(
	logs: readonly T[],
	paid: readonly { readonly kind: string; readonly from: string; readonly to: string; readonly amount: string }[],
): DoubtfulWrappings<T> {
	const words = ({ contract, from, to, amount }: LoggedMovement) => `${contract} ${from} ${to} ${amount}`;
	const told = logs.filter(({ wraps }) => !wraps).map(words);
	const [nothing, unpaid] = [new Set<T>(), new Set<T>()];
	for (const log of logs) {
		if (!log.wraps) continue;
		const { contract, from, to, amount } = log;
		const twin = told.indexOf(words(log));
		if (twin >= 0) told.splice(twin, 1);
		const borne = paid.some(
			(one) => one.kind === "native" && one.amount === `${amount}` && (from === NOBODY ? one.to : one.from).endsWith(`:${contract}`),
		);
		if (twin >= 0 || from === contract || to === contract) nothing.add(log);
		else if (!borne) unpaid.add(log);
	}
	return { nothing, unpaid };
}

/** True for a log that tells of a movement. */
export function isMovement(log: Rlp): boolean {
	try {
		movementOf(log);
		return true;
	} catch {
		return false;
	}
}

/** A Transfer (EIP-20), or Deposit and Withdrawal of wrapped ether. Throws Error for another event. */
function readMovement(topics: readonly Uint8Array[], data: Uint8Array): Pick<LoggedMovement, "from" | "to" | "amount" | "wraps"> {
	const [name = "", ...indexed] = topics.map(toHex);
	const words = [...indexed, ...(toHex(data).match(/.{64}/g) ?? [])];
	const whole = topics.every((topic) => topic.length === WORD) && data.length % WORD === 0;
	const party = (word: string | undefined): string => {
		if (word === undefined || !word.startsWith("0".repeat(24))) throw new Refusal("the log does not name an address");
		return `0x${word.slice(24)}`;
	};
	const amount = (word: string | undefined) => BigInt(`0x${word}`);
	if (whole && name === TRANSFER && words.length === 3 && topics.length <= 3)
		return { from: party(words[0]), to: party(words[1]), amount: amount(words[2]), wraps: false };
	if (whole && (name === WRAP || name === UNWRAP) && words.length === 2 && topics.length === 2) {
		const account = party(words[0]);
		const [from, to] = name === WRAP ? [NOBODY, account] : [account, NOBODY];
		return { from, to, amount: amount(words[1]), wraps: true };
	}
	throw new Refusal("the log is no transfer of a token");
}
