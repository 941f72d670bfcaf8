import {
	type AccountId,
	type ChainId,
	type FeeConvention,
	feeOf,
	Heap,
	type LedgerReader,
	MAX_TX_INDEX,
	minAmount,
	nullAccount,
	type Outpoint,
	type OutputReader,
	outputKey,
	type Position,
	placeKey,
	placeOf,
	type Rule,
	type TraceGap,
	type Transfer,
	throwIfAborted,
	type UtxoTransaction,
} from "@clew/core";
import type { OutputsBack } from "../backward/outputs-back.js";
import { Books } from "../books.js";
import { cleanParcels, hasTaint, type Parcels } from "../ledger.js";
import { ALL_CLEAN } from "../rules/holding.js";
import { markParcel } from "../rules/index.js";
import type { Arrival, Seed } from "../seeds.js";
import type { Stop } from "../stops.js";
import type { SweepOptions, SweepOutcome } from "../sweep-options.js";
import { readBlock, shareCoinbase } from "./coinbase.js";
import { DerivedTransfers, type TransfersOfOutputs } from "./derived-transfers.js";
import { chainCoverage } from "./output-coverage.js";
import { type OutputSeeds, seedsOutput } from "./output-seeds.js";
import { OutputStops } from "./output-stops.js";
import { ReadAhead } from "./read-ahead.js";
import { spread } from "./spread.js";

/** A tainted output that is followed, until a transaction spends it. */
interface OpenOutput {
	readonly account: AccountId;
	readonly outpoint: Outpoint;
	readonly value: bigint;
	readonly parcels: Parcels;
	readonly height: number;
	readonly position: Position;
	/** Key of the transaction that spends it. */
	readonly spender: number | undefined;
}

/** A tainted fee on its way to the coinbase. */
interface CollectedFee {
	readonly txIndex: number;
	readonly transfer: Transfer;
	readonly parcels: Parcels;
}

const CHECK_EVERY = 1_024;
/** Above any amount. */
const NO_LIMIT = 1n << 60n;
/** Stands behind every transaction of a block: where its coinbase is served when fees are followed. */
const END_OF_BLOCK = MAX_TX_INDEX;
const UNKNOWN_INPUTS: Stop = {
	reason: "unfetched",
	detail: "spent together with outputs that are not in the case; what it paid cannot be computed",
};

/**
 * One pass over the transactions that taint reaches, in chain order, all rules at once. An output knows its spender, so only such
 * transactions are read; taint moves forward only, so one pass is exact. Cost: O(t log t) for t transactions, plus the lots that move.
 * Throws InterruptedError, ClewError (CONSERVATION), and what the sources throw.
 */
export async function sweepOutputs(
	source: LedgerReader & OutputReader,
	chain: ChainId,
	seeds: readonly Seed[],
	plan: OutputSeeds,
	options: SweepOptions,
	back?: OutputsBack,
): Promise<SweepOutcome> {
	return new OutputSweep(source, chain, seeds, plan, options, back).run();
}

class OutputSweep {
	private readonly source: LedgerReader & OutputReader;
	private readonly chain: ChainId;
	private readonly seeds: readonly Seed[];
	private readonly plan: OutputSeeds;
	private readonly options: SweepOptions;
	private readonly rules: readonly Rule[];
	private readonly derived: TransfersOfOutputs;
	private readonly stops: OutputStops;
	private readonly books: Books;
	private readonly reader: ReadAhead;
	private readonly heap = new Heap<number>((a, b) => a < b);
	private readonly open = new Map<number, OpenOutput>();
	private readonly followed = new Map<AccountId, Position>();
	private readonly limits: bigint[][];
	private readonly fees = new Map<number, CollectedFee[]>();
	/** Heights whose coinbase was served: no consensus lets it be spent in its own block, but a file might say so. */
	private readonly served = new Set<number>();
	/** Heights of which a gap says that fees were not followed. */
	private readonly unfollowed = new Set<number>();
	private readonly gaps: TraceGap[] = [];
	/** Present where the chain is mirrored. */
	private readonly back: OutputsBack | undefined;
	private count = 0;

