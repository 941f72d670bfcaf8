import { type Asked, mirroredTransaction } from "../backward/mirrored-outputs.js";
import { Refusal } from "../failure.js";
import { ALL_CLEAN, Holding, markArriving, type Part, shared } from "./holding.js";
import type { LedgerBlock, Ledgers } from "./ledgers.js";
import { type Played, playedOf } from "./played.js";
import {
	addMarks,
	addTo,
	emptyReplay,
	isTainted,
	Limits,
	LotCount,
	type Marker,
	type Parts,
	type Replayed,
	type SeedSpec,
} from "./replayed.js";

/** What a replay over outputs takes as given besides the transactions. */
export interface OutputQuestion {
	readonly rules: readonly string[];
	readonly seeds: readonly SeedSpec[];
	/** `last`, `proportional` or `coinbase`. */
	readonly fee: string;
	/** The asset of its outputs. */
	readonly coin: string;
	/** Outputs at which money ends. */
	readonly ends: ReadonlySet<string>;
	/** Positions of the fees that are followed into their block's coinbase. */
	readonly collected: ReadonlySet<string>;
	/** Back in time: what is asked about, and who stands for nobody. */
	readonly back?: { readonly asked: Asked; readonly nobody: string };
}

/** Inputs, outputs and fee of a transaction, or of what a coinbase pays out. */
interface Through {
	readonly inputs: readonly { readonly value: bigint; readonly parts: Parts }[];
	readonly values: readonly bigint[];
	readonly fee: bigint;
}

/**
 * Plays the rules for outputs over the transactions of a bundle, in the words of docs/tracing-rules.md. Throws Error where they do not
 * add up.
 */
export function replayOutputs(question: OutputQuestion, { transactions, blocks }: Ledgers): Replayed {
	const replay = new OutputReplay(question);
	const { back } = question;
	if (back !== undefined) {
		for (const tx of [...transactions].reverse()) replay.pass(mirroredTransaction(tx, back.nobody));
		return replay.found;
	}
	const heights = new Map(blocks.map((block) => [block.height, block]));
	let waiting: Played[] = [];
	for (const [i, told] of transactions.entries()) {
		const tx = playedOf(told);
		const [height = ""] = tx.place.split(".");
		// A coinbase is served last, where it gets the fees of its block.
		if (tx.coinbase && question.fee === "coinbase") waiting.push(tx);
		else replay.pass(tx);
		if (transactions[i + 1]?.place.split(".")[0] === height) continue;
		for (const coinbase of waiting) replay.serve(coinbase, heights.get(height));
		waiting = [];
	}
	return replay.found;
}

class OutputReplay {
	readonly found = emptyReplay();
	private readonly open = new Map<string, Parts>();
	/** Tainted fees of a block by their place in it. */
	private collected = new Map<number, Parts>();
	private readonly limits: Limits;
	private readonly lots = new LotCount();
	private readonly question: OutputQuestion;

	constructor(question: OutputQuestion) {
		this.question = question;
		this.limits = new Limits(question.seeds, question.rules);
	}

	private clean(): Parts {
		return this.question.rules.map(() => ALL_CLEAN);
	}

	pass(tx: Played): void {
		this.ask(tx);
		const taken = tx.inputs.map(({ outpoint }) => this.open.get(outpoint));
		for (const { outpoint } of tx.inputs) {
			this.open.delete(outpoint);
			this.found.spent.set(outpoint, Number(tx.place.split(".")[0]));
		}
		this.deliver(tx, taken.some(isTainted) ? this.carry(tx, taken) : undefined);
	}

