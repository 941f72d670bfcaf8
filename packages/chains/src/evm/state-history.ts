import { type ChainId, COVERED_KINDS, type CoinChange, type CoveredKind, evmAccountsPayBySigning, NodeError } from "@clew/core";
import { z } from "zod";
import { firstChanges } from "./bisect.js";
import { quantity } from "./shapes.js";

/** Heights found in one page, of each kind of change. */
const MOST = 8;
const NO_CODE = "0x";
/** Senders of a block by whom its state is tried. */
const TRIED = 3;
/** Blocks without transactions behind which the newest one with some is looked for. */
const MOST_EMPTY = 512;
const blockOfSenders = z.looseObject({ transactions: z.array(z.looseObject({ from: z.string() })) });
const codeShape = z.string().regex(/^0x([0-9a-fA-F]{2})*$/);

/** Where an account's coins moved in [from, through], by the node's old states. */
export interface StatePage {
	readonly heights: readonly number[];
	readonly through: number;
	/** Movements of which none lies at another height; tokens are not asked about here. */
	readonly kinds: readonly CoveredKind[];
	readonly changes: ReadonlyMap<number, CoinChange>;
}

/** What tells the states of accounts. */
export interface StateReader {
	readonly name: string;
	/** What a method tells of an address at the end of a height, as the node answers. Throws NodeError. */
	state(method: string, address: string, height: number): Promise<unknown>;
}

/** Finds where accounts' coins moved by what a node keeps of old states. */
export interface StateHistory {
	/** Throws NodeError, with `NODE_UNSUPPORTED` where the node does not keep a state that is needed. */
	page(address: string, from: number, to: number): Promise<StatePage>;
	/** Readings of states so far. */
	readings(): number;
	/** Heights found so far. */
	found(): number;
	/** A height whose state, as the node tells it, its block contradicts; undefined where none did. */
	refuted(): number | undefined;
}

/** Heights (start, end] through which an account's count of transactions is the same. */
interface Stretch {
	readonly start: number;
	readonly end: number;
	/** True where its coins can only have grown: nothing but its key could pay them, and the key signed nothing. */
	readonly sure: boolean;
}

/**
 * Finds where an account's coins moved without any index, on a node that keeps old states.
 *
 * The count of its transactions (`eth_getTransactionCount`) never goes back, so bisecting it finds every block in which the account signed
 * one. Between two such blocks an account without code cannot pay: its balance only grows, and bisecting that is exact, too. This holds
 * from its first transaction on (no contract can be made at an address whose count is not 0, EIP-684), before it where that one is signed
 * by the address itself (then it is a key's), and while its key lets no contract act for it (EIP-7702, which raises the count).
 *
 * Of every other account, with code, or that never signed, and so may have been a contract for a while, an amount that came and went
 * between two readings is not seen: what is found is where to look, and no kind of movement counts as read.
 *
 * There are nodes that answer for an old height from the newest state they keep, and such whose states end behind their blocks, without a
 * word. So states count between two heights at which a block bears them out: a sender's count rose there by as many transactions as the
 * block holds of it. The upper one is the newest block with transactions.
 * `blockAt` gives a block as `eth_getBlockByNumber` does, with its transactions.
 */
