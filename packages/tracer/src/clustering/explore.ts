import {
	type AccountId,
	type ChainId,
	type Coverage,
	chainOf,
	type Hash,
	type LedgerReader,
	type OutputPlace,
	type OutputReader,
	outputPages,
	placeKey,
	throwIfAborted,
	transactionAt,
	type UtxoTransaction,
} from "@clew/core";
import type { Finding } from "../patterns/finding.js";
import { changeContext } from "./change-context.js";
import { CO_SPEND, CO_SPEND_VERSION, versionOf } from "./heuristics.js";
import { type ClusterOptions, Cuts, changeOutput, mayHaveChange, ownersOf } from "./reasons.js";

/** Why one transaction says that addresses have one owner. */
export interface Reason {
	readonly heuristic: string;
	readonly version: string;
	readonly txid: Hash;
	readonly height: number;
	readonly txIndex: number;
	/** The addresses it joins; for change the sender's first address, then the change. */
	readonly accounts: readonly AccountId[];
	/** What in the transaction says so: inputs, or input and output. */
	readonly detail: string;
}

/** A transaction of the cluster that joined nothing, and why. */
export interface Refusal {
	readonly txid: Hash;
	readonly height: number;
	readonly finding?: Finding;
	/** Set when a person cut it. */
	readonly cut?: true;
}

/** A cluster as seen from one of its addresses. */
export interface Cluster {
	/** Its addresses in order of discovery, the asked one first. */
	readonly accounts: readonly AccountId[];
	/** Reasons found on the way, in chain order. */
	readonly reasons: readonly Reason[];
	readonly refusals: readonly Refusal[];
	/** Why the cluster may be larger than what was found. */
	readonly open: OpenEnds;
}

/** What a search did not see. */
export interface OpenEnds {
	/** A bound ended it. */
	readonly bounded: boolean;
	/** Addresses that were reached, and whose histories are not whole in the data: what else they spent with others is not known. */
	readonly unread: readonly AccountId[];
	/** Transactions in which no source told who owned so many inputs, in chain order: they may join more. */
	readonly unknownInputs: readonly { readonly txid: Hash; readonly height: number; readonly inputs: number }[];
}

/** True when a search saw all: what it did not find is not there, as far as the data reaches. */
export const isComplete = ({ bounded, unread, unknownInputs }: OpenEnds): boolean =>
	!bounded && unread.length === 0 && unknownInputs.length === 0;

/** Bounds of a search. */
export interface ExploreLimits {
	readonly maxAccounts: number;
	readonly maxTransactions: number;
	readonly signal?: AbortSignal;
	readonly onProgress?: (progress: { accounts: number; transactions: number }) => void;
}

export const DEFAULT_EXPLORE_LIMITS: ExploreLimits = { maxAccounts: 100_000, maxTransactions: 1_000_000 };

const CHECK_EVERY = 256;

/** The cluster of an address, found by walking from it over the transactions that join it to others; reads nothing else. */
export async function exploreCluster(
	source: LedgerReader & OutputReader,
	account: AccountId,
	options: ClusterOptions,
	limits = DEFAULT_EXPLORE_LIMITS,
): Promise<Cluster> {
	const walk = new Walk(source, chainOf(account), options, limits);
	await walk.from(account, undefined);
	return walk.cluster();
}

/**
 * The shortest chain of reasons that joins two addresses, each reason with the address it leads to; undefined when there is none, or,
 * where `open` is not complete, none was found.
 */
export async function explainUnion(
	source: LedgerReader & OutputReader,
	from: AccountId,
	to: AccountId,
	options: ClusterOptions,
	limits = DEFAULT_EXPLORE_LIMITS,
): Promise<{ steps: readonly { readonly reason: Reason; readonly account: AccountId }[] | undefined; open: OpenEnds }> {
	const walk = new Walk(source, chainOf(from), options, limits);
	await walk.from(from, to);
	return { steps: walk.pathTo(to), open: walk.open() };
}

/** The genesis block's coins cannot be spent: a history may begin behind it. */
const FIRST_BLOCK = 1;

/** Whether a history was read from the first block to the end of what was read, without a hole. */
export function isWhole(coverage: readonly Coverage[]): boolean {
	let next = 0;
	for (const { fromHeight, toHeight, kinds } of [...coverage].sort((a, b) => a.fromHeight - b.fromHeight)) {
		if (!kinds.includes("native")) continue;
		if (fromHeight > Math.max(next, FIRST_BLOCK)) return false;
		next = Math.max(next, toHeight + 1);
	}
	return next > 0;
}

/** Breadth-first search over addresses; the first way found to an address is a shortest one. */
class Walk {
	private bounded = false;
	private readonly unread: AccountId[] = [];
	private readonly unknownInputs = new Map<number, OpenEnds["unknownInputs"][number]>();
	private readonly order: AccountId[] = [];
	private readonly parents = new Map<AccountId, { reason: Reason; via: AccountId } | undefined>();
	private readonly transactions = new Map<number, readonly Reason[]>();
	private readonly refusals: Refusal[] = [];
	private readonly source: LedgerReader & OutputReader;
	private readonly chain: ChainId;
	private readonly options: ClusterOptions;
	private readonly limits: ExploreLimits;
	private readonly cuts: Cuts;

	constructor(source: LedgerReader & OutputReader, chain: ChainId, options: ClusterOptions, limits: ExploreLimits) {
		this.source = source;
		this.chain = chain;
		this.options = options;
		this.limits = limits;
		this.cuts = new Cuts(options.cuts);
	}

