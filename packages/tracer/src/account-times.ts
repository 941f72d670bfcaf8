import {
	type AccountId,
	type ChainId,
	chainOf,
	type GraphStore,
	ledgerOf,
	outputPages,
	type TimelineEvent,
	type TransactionPlace,
	throwIfAborted,
	transferPages,
} from "@clew/core";

/** When an account was paid and paid, as far as the case tells. */
export interface AccountTimes {
	readonly events: readonly TimelineEvent[];
	/** Movements whose block has no time in the case. */
	readonly untimed: number;
	/** True where there are more movements than were read. */
	readonly cut: boolean;
}

interface Moved {
	readonly height: number;
	readonly direction: TimelineEvent["direction"];
	readonly txHash: string;
	/** A fee alone says that the account signed, where nothing else of the transaction does. */
	readonly isFee: boolean;
}

/** Reads at most `most` movements of an account, from its first in the case on: transfers, or outputs and what spent them. */
export async function timesOfAccount(store: GraphStore, account: AccountId, most: number, signal: AbortSignal): Promise<AccountTimes> {
	const moved: Moved[] = [];
	const pages = ledgerOf(chainOf(account)) === "outputs" ? outputMovements(store, account) : transferMovements(store, account);
	for await (const page of pages) {
		throwIfAborted(signal);
		moved.push(...page);
		if (moved.length > most) break;
	}
	const paid = new Set(moved.filter(({ direction, isFee }) => direction === "out" && !isFee).map(({ txHash }) => txHash));
	const read = moved.slice(0, most).filter(({ isFee, txHash }) => !isFee || !paid.has(txHash));
	const timeAt = timesByHeight(store, chainOf(account));
	const events: TimelineEvent[] = [];
	for (const { height, direction, txHash } of read) {
		const time = await timeAt(height);
		if (time !== undefined) events.push({ time, direction, txHash });
	}
	return { events, untimed: read.length - events.length, cut: moved.length > most };
}

/** Times of blocks, each read once. */
function timesByHeight(store: GraphStore, chain: ChainId): (height: number) => Promise<number | undefined> {
	const known = new Map<number, number | undefined>();
	return async (height) => {
		if (!known.has(height)) known.set(height, (await store.header(chain, height))?.time);
		return known.get(height);
	};
}

async function* transferMovements(store: GraphStore, account: AccountId): AsyncGenerator<Moved[]> {
	for await (const page of transferPages((at, limit) => store.ledger(account, at, limit)))
		yield page.map(({ position: { height }, from: payer, txHash, kind }) => ({
			height,
			direction: payer === account ? "out" : "in",
			txHash,
			isFee: kind === "fee",
		}));
}

async function* outputMovements(store: GraphStore, account: AccountId): AsyncGenerator<Moved[]> {
	const chain = chainOf(account);
	const movements = async (direction: TimelineEvent["direction"], places: readonly TransactionPlace[]): Promise<Moved[]> => {
		const ids = await store.txids(chain, places);
		return places.map((place, i) => ({
			height: place.height,
			direction,
			txHash: ids[i] ?? `${place.height}.${place.txIndex}`,
			isFee: false,
		}));
	};
	const outputs = outputPages(
		(from, limit) => store.outputsOf(account, from, limit),
		({ place }) => place,
	);
	for await (const page of outputs) {
		yield movements(
			"in",
			page.map(({ place }) => place),
		);
		yield movements(
			"out",
			page.flatMap(({ spender }) => (spender === undefined ? [] : [spender])),
		);
	}
	const foreign = outputPages(
		(from, limit) => store.foreignSpendsOf(account, from, limit),
		(place) => place,
	);
	for await (const page of foreign) yield movements("out", page);
}