export function stateHistory(client: StateReader, chain: ChainId, blockAt: (height: number) => Promise<unknown>): StateHistory {
	const accountsPayBySigning = evmAccountsPayBySigning(chain);
	let [readings, found] = [0, 0];
	/** From this height on the node's states are those of their heights. */
	let realFrom = Number.POSITIVE_INFINITY;
	/** Up to this one. */
	let realTo = Number.NEGATIVE_INFINITY;
	let refuted: number | undefined;

	function statesOf(address: string) {
		const remembered = <V>(method: string, shape: z.ZodType<V>, none: V) => {
			const known = new Map<number, Promise<V>>();
			return (height: number): Promise<V> => {
				const held = known.get(height);
				if (held !== undefined) return held;
				const asked = height < 0 ? Promise.resolve(none) : ask(method, shape, address, height);
				known.set(height, asked);
				return asked;
			};
		};
		return {
			count: remembered("eth_getTransactionCount", quantity.transform(Number), 0),
			balance: remembered("eth_getBalance", quantity.transform(BigInt), 0n),
			code: remembered("eth_getCode", codeShape, NO_CODE),
		};
	}
	type States = ReturnType<typeof statesOf>;

	async function ask<V>(method: string, shape: z.ZodType<V>, address: string, height: number): Promise<V> {
		readings++;
		const parsed = shape.safeParse(await client.state(method, address, height));
		if (!parsed.success)
			throw new NodeError("NODE_BAD_ANSWER", client.name, `${method} (block ${height}): the answer has not the expected form`);
		return parsed.data;
	}

	async function sendersAt(height: number): Promise<readonly string[]> {
		const block = blockOfSenders.safeParse(await blockAt(height));
		return block.success ? block.data.transactions.map(({ from }) => from.toLowerCase()) : [];
	}

	/** Whether the states before and after a block are borne out by its transactions; undefined where it has none. */
	async function isBorneOut(height: number): Promise<boolean | undefined> {
		const senders = await sendersAt(height);
		const tried = [...new Set([...senders].reverse())].slice(0, TRIED);
		if (tried.length === 0) return undefined;
		const rose = await Promise.all(
			tried.map(async (sender) => {
				const { count } = statesOf(sender);
				return (await count(height)) - (await count(height - 1)) === senders.filter((one) => one === sender).length;
			}),
		);
		if (!rose.includes(true)) refuted = height;
		return rose.includes(true);
	}

	/** True where the states from a height on are those of their heights, by its own block. */
	async function isRealFrom(height: number): Promise<boolean> {
		if (height - 1 >= realFrom) return true;
		const isReal = (await isBorneOut(height)) === true;
		if (isReal) realFrom = height - 1;
		return isReal;
	}

	/** The same up to a height, by the newest block with transactions there: behind it nobody signed anything. */
	async function isRealTo(height: number): Promise<boolean> {
		for (let at = height; at > realTo && at > 0; at--) {
			if (height - at > MOST_EMPTY) return false;
			const isReal = await isBorneOut(at);
			if (isReal === false) return false;
			if (isReal === true) break;
		}
		realTo = Math.max(realTo, height);
		return true;
	}

	async function stretches(address: string, states: States, before: number, to: number): Promise<readonly Stretch[]> {
		const { heights, through } = await firstChanges(states.count, before, to, MOST);
		const starts = [before, ...heights];
		const counts = await Promise.all(starts.map(states.count));
		const codes = await Promise.all(starts.map(states.code));
		const [first] = heights;
		const isKept = counts.every((count, i) => i === 0 || count > (counts[i - 1] ?? 0));
		const ofKey = counts[0] !== 0 || (first !== undefined && (await sendersAt(first)).includes(address));
		return starts.map((start, i) => ({
			start,
			end: (starts[i + 1] ?? through + 1) - 1,
			sure: accountsPayBySigning && isKept && codes[i] === NO_CODE && (counts[i] !== 0 || ofKey),
		}));
	}

	return {
		readings: () => readings,
		found: () => found,
		refuted: () => refuted,
		async page(address, from, to) {
			const states = statesOf(address);
			const all = await stretches(address, states, from - 1, to);
			const run = alike(all);
			await Promise.all(run.flatMap(({ start, end }) => [states.balance(start), states.balance(end)]));
			const heights = run.slice(1).map(({ start }) => start);
			let through = run[run.length - 1]?.end ?? to;
			for (const { start, end } of run.flatMap((one) => behindFirst(one, from))) {
				const grown = await firstChanges(states.balance, start, end, MOST);
				heights.push(...grown.heights);
				if (grown.through === end) continue;
				through = grown.through;
				break;
			}
			const inside = heights.filter((height) => height <= through).sort((a, b) => a - b);
			found += inside.length;
			const oldest = from > 0 ? from : inside[0];
			const isKnown = isSure(run) && (oldest === undefined || (await isRealFrom(oldest))) && (await isRealTo(through));
			const changes = new Map<number, CoinChange>();
			for (const height of isKnown ? inside : []) {
				const beside = run.filter(({ start, end }) => start <= height && height - 1 <= end);
				if (!beside.every(({ sure }) => sure)) continue;
				const [coins, coinsBefore] = await Promise.all([states.balance(height), states.balance(height - 1)]);
				const [count, countBefore] = await Promise.all([states.count(height), states.count(height - 1)]);
				changes.set(height, { coins: coins - coinsBefore, signed: count - countBefore });
			}
			return { heights: inside, through, kinds: isKnown ? COVERED_KINDS.filter((kind) => kind !== "token") : [], changes };
		},
	};
}

/** A stretch in two where it begins with the first height asked about: mostly that is known to bring money, and is not searched for. */
function behindFirst({ start, end, sure }: Stretch, from: number): readonly Stretch[] {
	if (start !== from - 1 || end <= from) return [{ start, end, sure }];
	return [
		{ start, end: from, sure },
		{ start: from, end, sure },
	];
}

/** The first stretches of which the same can be said; those without a height of their own say nothing. */
function alike(all: readonly Stretch[]): readonly Stretch[] {
	const sure = isSure(all);
	const other = all.findIndex((one) => one.end > one.start && one.sure !== sure);
	return other < 0 ? all : all.slice(0, other);
}

const isSure = (run: readonly Stretch[]): boolean => run.find(({ start, end }) => end > start)?.sure ?? run.every(({ sure }) => sure);