	constructor(
		source: LedgerReader & OutputReader,
		chain: ChainId,
		seeds: readonly Seed[],
		plan: OutputSeeds,
		options: SweepOptions,
		back: OutputsBack | undefined,
	) {
		this.back = back;
		this.plan = plan;
		this.source = source;
		this.chain = chain;
		this.seeds = seeds;
		this.options = options;
		this.rules = options.rules;
		this.derived = back?.derived ?? new DerivedTransfers(chain);
		this.stops = new OutputStops(source, chain, this.derived.asset, options, seeds.length, back);
		this.books = new Books(options.rules, seeds.length);
		this.reader = new ReadAhead(source, chain);
		this.limits = seeds.map((seed) => options.rules.map(() => seed.limit ?? NO_LIMIT));
	}

	private get exceeded(): boolean {
		return this.followed.size > this.options.maxAccounts;
	}

	async run(): Promise<SweepOutcome> {
		await this.stops.prepare();
		for (const place of this.plan.places) this.heap.push(place);
		let last = -1;
		for (let key = this.heap.pop(); key !== undefined && !this.exceeded; key = this.heap.pop()) {
			if (key === last) continue;
			last = key;
			const { height, txIndex } = placeOf(key);
			if (this.options.until !== undefined && height > this.options.until) break;
			if (txIndex === END_OF_BLOCK && this.options.fee === "coinbase") await this.serveCoinbase(height);
			else {
				const tx = this.reader.peek(key) ?? (await this.reader.read(key));
				const waiting = tx && this.handle(tx);
				if (waiting !== undefined) await waiting;
			}
			if (++this.count % CHECK_EVERY === 0) await this.report(height);
		}
		await this.collectHeld();
		const { books } = this;
		return {
			leaves: books.leaves,
			seedings: books.seedings,
			sums: books.sums,
			unknownFunds: [],
			followed: this.followed,
			openingShortfalls: [],
			transfers: this.count,
			exceeded: this.exceeded,
			missing: false,
			gaps: this.gaps,
			passedLabels: this.stops.dated.passed,
		};
	}

	private async report(height: number): Promise<void> {
		throwIfAborted(this.options.signal);
		this.options.onProgress?.({ transfers: this.count, accounts: this.followed.size, height });
		// Let timers, signals and output have their turn.
		await new Promise((resolve) => setImmediate(resolve));
	}

	private handle(tx: UtxoTransaction): Promise<void> | undefined {
		// When fees are followed, a coinbase is served once, after the fees it collects.
		if (tx.coinbase && this.options.fee === "coinbase" && !this.served.has(tx.height)) {
			this.heap.push(placeKey({ height: tx.height, txIndex: END_OF_BLOCK }));
			return undefined;
		}
		const spent = this.takeInputs(tx);
		const through = spent === undefined ? undefined : this.passThrough(tx, spent);
		return this.deliverAll(tx, through);
	}

	/** The tainted inputs of a transaction, by index; undefined when there is none. */
	private takeInputs(tx: UtxoTransaction): (OpenOutput | undefined)[] | undefined {
		let found: (OpenOutput | undefined)[] | undefined;
		this.ask(tx);
		for (let i = 0; i < tx.inputs.length; i++) {
			const place = tx.inputs[i]?.place;
			if (place === undefined) continue;
			const key = outputKey(place);
			const output = this.open.get(key);
			if (output === undefined) continue;
			this.open.delete(key);
			found ??= new Array(tx.inputs.length).fill(undefined);
			found[i] = output;
		}
		return found;
	}

