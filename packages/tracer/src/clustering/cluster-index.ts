import { type AccountId, placeKey, type UtxoTransaction } from "@clew/core";
import type { ChangeContext } from "./change.js";
import { type ChangeExpression, CO_SPEND } from "./heuristics.js";
import { type ClusterOptions, Cuts, mayHaveChange, onlyOutput, ownersOf, spenderCandidates, staticCandidates } from "./reasons.js";
import { traitsOf } from "./traits.js";
import { UnionFind } from "./union-find.js";

/** All clusters of a chain at one moment. */
export interface Clusters {
	/** Number of addresses. */
	readonly addresses: number;
	/** The cluster of an address as its number: the lowest number of an address in it. Undefined for an unknown address. */
	clusterOf(account: AccountId): number | undefined;
	/** The address with a number; numbers are given in order of first appearance. */
	address(id: number): AccountId;
	/** Clusters of at least two addresses: number and size, largest first, then lowest number. */
	sizes(): readonly { readonly cluster: number; readonly size: number }[];
}

/** A transaction whose change depends on transactions that may come later. */
interface Undecided {
	readonly owner: number;
	readonly outputs: readonly number[];
	readonly own: number;
	/** What the expressions that look at spenders leave so far. */
	readonly open: readonly { readonly expression: ChangeExpression; readonly set: number }[];
	/** Traits of the spenders, 0 while unspent. */
	readonly spenders: Uint8Array;
}

/**
 * Clusters of a whole chain, kept up to date transaction by transaction in chain order: adding blocks gives the same clusters as starting
 * over. Joins that are certain once a transaction is seen go into the union-find at once; those that depend on spenders are decided anew
 * whenever clusters are asked for. Memory is linear in addresses, plus the undecided transactions when a heuristic that looks at spenders
 * is on.
 */
export class ClusterIndex {
	private readonly ids = new Map<AccountId, number>();
	private readonly accounts: AccountId[] = [];
	private readonly sets = new UnionFind();
	private readonly undecided = new Map<number, Undecided>();
	private readonly options: ClusterOptions;
	private readonly cuts: Cuts;

	constructor(options: ClusterOptions) {
		this.options = options;
		this.cuts = new Cuts(options.cuts);
	}

	/** Adds the next transaction. `time` is its block's, Unix seconds. */
	add(tx: UtxoTransaction, time?: number): void {
		for (const { previous } of tx.inputs) if (previous !== undefined) this.idOf(previous.account);
		const known = this.accounts.length;
		const outputs = tx.outputs.map((output) => this.idOf(output.account));
		this.sets.grow(this.accounts.length);
		this.tellSpent(tx);
		const view = ownersOf(tx, this.options, this.cuts, time);
		const owners = view.owners.map((account) => this.idOf(account));
		const { heuristics } = this.options;
		if (heuristics.coSpend && view.exception === undefined && !this.cuts.has(tx.txid, CO_SPEND)) {
			for (let i = 1; i < owners.length; i++) this.sets.union(owners[0] as number, owners[i] as number);
		}
		if (heuristics.change.length === 0 || !mayHaveChange(view)) return;
		const context: ChangeContext = {
			tx,
			owners: new Set(view.owners),
			isFresh: (vout) =>
				(outputs[vout] as number) >= known && outputs.indexOf(outputs[vout] as number) === outputs.lastIndexOf(outputs[vout] as number),
		};
		const open: { expression: ChangeExpression; set: number }[] = [];
		for (const expression of heuristics.change) {
			if (this.cuts.has(tx.txid, expression.name)) continue;
			const set = staticCandidates(expression, context);
			if (!expression.fromSpenders) this.join(this.sets, owners[0], outputs, onlyOutput(set), expression);
			else if (set !== 0) open.push({ expression, set });
		}
		if (open.length > 0)
			this.undecided.set(placeKey(tx), {
				owner: owners[0] as number,
				outputs,
				own: traitsOf(tx),
				open,
				spenders: new Uint8Array(outputs.length),
			});
	}

	clusters(): Clusters {
		const sets = this.undecided.size > 0 ? this.sets.copy() : this.sets;
		for (const { owner, outputs, own, open, spenders } of this.undecided.values())
			for (const { expression, set } of open)
				this.join(sets, owner, outputs, onlyOutput(set & spenderCandidates(expression, own, spenders)), expression);
		const labels = sets.labels();
		const { ids, accounts } = this;
		return {
			addresses: accounts.length,
			clusterOf: (account) => {
				const id = ids.get(account);
				return id === undefined ? undefined : labels[id];
			},
			address: (id) => accounts[id] as AccountId,
			sizes: () => {
				const counts = new Map<number, number>();
				for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
				return [...counts]
					.filter(([, size]) => size >= 2)
					.map(([cluster, size]) => ({ cluster, size }))
					.sort((a, b) => b.size - a.size || a.cluster - b.cluster);
			},
		};
	}

	private idOf(account: AccountId): number {
		let id = this.ids.get(account);
		if (id === undefined) {
			id = this.accounts.length;
			this.ids.set(account, id);
			this.accounts.push(account);
		}
		return id;
	}

	private join(
		sets: UnionFind,
		owner: number | undefined,
		outputs: readonly number[],
		vout: number | undefined,
		{ name }: ChangeExpression,
	): void {
		const change = vout === undefined ? undefined : outputs[vout];
		if (owner === undefined || change === undefined || this.cuts.has(this.accounts[change] as AccountId, name)) return;
		sets.union(owner, change);
	}

	/** Tells earlier undecided transactions what spends them. */
	private tellSpent(tx: UtxoTransaction): void {
		if (this.undecided.size === 0) return;
		const traits = traitsOf(tx);
		for (const { place } of tx.inputs) {
			const waiting = place === undefined ? undefined : this.undecided.get(placeKey(place));
			if (waiting !== undefined && place !== undefined) waiting.spenders[place.index] = traits;
		}
	}
}
