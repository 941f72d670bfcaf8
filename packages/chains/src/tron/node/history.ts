import { type AccountActivity, type AccountHistory, type AccountId, addressOf, type ChainId, NodeError, nullAccount } from "@clew/core";
import { z } from "zod";
import type { TronClient } from "./client.js";

/** Lists of an account in TronGrid's API; the last is not offered everywhere, and without it calls inside transactions may be missing. */
const LISTS = ["transactions", "transactions/trc20", "internal-transactions"] as const;
type List = (typeof LISTS)[number];
/** Rows of a page; the most that the API gives. */
const PAGE = 200;
/** Transactions asked for their block in one step: rows of tokens and of calls inside transactions tell a time and no height. */
const LOOKUPS = 25;
/** Pages of one block; no block has so many rows. */
const MAX_PAGES = 200;
const INFO = "wallet/gettransactioninfobyid";
const HINT =
	"Name an index with --history https://KEY@api.trongrid.io, or take the account in with clew ingest or clew import tronscan or trongrid.";

const digits = z.string().regex(/^[0-9]{1,15}$/);
const id = z.string().regex(/^[0-9a-f]{64}$/i);
const rowShape = z.looseObject({
	block_timestamp: digits,
	blockNumber: digits.optional(),
	txID: id.optional(),
	tx_id: id.optional(),
	transaction_id: id.optional(),
});
const pageShape = z.looseObject({
	data: z.array(rowShape),
	success: z.literal(true),
	meta: z.looseObject({ fingerprint: z.string().max(2_000).optional(), links: z.looseObject({ next: z.string().optional() }).optional() }),
});
const infoShape = z.looseObject({ blockNumber: digits, blockTimeStamp: digits });

/** What a list says of a block in which the account takes part; times in milliseconds. */
interface Row {
	readonly time: number;
	readonly tx: string;
	readonly height: number | undefined;
}

/** The time of a block in milliseconds. Throws NodeError. */
type TimeOf = (height: number) => Promise<number>;

/** Rows of a list; those of times from `before` on may not all be there. */
interface Read {
	readonly rows: readonly Row[];
	readonly before: number;
}

/**
 * Finds the blocks in which an account takes part by TronGrid's lists: transactions, TRC-20 transfers and, where it is offered, calls
 * inside transactions. `timeOf` is the node's word, of whose blocks the ids were recomputed. Throws NodeError, `NODE_UNSUPPORTED` where the
 * host has no such lists, as java-tron itself has none.
 */
export async function tronHistory(client: TronClient, chain: ChainId, timeOf: TimeOf): Promise<AccountHistory> {
	const nobody = addressOf(nullAccount(chain));
	const offers = async (list: List) => {
		try {
			await page(client, list, nobody, "limit=1");
			return true;
		} catch (error) {
			if (error instanceof NodeError && error.code === "NODE_UNSUPPORTED") return false;
			throw error;
		}
	};
	for (const list of LISTS.slice(0, 2))
		if (!(await offers(list)))
			throw new NodeError("NODE_UNSUPPORTED", client.name, "has no index of accounts (TronGrid's API), so it tells no account's history", {
				hint: HINT,
			});
	const lists = (await offers("internal-transactions")) ? LISTS : LISTS.slice(0, 2);
	const heights = new BlockTimes(client, timeOf);
	return {
		method: `TronGrid's API at ${client.name}: ${lists.join(", ")}`,
		async activity(account, from, to): Promise<AccountActivity> {
			// Whether a list includes its bounds is not said; no block lies within a millisecond of another.
			const range = { from: (await heights.timeOf(from)) - 1, to: (await heights.timeOf(to)) + 1 };
			const read: Read[] = [];
			for (const list of lists) read.push(await rowsFrom(client, list, account, range));
			const before = Math.min(...read.map((one) => one.before));
			const rows = read.flatMap((one) => one.rows).filter(({ time }) => time < before);
			const { found, all } = await heights.of(rows, from, to);
			const through = all && before === Number.POSITIVE_INFINITY ? to : (found.at(-1) ?? from);
			return { heights: found, through, kinds: lists.length === LISTS.length ? ["internal", "native", "token"] : ["native", "token"] };
		},
	};
}

