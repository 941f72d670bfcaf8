import {
	type AccountActivity,
	type AccountHistory,
	type AccountId,
	addressOf,
	type ChainId,
	COVERED_KINDS,
	countOf,
	groupBy,
	type Hash,
	NodeError,
} from "@clew/core";
import { z } from "zod";
import { isOfLength, mostBlocks, RefusedError } from "../http/refusals.js";
import { TRANSFER } from "./logs.js";
import type { Manners, RpcClient } from "./rpc-client.js";
import { hash, quantity } from "./shapes.js";
import { type StateHistory, type StatePage, type StateReader, stateHistory } from "./state-history.js";

/** Blocks asked for at once; a node that finds this too many is asked for a quarter, again and again. */
export const FIRST_SPAN = 10_000;
const LONGEST_SPAN = 1_000_000;
const FEW = 20;
/** What a node may answer for fewer blocks: where its words are not known, and where it was too slow, as well. */
export const MAY_BE_TOO_MUCH: ReadonlySet<string> = new Set(["NODE_TOO_MUCH", "NODE_BAD_ANSWER", "NODE_TIMEOUT"]);
const SHRINK = 4;
const NOBODY = `0x${"0".repeat(39)}1`;
/** Otterscan's page; the node completes the last block. */
const OTS_PAGE = 25;
const WORD = 64;

const placed = z.array(
	z.looseObject({
		blockNumber: z.union([quantity, z.number().int().nonnegative()]),
		transactionHash: hash.nullish(),
		hash: hash.nullish(),
	}),
);
const otsPage = z.looseObject({ txs: placed, firstPage: z.boolean() });

/** How a node can be asked where an account takes part in native and internal transfers; token transfers are found by their logs. */
type Finder = "ots_searchTransactionsAfter" | "trace_filter" | "none";

/** Where an account takes part, and in which transactions besides its own; undefined where that is not told. */
interface Found {
	readonly height: number;
	readonly hashes: readonly Hash[] | undefined;
}

/** What the old states that a node keeps are read with. */
const OLD_STATES = "eth_getTransactionCount and eth_getBalance by halves";
const NOTHING_FOUND = { heights: [], kinds: [], changes: new Map() };

/**
 * Finds the blocks in which an account takes part, by whatever the node offers. `blockAt` gives a block as `eth_getBlockByNumber` does,
 * with its transactions.
 */
export async function evmHistory(
	client: RpcClient,
	chain: ChainId,
	{ blockAt, state }: Pick<StateReader, "state"> & { readonly blockAt: (height: number) => Promise<unknown> },
): Promise<AccountHistory> {
	const finder = await probe(client);
	const states = finder === "none" ? stateHistory({ name: client.name, state }, chain, blockAt) : undefined;
	const refused = states === undefined ? undefined : await oldStatesRefused(client);
	let span = Math.min(FIRST_SPAN, client.manners.blocks ?? FIRST_SPAN);
	/** The last page of states, which may reach over many ranges of logs. */
	let read: (StatePage & { readonly address: string; readonly from: number }) | undefined;

	async function places(method: string, params: readonly unknown[]): Promise<Found[]> {
		const parsed = placed.safeParse(await client.call(method, params));
		if (!parsed.success) throw new NodeError("NODE_BAD_ANSWER", client.name, `${method}: the answer has not the expected form`);
		return parsed.data.map(foundIn);
	}

	/** Token transfers from and to an account. */
	async function byLogs(address: string, from: number, to: number): Promise<Found[]> {
		const padded = `0x${address.slice(2).padStart(WORD, "0")}`;
		const range = { fromBlock: hex(from), toBlock: hex(to) };
		const sent = await places("eth_getLogs", [{ ...range, topics: [TRANSFER, padded] }]);
		return [...sent, ...(await places("eth_getLogs", [{ ...range, topics: [TRANSFER, null, padded] }]))];
	}

	/** Both sides apart: clients disagree on whether two address lists mean "and" or "or". */
	async function byTraces(address: string, from: number, to: number): Promise<Found[]> {
		const range = { fromBlock: hex(from), toBlock: hex(to) };
		const sent = await places("trace_filter", [{ ...range, fromAddress: [address] }]);
		return [...sent, ...(await places("trace_filter", [{ ...range, toAddress: [address] }]))];
	}

	async function byOtterscan(address: string, from: number, to: number): Promise<{ found: Found[]; through: number }> {
		const parsed = otsPage.safeParse(await client.call("ots_searchTransactionsAfter", [address, from - 1, OTS_PAGE]));
		if (!parsed.success)
			throw new NodeError("NODE_BAD_ANSWER", client.name, "ots_searchTransactionsAfter: the answer has not the expected form");
		const found = parsed.data.txs.map(foundIn);
		const last = Math.max(...found.map(({ height }) => height));
		return { found, through: parsed.data.firstPage || found.length === 0 ? to : Math.min(to, last) };
	}

	/** By old states; where the node does not keep one that is needed, nothing is found of an account's coins, nor counts as read. */
	async function byStates(of: StateHistory, address: string, from: number, to: number): Promise<StatePage> {
		if (read?.address === address && read.from <= from && from <= read.through && read.through <= to) return read;
		const page = await of.page(address, from, to).catch((error: unknown): StatePage => {
			if (!(error instanceof NodeError) || error.code !== "NODE_UNSUPPORTED") throw error;
			return { ...NOTHING_FOUND, through: to };
		});
		read = { ...page, address, from };
		return page;
	}

	const method = finder === "none" ? (refused === undefined ? `${OLD_STATES}, eth_getLogs` : "eth_getLogs") : `${finder}, eth_getLogs`;
	return {
		method,
		...(states === undefined ? {} : { terms: termsOf(refused), spent: () => spentOf(states) }),
		async activity(account: AccountId, from: number, to: number): Promise<AccountActivity> {
			const address = addressOf(account);
			// A page of Otterscan's begins behind a block, and the first one has no transactions: ask from the second one.
			const page = finder === "ots_searchTransactionsAfter" ? await byOtterscan(address, Math.max(1, from), to) : undefined;
			const told = states && (await byStates(states, address, from, to));
			for (;;) {
				const through = Math.min(page?.through ?? told?.through ?? to, from + span - 1);
				try {
					const found: Found[] = [
						...(page?.found ?? told?.heights.map((height): Found => ({ height, hashes: [] })) ?? (await byTraces(address, from, through))),
						...(await byLogs(address, from, through)),
					];
					if (found.length < FEW) span = Math.min(client.manners.blocks ?? LONGEST_SPAN, span * 2);
					const inside = groupBy(
						found.filter(({ height }) => height >= from && height <= through),
						({ height }) => height,
					);
					const heights = [...inside.keys()].sort((a, b) => a - b);
					const named = [...inside].filter(([, own]) => own.every(({ hashes }) => hashes !== undefined));
					const cited = new Map(named.map(([height, own]) => [height, own.flatMap(({ hashes }) => hashes ?? [])]));
					const kinds = COVERED_KINDS.filter((kind) => kind === "token" || told === undefined || told.kinds.includes(kind));
					return { heights, through, cited, kinds, ...(told === undefined ? {} : { changes: told.changes }) };
				} catch (error) {
					if (!(error instanceof NodeError) || !MAY_BE_TOO_MUCH.has(error.code) || span <= 1) throw error;
					span = shorter(client.manners, Math.min(span, through - from + 1), error);
				}
			}
		},
	};
}

