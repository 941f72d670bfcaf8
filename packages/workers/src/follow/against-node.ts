import {
	type AccountActivity,
	type AccountHistory,
	type AccountId,
	addressOf,
	type ChainSource,
	countOf,
	type LedgerReader,
	NodeError,
	nativeAsset,
} from "@clew/core";

/** Accounts of which it is said one by one what an index leaves out. */
const NAMED = 3;
/** Transfers of an account that an index is held against, in one range. */
const KNOWN = 200;

/** What was compared with the node up to a height, of one account. */
interface Seen {
	readonly through: number;
	/** The number that the next transaction has that it signs, by what the index lists; undefined while that is none. */
	readonly next: number | undefined;
}

type Signed = Required<Pick<AccountActivity, "signed" | "through">>;

/**
 * An index that is held against the node: nothing counts as read behind the newest block that it has read, nor of an account of which it
 * leaves out a transaction that the node told, or lists another number of signed ones than the node counts. What it lists of such an
 * account is looked at all the same, with what the node's own way of finding blocks tells; that alone counts as read. An index of another
 * chain is one that leaves out. `say` is told in words of the first accounts, `spent` of how many there were.
 */
export function againstNode(
	store: Pick<LedgerReader, "transfersOf">,
	node: Pick<ChainSource, "chain" | "transactionCount" | "codeOf">,
	index: AccountHistory,
	own: () => Promise<AccountHistory>,
	say: (words: string) => void,
): AccountHistory {
	let newest: Promise<number | undefined> | undefined;
	let used: AccountHistory | undefined;
	const doubted = new Set<AccountId>();
	const seen = new Map<AccountId, Seen>();

	async function byNode(account: AccountId, from: number, to: number): Promise<AccountActivity> {
		used ??= await own();
		return used.activity(account, from, to);
	}

	async function newestOfIndex(to: number): Promise<number | undefined> {
		const height = await index.newest?.().catch(unlessSilent);
		if (height !== undefined && height < to)
			say(`the index has read up to block ${height}, the node is asked up to ${to}: what lies behind is asked of the node alone`);
		return height;
	}

	function doubt(account: AccountId, why: string): void {
		doubted.add(account);
		if (doubted.size <= NAMED)
			say(`the index leaves something out of ${addressOf(account)}, and what it lists of it counts as a part: ${why}`);
	}

	/** What shows that the index leaves something out of what it told, in words; undefined where nothing does. */
	async function leftOut(account: AccountId, from: number, end: number, told: AccountActivity): Promise<string | undefined> {
		const { transfers } = await store.transfersOf(account, {
			asset: nativeAsset(node.chain),
			fromHeight: from,
			toHeight: told.through,
			limit: KNOWN,
		});
		const listed = new Set(told.heights);
		const unlisted = transfers.find(
			({ kind, provenance, position: { height } }) =>
				(kind === "native" || kind === "fee") && provenance !== "imported" && !listed.has(height),
		);
		if (unlisted !== undefined)
			return `it does not list block ${unlisted.position.height}, where the node has transaction ${unlisted.txHash} (is it of this chain?)`;
		const { signed, through } = told;
		return signed === undefined ? undefined : countsOtherwise(account, from, end, { signed, through });
	}

	/** What the account's own count of its transactions, which has no holes, shows to be left out. */
	async function countsOtherwise(account: AccountId, from: number, end: number, told: Signed): Promise<string | undefined> {
		const before = seen.get(account);
		const known = before?.through === from - 1 ? before.next : undefined;
		const numbers = [...new Set(told.signed)].sort((a, b) => a - b);
		const [first] = numbers;
		const last = numbers.at(-1);
		const count = told.through < end ? undefined : await countAt(account, told.through);
		// Where nothing is listed and nothing is counted, what was signed before does not matter.
		const isQuiet = first === undefined && (count === undefined || count === 0);
		const next = known ?? (first === 0 || isQuiet ? 0 : await countedBefore(account, from));
		seen.set(account, { through: told.through, next: last === undefined ? known : last + 1 });
		if (first !== undefined && last !== undefined && (last - first + 1 !== numbers.length || (next !== undefined && next !== first)))
			return `it lists ${countOf(numbers.length, "transaction")} that the account signed, the last its number ${last}, and not all since number ${next ?? first}`;
		const listed = last === undefined ? next : last + 1;
		if (count === undefined || listed === undefined || count === listed) return undefined;
		if (first === undefined && (await node.codeOf(account, told.through)).kind === "contract") return undefined;
		return `it lists ${listed} transactions that the account signed up to block ${told.through}, and the node counts ${count}`;
	}

	/** How many an account signed before a height: by the node, or by the index where the node keeps no state of then. */
	async function countedBefore(account: AccountId, from: number): Promise<number | undefined> {
		if (from === 0) return 0;
		const counted = await countAt(account, from - 1);
		if (counted !== undefined) return counted;
		const { signed, through } = await index.activity(account, 0, from - 1);
		return signed === undefined || through < from - 1 ? undefined : Math.max(-1, ...signed) + 1;
	}

	/** Undefined where the node does not count, or keeps no state of that height. */
	async function countAt(account: AccountId, height: number): Promise<number | undefined> {
		return node.transactionCount?.(account, height).catch(unlessSilent);
	}

	return {
		...index,
		spent() {
			const more = doubted.size <= NAMED ? [] : [`the index leaves out something of ${countOf(doubted.size, "account")}`];
			return [...more, ...[used?.spent?.()].filter((words) => words !== undefined)].join("; ") || undefined;
		},
		async activity(account, from, to) {
			newest ??= newestOfIndex(to);
			const end = Math.min(to, (await newest) ?? to);
			if (from > end) return byNode(account, from, to);
			const told = await index.activity(account, from, end);
			if (!doubted.has(account)) {
				const why = await leftOut(account, from, end, told);
				if (why === undefined) return told;
				doubt(account, why);
			}
			const sure = await byNode(account, from, told.through);
			const heights = new Set([...told.heights.filter((height) => height <= sure.through), ...sure.heights]);
			const listed = new Set(told.heights);
			const cited = new Map([...(sure.cited ?? [])].filter(([height]) => !listed.has(height)));
			return { ...sure, cited, heights: [...heights].sort((a, b) => a - b) };
		},
	};
}

/** Nothing where a question is not answered; an error that is another passes. */
function unlessSilent(error: unknown): undefined {
	if (error instanceof NodeError) return undefined;
	throw error;
}