/** The first rows of a list, page by page until they pass their first block. */
async function rowsFrom(client: TronClient, list: List, account: AccountId, range: { from: number; to: number }): Promise<Read> {
	const asked = `limit=${PAGE}&only_confirmed=true&order_by=block_timestamp,asc&min_timestamp=${Math.max(0, range.from)}&max_timestamp=${range.to}`;
	const bad = (what: string) => new NodeError("NODE_BAD_ANSWER", client.name, `${list}: ${what}`, { retryable: true });
	const rows: Row[] = [];
	const seen = new Set<string>();
	for (let next = ""; ; ) {
		const { data, meta } = await page(client, list, addressOf(account), next === "" ? asked : `${asked}&fingerprint=${next}`);
		for (const row of data.map((one) => readRow(one, bad))) {
			if (row.time < range.from || row.time > range.to)
				throw bad(`a row of ${row.time}, and those from ${range.from} to ${range.to} were asked for`);
			if (row.time < (rows.at(-1)?.time ?? 0)) throw bad("its rows go back in time");
			rows.push(row);
		}
		const { fingerprint, links } = meta;
		const more = fingerprint !== undefined || links?.next !== undefined || data.length >= PAGE;
		if (!more) return { rows, before: Number.POSITIVE_INFINITY };
		const last = rows.at(-1)?.time ?? 0;
		// A page may end inside its last block.
		if (rows.length > 0 && last > (rows[0] as Row).time) return { rows, before: last };
		if (data.length === 0) throw bad("it says that there is more, and tells none");
		if (fingerprint === undefined) throw bad("a page ends inside a block, and does not say where the next begins");
		if (seen.has(fingerprint) || seen.size >= MAX_PAGES) throw bad("its pages repeat");
		seen.add(fingerprint);
		next = encodeURIComponent(fingerprint);
	}
}

function readRow(
	{ block_timestamp, blockNumber, txID, tx_id, transaction_id }: z.infer<typeof rowShape>,
	bad: (what: string) => NodeError,
): Row {
	const tx = txID ?? tx_id ?? transaction_id;
	if (tx === undefined) throw bad("a row names no transaction");
	return { time: Number(block_timestamp), tx, height: blockNumber === undefined ? undefined : Number(blockNumber) };
}

async function page(client: TronClient, list: List, address: string, query: string): Promise<z.infer<typeof pageShape>> {
	const read = pageShape.safeParse(await client.get(`v1/accounts/${address}/${list}?${query}`));
	if (read.success) return read.data;
	const [issue] = read.error.issues;
	throw new NodeError("NODE_BAD_ANSWER", client.name, `${list}: the answer has not the expected form (${issue?.path.join(".")})`, {
		retryable: true,
	});
}

/** Times of blocks, and the heights of times. */
class BlockTimes {
	private readonly times = new Map<number, number>([[0, 0]]);
	private readonly heights = new Map<number, number>();

	constructor(
		private readonly client: TronClient,
		private readonly asked: TimeOf,
	) {}

	/** Milliseconds. */
	async timeOf(height: number): Promise<number> {
		const time = this.times.get(height) ?? (await this.asked(height));
		this.note(height, time);
		return time;
	}

	private note(height: number, time: number): void {
		this.times.set(height, time);
		this.heights.set(time, height);
	}

	/** The heights of rows, ascending: all of them, or those before the first that would take too many questions. */
	async of(rows: readonly Row[], from: number, to: number): Promise<{ readonly found: readonly number[]; readonly all: boolean }> {
		const byTime = new Map<number, Row>();
		for (const row of rows) {
			const held = byTime.get(row.time);
			if (held?.height !== undefined && row.height !== undefined && held.height !== row.height)
				throw this.bad(`blocks ${held.height} and ${row.height} are said to be of one time`);
			if (held?.height === undefined) byTime.set(row.time, row);
		}
		const found: number[] = [];
		let asked = 0;
		for (const row of [...byTime.values()].sort((a, b) => a.time - b.time)) {
			let height = row.height ?? this.heights.get(row.time);
			if (height === undefined) {
				if (asked++ >= LOOKUPS) return { found, all: false };
				height = await this.lookUp(row);
			}
			if (height < from || height > to || height <= (found.at(-1) ?? -1))
				throw this.bad(`transaction ${row.tx} is said to be in block ${height}, which is not where its time is`);
			found.push(height);
		}
		return { found, all: true };
	}

	private async lookUp({ tx, time }: Row): Promise<number> {
		const info = infoShape.safeParse(await this.client.call(INFO, { value: tx }));
		if (!info.success) throw this.bad(`transaction ${tx} is in a list, and is known in no block`);
		if (Number(info.data.blockTimeStamp) !== time) throw this.bad(`transaction ${tx} is in a block of another time than its list says`);
		const height = Number(info.data.blockNumber);
		this.note(height, time);
		return height;
	}

	private bad(what: string): NodeError {
		return new NodeError("NODE_BAD_ANSWER", this.client.name, what, { retryable: true });
	}
}