function foundIn({ blockNumber, transactionHash, hash }: z.infer<typeof placed>[number]): Found {
	const named = transactionHash ?? hash;
	return { height: Number(blockNumber), hashes: named == null ? undefined : [named.toLowerCase() as Hash] };
}

function termsOf(refused: string | undefined): string {
	if (refused !== undefined)
		return `where an account's coins moved is not known from this node, which keeps no old states (${refused}): give a node that does (archive), or an index (--history)`;
	return "each block of an account costs some 25 calls to find by its count of transactions, as many by its balance, and tokens two for a range of blocks; of contracts, and of addresses that never signed, an amount that came and went in between is not seen, and their coins do not count as read";
}

function spentOf(states: StateHistory): string {
	const refuted = states.refuted();
	const but =
		refuted === undefined
			? ""
			: `; the states that the node tells of blocks up to ${refuted} are not theirs, by their own transactions: of these nothing counts as read`;
	return `${countOf(states.readings(), "reading")} of old states found ${countOf(states.found(), "block")} of accounts${but}`;
}

/** Why a node tells no balance of long ago, in its words; undefined where it tells one. */
async function oldStatesRefused(client: RpcClient): Promise<string | undefined> {
	try {
		await client.call("eth_getBalance", [NOBODY, "0x1"]);
		return undefined;
	} catch (error) {
		if (error instanceof NodeError && !error.retryable) return error.message;
		throw error;
	}
}

/**
 * A shorter range than the one that was refused. What a refusal says of every range of this length is remembered; that so much lies in this
 * one is not.
 */
export function shorter(manners: Manners, asked: number, refusal: NodeError): number {
	const said = refusal instanceof RefusedError && refusal.kind === "too-much" ? refusal.said : undefined;
	const named = said === undefined ? undefined : mostBlocks(said);
	const next = Math.max(1, Math.min(asked - 1, named ?? Math.floor(asked / SHRINK)));
	if (said !== undefined && isOfLength(said)) manners.blocks = Math.min(manners.blocks ?? LONGEST_SPAN, named ?? asked - 1, asked - 1);
	return next;
}

function hex(height: number): string {
	return `0x${height.toString(16)}`;
}

async function probe(client: RpcClient): Promise<Finder> {
	const offers = async (method: string, params: readonly unknown[]) => {
		try {
			return (await client.call(method, params)) !== null;
		} catch (error) {
			if (error instanceof NodeError && !error.retryable) return false;
			throw error;
		}
	};
	if (await offers("ots_searchTransactionsAfter", [NOBODY, 0, 1])) return "ots_searchTransactionsAfter";
	return (await offers("trace_filter", [{ fromBlock: "0x0", toBlock: "0x0", fromAddress: [NOBODY] }])) ? "trace_filter" : "none";
}