	/** Backward: marks what is asked about of the outputs that a transaction really makes. */
	private ask(tx: UtxoTransaction): void {
		for (const { origin, index } of this.back?.asked.get(placeKey(tx)) ?? []) {
			const at = tx.inputs.findIndex(({ place }) => place?.index === index);
			const output = tx.inputs[at]?.previous;
			if (output === undefined || output.value === 0n) continue;
			const key = outputKey({ height: tx.height, txIndex: tx.txIndex, index });
			const known = this.open.get(key);
			const { account, value } = output;
			const outpoint = { txid: tx.txid, vout: index };
			const transfer = this.derived.spend(tx, at, account, value, outpoint);
			const limits = this.limits[origin] as bigint[];
			const results = (known?.parcels ?? cleanParcels(this.rules)).map((parcel, i) =>
				markParcel(this.rules[i] as Rule, parcel, value, origin, minAmount(limits[i] ?? 0n, value)),
			);
			this.books.seed(
				origin,
				transfer,
				results.map(({ marked }) => marked),
			);
			for (const [i, { marked }] of results.entries()) limits[i] = (limits[i] ?? 0n) - marked;
			const { position } = transfer;
			const parcels = results.map(({ parcel }) => parcel);
			if (hasTaint(parcels)) this.open.set(key, { account, outpoint, value, parcels, height: tx.height, position, spender: placeKey(tx) });
			if (!this.followed.has(account)) this.followed.set(account, position);
		}
	}

	/** Whose the outputs are after a transaction with tainted inputs, by rule; undefined when the trace stops here. */
	private passThrough(tx: UtxoTransaction, spent: readonly (OpenOutput | undefined)[]): Parcels[] | undefined {
		const fee = feeOf(tx);
		const unknown = this.back?.unknownInputs ?? UNKNOWN_INPUTS;
		const stop = fee === undefined ? unknown : this.stops.through(tx);
		if (stop !== undefined || fee === undefined) {
			for (const output of spent) if (output !== undefined) this.leave(output, stop ?? unknown, false);
			return undefined;
		}
		for (const [i, output] of spent.entries()) {
			if (output === undefined) continue;
			const transfer = this.derived.spend(tx, i, output.account, output.value, output.outpoint);
			this.options.onEdge?.({ transfer, parcels: output.parcels });
		}
		const { outputs, fees } = this.spreadAll(tx, spent, fee, this.options.fee);
		if (hasTaint(fees)) this.payFee(tx, fee, fees);
		return outputs;
	}

	private spreadAll(
		tx: UtxoTransaction,
		spent: readonly (OpenOutput | undefined)[],
		fee: bigint,
		convention: FeeConvention,
	): { outputs: Parcels[]; fees: Parcels } {
		const values = tx.outputs.map((output) => output.value);
		const byRule = this.rules.map((rule, r) =>
			spread(
				rule,
				tx.inputs.map((input, i) => ({ value: input.previous?.value ?? 0n, parcel: spent[i]?.parcels[r] ?? ALL_CLEAN })),
				values,
				fee,
				convention,
			),
		);
		return { outputs: values.map((_, vout) => byRule.map((s) => s.outputs[vout] ?? ALL_CLEAN)), fees: byRule.map((s) => s.fee) };
	}

	private payFee(tx: UtxoTransaction, fee: bigint, parcels: Parcels): void {
		const followed = this.options.fee === "coinbase" && tx.indexed && !this.served.has(tx.height);
		if (!followed) {
			if (this.options.fee === "coinbase") this.noteUnfollowed(tx.height);
			this.endFee(this.derived.fee(tx, fee), parcels);
			return;
		}
		const list = this.fees.get(tx.height) ?? [];
		list.push({ txIndex: tx.txIndex, transfer: this.derived.fee(tx, fee, "collected-fee"), parcels });
		this.fees.set(tx.height, list);
		this.heap.push(placeKey({ height: tx.height, txIndex: END_OF_BLOCK }));
	}

	/** Marks, tells and follows the outputs of a transaction; `through` is what came from its inputs. */
	private deliverAll(tx: UtxoTransaction, through: readonly Parcels[] | undefined): Promise<void> | undefined {
		const first = this.deliverFrom(tx, through, 0);
		return first < tx.outputs.length ? this.deliverSlowly(tx, through, first) : undefined;
	}