	/** Back in time: marks what is asked about of what a transaction takes, unless it ends there. */
	private ask({ txid, inputs }: Played): void {
		const { back, rules, ends } = this.question;
		for (const { origin, outpoint } of back?.asked.get(txid) ?? []) {
			const one = inputs.find((input) => input.outpoint === outpoint);
			if (one?.value === undefined || one.account === undefined) continue;
			const amount = BigInt(one.value);
			const before = this.open.get(outpoint) ?? this.found.outputs.get(outpoint) ?? this.clean();
			const results = before.map((part, r) => {
				const limit = this.limits.of(origin, r);
				return markArriving(rules[r] as string, part, amount, origin, limit < amount ? limit : amount);
			});
			const amounts = results.map(({ marked }) => marked);
			this.limits.use(origin, amounts);
			if (amounts.some((n) => n > 0n)) addMarks(this.found, `${origin} ${one.position} ${this.question.coin}`, amounts);
			const parts = results.map(({ part }) => part);
			if (!isTainted(parts)) continue;
			if (ends.has(outpoint)) this.end(outpoint, one.account, this.found.made.get(outpoint) ?? one.position, parts);
			else this.open.set(outpoint, parts);
		}
	}

	private end(outpoint: string, account: string, position: string, parts: Parts): void {
		this.found.outputs.set(outpoint, parts);
		this.found.owners.set(outpoint, account);
		this.found.made.set(outpoint, position);
	}

	/** Whose the outputs of a transaction with tainted inputs are. */
	private carry(tx: Played, taken: readonly (Parts | undefined)[]): readonly Parts[] {
		const inputs = tx.inputs.map(({ outpoint, value }, i) => {
			if (value === undefined) throw new Refusal(`transaction ${tx.txid} is passed, and the value of its input ${outpoint} is not told`);
			return { value: BigInt(value), parts: taken[i] ?? this.clean() };
		});
		for (const [i, parts] of taken.entries()) if (isTainted(parts)) this.found.rows.set(tx.inputs[i]?.position ?? "", parts);
		if (tx.outputs.some(({ value }) => value === ""))
			throw new Refusal(`transaction ${tx.txid} is passed, and the value of one of its inputs is not told`);
		const values = tx.outputs.map(({ value }) => BigInt(value));
		const fee = inputs.reduce((sum, { value }) => sum + value, 0n) - values.reduce((a, b) => a + b, 0n);
		if (fee < 0n) throw new Refusal(`transaction ${tx.txid} pays more than it spends`);
		const { outputs, left } = this.spread({ inputs, values, fee }, this.question.fee);
		const { fee: position } = tx;
		if (isTainted(left)) {
			this.found.rows.set(position, left);
			if (this.question.collected.has(position)) this.collected.set(Number(tx.place.split(".")[1]), left);
		}
		return outputs;
	}

	/** A coinbase: the subsidy, then every fee of the block in order, cut by its outputs. */
	serve(coinbase: Played, block: LedgerBlock | undefined): void {
		const fees = this.collected;
		this.collected = new Map();
		this.deliver(coinbase, block === undefined || fees.size === 0 ? undefined : this.carryFees(coinbase, block, fees));
	}

	private carryFees(coinbase: Played, block: LedgerBlock, fees: ReadonlyMap<number, Parts>): readonly Parts[] {
		const inputs = [
			{ value: BigInt(block.subsidy), parts: this.clean() },
			...block.fees.map(({ txIndex, fee }) => ({ value: BigInt(fee), parts: fees.get(txIndex) ?? this.clean() })),
		];
		const values = coinbase.outputs.map(({ value }) => BigInt(value));
		const fee = inputs.reduce((sum, { value }) => sum + value, 0n) - values.reduce((a, b) => a + b, 0n);
		if (fee < 0n) throw new Refusal(`the coinbase of block ${block.height} claims more than its subsidy and fees`);
		const { outputs, left } = this.spread({ inputs, values, fee }, "last");
		if (isTainted(left)) this.found.rows.set(coinbase.fee, left);
		return outputs;
	}