	async from(start: AccountId, until: AccountId | undefined): Promise<void> {
		this.parents.set(start, undefined);
		this.order.push(start);
		for (let next = 0; next < this.order.length; next++) {
			const account = this.order[next] as AccountId;
			if (!isWhole((await this.source.profile(account, 1)).coverage)) this.unread.push(account);
			for await (const reason of this.reasonsAt(account)) {
				for (const other of reason.accounts) {
					if (this.parents.has(other)) continue;
					this.parents.set(other, { reason, via: account });
					this.order.push(other);
					if (other === until) return;
				}
			}
			if (this.order.length > this.limits.maxAccounts || this.transactions.size > this.limits.maxTransactions) {
				this.bounded = true;
				return;
			}
		}
	}

	pathTo(account: AccountId): { reason: Reason; account: AccountId }[] | undefined {
		if (!this.parents.has(account)) return undefined;
		const steps: { reason: Reason; account: AccountId }[] = [];
		for (let at = account, step = this.parents.get(at); step !== undefined; at = step.via, step = this.parents.get(at))
			steps.push({ reason: step.reason, account: at });
		return steps.reverse();
	}

	cluster(): Cluster {
		const inside = new Set(this.order);
		const reasons = [...this.transactions.values()].flat().filter((reason) => reason.accounts.every((account) => inside.has(account)));
		return {
			accounts: this.order,
			reasons: reasons.sort((a, b) => placeKey(a) - placeKey(b)),
			refusals: this.refusals.sort((a, b) => a.height - b.height || (a.txid < b.txid ? -1 : 1)),
			open: this.open(),
		};
	}

	open(): OpenEnds {
		const unknownInputs = [...this.unknownInputs].sort(([a], [b]) => a - b).map(([, tx]) => tx);
		return { bounded: this.bounded, unread: this.unread, unknownInputs };
	}

	/** Reasons that name an address, in the order of its outputs. */
	private async *reasonsAt(account: AccountId): AsyncGenerator<Reason> {
		const change = this.options.heuristics.change.length > 0;
		const outputs = outputPages(
			(from, limit) => this.source.outputsOf(account, from, limit),
			({ place }) => place,
		);
		for await (const page of outputs) {
			for (const { place, spender } of page) {
				if (change) yield* await this.naming(account, place);
				if (spender !== undefined) yield* await this.naming(account, spender);
			}
		}
		const spends = outputPages(
			(from, limit) => this.source.foreignSpendsOf(account, from, limit),
			(place) => place,
		);
		for await (const page of spends) for (const place of page) yield* await this.naming(account, place);
	}

	private async naming(account: AccountId, place: OutputPlace): Promise<readonly Reason[]> {
		const key = placeKey(place);
		let reasons = this.transactions.get(key);
		if (reasons === undefined) {
			if (this.transactions.size % CHECK_EVERY === 0) await this.report();
			const tx = await transactionAt(this.source, this.chain, place);
			reasons = tx === undefined ? [] : await this.reasonsOf(tx);
			this.transactions.set(key, reasons);
		}
		return reasons.filter((reason) => reason.accounts.includes(account));
	}

	private async report(): Promise<void> {
		throwIfAborted(this.limits.signal);
		this.limits.onProgress?.({ accounts: this.order.length, transactions: this.transactions.size });
		await new Promise((resolve) => setImmediate(resolve));
	}

	/** What a transaction joins; a refusal is noted on the way. */
	private async reasonsOf(tx: UtxoTransaction): Promise<Reason[]> {
		const header = tx.inputs.length < 2 ? undefined : await this.source.header(this.chain, tx.height);
		const view = ownersOf(tx, this.options, this.cuts, header?.time);
		const unknown = tx.coinbase ? 0 : tx.inputs.filter(({ previous }) => previous === undefined).length;
		if (unknown > 0) this.unknownInputs.set(placeKey(tx), { txid: tx.txid, height: tx.height, inputs: unknown });
		const { heuristics } = this.options;
		const reasons: Reason[] = [];
		const about = { txid: tx.txid, height: tx.height, txIndex: tx.txIndex };
		const [owner] = view.owners;
		if (heuristics.coSpend && view.owners.length >= 2) {
			if (view.exception !== undefined && "finding" in view.exception)
				this.refusals.push({ txid: tx.txid, height: tx.height, finding: view.exception.finding });
			else if (this.cuts.has(tx.txid, CO_SPEND)) this.refusals.push({ txid: tx.txid, height: tx.height, cut: true });
			else
				reasons.push({
					heuristic: CO_SPEND,
					version: String(CO_SPEND_VERSION),
					...about,
					accounts: view.owners,
					detail: `${tx.inputs.length} inputs spent together`,
				});
		}
		if (heuristics.change.length === 0 || owner === undefined || !mayHaveChange(view)) return reasons;
		const context = await changeContext(this.source, this.chain, tx, view.owners, heuristics.change);
		for (const expression of heuristics.change) {
			if (this.cuts.has(tx.txid, expression.name)) continue;
			const vout = changeOutput(expression, context, context.spenders);
			const change = vout === undefined ? undefined : tx.outputs[vout]?.account;
			if (change === undefined || change === owner || this.cuts.has(change, expression.name)) continue;
			reasons.push({
				heuristic: expression.name,
				version: versionOf(expression),
				...about,
				accounts: [owner, change],
				detail: `output ${vout} is the change`,
			});
		}
		return reasons;
	}
}