	/** Delivers outputs from one on, and stops before one whose account must be looked up. */
	private deliverFrom(tx: UtxoTransaction, through: readonly Parcels[] | undefined, from: number): number {
		for (let vout = from; vout < tx.outputs.length; vout++) {
			const account = tx.outputs[vout]?.account as AccountId;
			if (this.stops.mustLookUp(account, tx.height)) return vout;
			this.deliver(tx, vout, through?.[vout]);
		}
		return tx.outputs.length;
	}

	private async deliverSlowly(tx: UtxoTransaction, through: readonly Parcels[] | undefined, first: number): Promise<void> {
		for (let vout = first; vout < tx.outputs.length; vout = this.deliverFrom(tx, through, vout)) {
			await this.stops.lookUp(tx.outputs[vout]?.account as AccountId, tx.height);
		}
	}

	private deliver(tx: UtxoTransaction, vout: number, through: Parcels | undefined): void {
		const output = tx.outputs[vout];
		if (output === undefined || output.value === 0n) return;
		const parcels = this.mark(tx, vout, through !== undefined && hasTaint(through) ? through : undefined);
		if (parcels === undefined) return;
		const transfer = this.derived.output(tx, vout);
		const outpoint = transfer.outpoint ?? { txid: tx.txid, vout };
		// Nobody pays a coinbase: no row says so.
		if (this.back === undefined || output.account !== nullAccount(this.chain)) this.options.onEdge?.({ transfer, parcels });
		const opened: OpenOutput = {
			account: output.account,
			outpoint,
			value: output.value,
			parcels,
			height: tx.height,
			position: transfer.position,
			spender: output.spender === undefined ? undefined : placeKey(output.spender),
		};
		const stop = this.stops.at(output, parcels, transfer.position);
		if (stop !== undefined) {
			this.leave(opened, stop, false);
			return;
		}
		if (!this.followed.has(output.account)) this.followed.set(output.account, transfer.position);
		this.open.set(outputKey(this.back?.placeOf(output) ?? { height: tx.height, txIndex: tx.txIndex, index: vout }), opened);
		if (opened.spender !== undefined) this.heap.push(opened.spender);
	}

	/**
	 * What seeds mark of an output, so that a satoshi is marked once: seeds that name it, then passages, accounts, transactions, each in their
	 * order.
	 */
	private mark(tx: UtxoTransaction, vout: number, parcels: Parcels | undefined): Parcels | undefined {
		if (this.back !== undefined) return parcels;
		let current = this.markSeeds("outpoint", tx, vout, parcels);
		for (const arrival of this.plan.arrivals.size === 0 ? [] : (this.plan.arrivals.get(placeKey(tx)) ?? [])) {
			const { origin, at, marks } = arrival;
			if (at.eventIndex !== this.derived.output(tx, vout).position.eventIndex) continue;
			const limits = this.rules.map((rule) => marks.get(rule) ?? 0n);
			current = this.markOne(tx, vout, current, origin, limits, arrival).after;
		}
		return this.markSeeds("tx", tx, vout, this.markSeeds("account", tx, vout, current));
	}

	private markSeeds(kind: Seed["kind"], tx: UtxoTransaction, vout: number, parcels: Parcels | undefined): Parcels | undefined {
		let current = parcels;
		for (let origin = 0; origin < this.seeds.length; origin++) {
			const seed = this.seeds[origin] as Seed;
			if (seed.kind !== kind || !seedsOutput(seed, tx, vout)) continue;
			const limits = this.limits[origin] as bigint[];
			const { marked, after } = this.markOne(tx, vout, current, origin, limits);
			current = after;
			for (const [i, m] of marked.entries()) limits[i] = (limits[i] ?? 0n) - m;
		}
		return current;
	}