	/** Whose outputs and fee are, under each rule: inputs go in in order, outputs come out in order, the fee last or first of every input. */
	private spread({ inputs, values, fee }: Through, convention: string): { readonly outputs: Parts[]; readonly left: Parts } {
		const weights = inputs.map(({ value }) => value);
		const shares = convention === "proportional" && fee > 0n ? shared(fee, weights) : undefined;
		const outputs: Part[][] = values.map(() => []);
		const left: Part[] = [];
		for (const [r, rule] of this.question.rules.entries()) {
			const all = new Holding(rule);
			const fees: Part[] = [];
			for (const [i, { value, parts }] of inputs.entries()) {
				const own = new Holding(rule);
				own.put(parts[r] as Part, value);
				const goesOn = value - (shares?.[i] ?? 0n);
				if (goesOn > 0n) all.put(own.take(goesOn), goesOn);
				if (goesOn < value) fees.push(own.take(value - goesOn));
			}
			const order = values.map((_, i) => i);
			// Taint in, highest out; of equal outputs the earlier first.
			if (rule === "tiho") order.sort((a, b) => compare(values[b] as bigint, values[a] as bigint) || a - b);
			for (const vout of order) (outputs[vout] as Part[])[r] = all.take(values[vout] as bigint);
			left.push(shares === undefined ? all.take(fee) : fees.flat());
		}
		return { outputs, left };
	}

	private deliver(tx: Played, through: readonly Parts[] | undefined): void {
		const { back, coin } = this.question;
		for (const [vout, { value, account, outpoint, position }] of tx.outputs.entries()) {
			if (value === "0") continue;
			this.lots.of(through?.[vout] ?? []);
			const came = through?.[vout] ?? this.clean();
			const parts = back === undefined ? this.mark(tx, vout, came, position) : came;
			if (!isTainted(parts)) continue;
			if (account === back?.nobody) {
				const key = `${account} ${coin} minted`;
				addTo(this.found.stopped, key, parts);
				this.found.stoppedAt.set(key, [...(this.found.stoppedAt.get(key) ?? []), { position, parts }]);
				continue;
			}
			this.found.rows.set(position, parts);
			if (this.question.ends.has(outpoint)) this.end(outpoint, account, position, parts);
			else this.open.set(outpoint, parts);
		}
	}

	private mark(tx: Played, vout: number, before: Parts, position: string): Parts {
		const { rules, seeds } = this.question;
		const amount = BigInt(tx.outputs[vout]?.value ?? "0");
		let parts = before;
		for (const { origin, passage } of marking(seeds, tx, vout, position)) {
			const stated = passage ? (seeds[origin] as SeedSpec).marks.get(position) : undefined;
			const results = parts.map((part, r) => {
				const limit = stated === undefined ? this.limits.of(origin, r) : (stated[r] ?? 0n);
				return markArriving(rules[r] as string, part, amount, origin, limit < amount ? limit : amount);
			});
			const amounts = results.map(({ marked }) => marked);
			if (amounts.every((n) => n === 0n)) continue;
			parts = results.map(({ part }) => part);
			if (stated === undefined) this.limits.use(origin, amounts);
			addMarks(this.found, `${origin} ${position} ${this.question.coin}`, amounts);
		}
		return parts;
	}
}

/** The seeds that mark an output: those that name it, passages, accounts, transactions; of one kind in their order. */
function marking(seeds: readonly SeedSpec[], tx: Played, vout: number, position: string): readonly Marker[] {
	const account = tx.outputs[vout]?.account;
	const height = Number(tx.place.split(".")[0]);
	const back = tx.inputs.some((input) => input.account === account);
	const of = (marks: (seed: SeedSpec) => boolean, passage = false) =>
		seeds.flatMap((seed, origin) => (marks(seed) ? [{ origin, passage }] : []));
	return [
		...of(({ kind, subject }) => kind === "outpoint" && subject === `${tx.txid}:${vout}`),
		...of(({ marks }) => marks.has(position), true),
		...of(({ kind, subject, since }) => kind === "account" && subject === account && height >= since),
		...of(({ kind, subject }) => kind === "tx" && subject === tx.txid && !back),
	];
}

function compare(a: bigint, b: bigint): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