	/** Marks up to so much of an output's clean satoshi, by rule, and books it. */
	private markOne(
		tx: UtxoTransaction,
		vout: number,
		before: Parcels | undefined,
		origin: number,
		limits: readonly bigint[],
		passage?: Pick<Arrival, "key" | "range">,
	): { readonly marked: readonly bigint[]; readonly after: Parcels | undefined } {
		const amount = tx.outputs[vout]?.value ?? 0n;
		const results = (before ?? cleanParcels(this.rules)).map((parcel, i) =>
			markParcel(this.rules[i] as Rule, parcel, amount, origin, minAmount(limits[i] ?? 0n, amount)),
		);
		const marked = results.map((result) => result.marked);
		const none = marked.every((m) => m === 0n);
		if (!none || passage?.range !== undefined) this.books.seed(origin, this.derived.output(tx, vout), marked, passage?.key, passage?.range);
		if (none) return { marked, after: before };
		return { marked, after: results.map((result) => result.parcel) };
	}

	/** Serves a block's coinbase, after the fees it collects. */
	private async serveCoinbase(height: number): Promise<void> {
		const collected = this.fees.get(height) ?? [];
		this.served.add(height);
		const block = await readBlock(this.source, this.chain, height);
		const shares = shareCoinbase(this.chain, this.rules, block, new Map(collected.map((c) => [c.txIndex, c.parcels])));
		if (shares === undefined) {
			for (const { transfer, parcels } of collected) this.endFee({ ...transfer, kind: "fee" }, parcels);
			if (collected.length > 0) this.noteUnfollowed(height);
			const coinbase = block.find((tx) => tx.coinbase);
			if (coinbase !== undefined) await this.deliverAll(coinbase, undefined);
			return;
		}
		const { coinbase, byRule, unclaimed } = shares;
		const node = this.derived.nodeOf(coinbase);
		for (const { transfer, parcels } of collected) this.options.onEdge?.({ transfer: { ...transfer, to: node }, parcels });
		const left = byRule.map((s) => s.fee);
		if (hasTaint(left)) this.endFee(this.derived.fee(coinbase, unclaimed), left);
		await this.deliverAll(
			coinbase,
			coinbase.outputs.map((_, vout) => byRule.map((s) => s.outputs[vout] ?? ALL_CLEAN)),
		);
	}

	/** Says once of a block that its fees were not followed. */
	private noteUnfollowed(height: number): void {
		if (this.unfollowed.has(height)) return;
		this.unfollowed.add(height);
		const text = "its coinbase or some transaction or fee of it is not in the case: fees were not followed into its coinbase";
		this.gaps.push({ kind: "block-data", fromHeight: String(height), toHeight: String(height), text });
	}

	/** Taint ends in a fee. */
	private endFee(transfer: Transfer, parcels: Parcels): void {
		this.books.add(this.derived.asset, "fees", parcels);
		this.options.onEdge?.({ transfer, parcels });
	}

	private leave(output: OpenOutput, stop: Stop, held: boolean): void {
		const { account, outpoint, value, parcels, position } = output;
		// What a coinbase made is no output.
		if (stop.reason === "minted") this.books.stop(account, this.derived.asset, stop, parcels, position);
		else this.books.leave(account, this.derived.asset, stop, { outpoint, value, parcels }, position, held);
	}

	/** What is left when the sweep is over: unspent, spent after the time window, or spent where the case cannot see. */
	private async collectHeld(): Promise<void> {
		if (this.back !== undefined) {
			const { until } = this.options;
			for (const output of this.open.values()) this.leave(output, this.back.heldStop(output.spender, until), output.spender !== undefined);
			return;
		}
		const coverage = await chainCoverage(this.source, this.chain);
		for (const output of [...this.open.values()].sort((a, b) => a.height - b.height)) {
			if (output.spender !== undefined) {
				const { height } = placeOf(output.spender);
				this.leave(output, { reason: "time-window", detail: `held at height ${this.options.until ?? height}; spent later` }, true);
				continue;
			}
			const until =
				coverage.unspentUntil(output.height) ??
				(await this.source.unspentAt?.(this.chain, output.outpoint)) ??
				(await coverage.unspentUntilFor(output.account, output.height));
			if (until !== undefined)
				this.leave(output, { reason: "unspent", detail: `still there at the end of the data (block ${until})` }, true);
			else
				this.leave(
					output,
					{ reason: "unfetched", detail: `whether it was spent after block ${coverage.lastKnown(output.height)} is not in the case` },
					false,
				);
		}
	}
}
