import type { OutputFacts, Rule, UtxoRecord } from "@clew/core";
import type { Amounts, OracleAnswer } from "./account-oracle.test-util.js";
import { type OracleLabel, stoppedBy } from "./labels.test-util.js";
import { cleanPart, inAll, markArriving, ofOrigin, type Part, purse } from "./units.test-util.js";

/** A seed on outputs; `limit` counts satoshi. */
export type OutputOracleSeed = { readonly limit?: number } & (
	| { readonly kind: "account"; readonly account: string; readonly since: number }
	| { readonly kind: "tx"; readonly txid: string }
	| { readonly kind: "outpoint"; readonly outpoint: string }
);

/** A chain and a question, as the oracle takes them. */
export interface OutputQuestion {
	readonly transactions: readonly UtxoRecord[];
	readonly rules: readonly Rule[];
	readonly seeds: readonly OutputOracleSeed[];
	readonly fee: "last" | "proportional";
	readonly until: number;
	readonly dust: number;
	readonly serviceTransfers: number;
	/** What labels say of an address, strongest first. */
	readonly labels: ReadonlyMap<string, readonly OracleLabel[]>;
	/** Heights whose time nobody knows. */
	readonly timeless: ReadonlySet<number>;
	/** Whether every block from a height to the end is in the case. */
	readonly fetchedFrom: (height: number) => boolean;
}

interface Output {
	readonly account: string;
	readonly height: number;
	readonly position: string;
	parts: readonly Part[];
}

/**
 * The tracing rules for outputs in the most literal way, written from docs/tracing-rules.md: one entry a satoshi, every transaction of the
 * chain. It shares no code with the engine.
 */
export function askOutputs(question: OutputQuestion): OracleAnswer {
	const { rules, seeds } = question;
	const chain = [...question.transactions].sort((a, b) => a.height - b.height || (a.txIndex ?? 0) - (b.txIndex ?? 0));
	const unspent = new Map<string, Output>();
	const leaves = new Map<string, { amounts: Amounts; came: string[] }>();
	const edges = new Map<string, Amounts>();
	const marks = new Map<string, readonly number[]>();
	const sums = new Map<string, Amounts>();
	const limits = seeds.map((seed) => rules.map(() => seed.limit ?? Number.POSITIVE_INFINITY));
	const amountsOf = (parts: readonly Part[]) => rules.map((rule, r) => seeds.map((_, o) => ofOrigin(rule, parts[r] as Part, o)));
	const isTainted = (parts: readonly Part[]) =>
		amountsOf(parts)
			.flat()
			.some((n) => n > 0);
	const add = (a: Amounts | undefined, b: Amounts): Amounts => b.map((row, r) => row.map((n, o) => n + (a?.[r]?.[o] ?? 0)));
	const book = (what: string, amounts: Amounts) => sums.set(what, add(sums.get(what), amounts));
	const leave = (output: Output, reason: string, what: "held" | "stopped") => {
		const key = `${output.account} ${reason}`;
		const leaf = leaves.get(key);
		leaves.set(key, { amounts: add(leaf?.amounts, amountsOf(output.parts)), came: [...(leaf?.came ?? []), output.position] });
		book(what, amountsOf(output.parts));
	};

	function stopAt(account: string, type: string, height: number, parts: readonly Part[]): string | undefined {
		if (type === "op_return") return "burned";
		const label = stoppedBy(question.labels.get(account) ?? [], height, !question.timeless.has(height));
		if (label !== undefined) return label;
		const outputs = chain.flatMap((tx) => tx.outputs).filter((output) => output.account === account).length;
		if (outputs >= question.serviceTransfers) return "service";
		return rules.every((rule, r) => inAll(rule, parts[r] as Part) < question.dust) ? "dust" : undefined;
	}

	function seedsOf(tx: UtxoRecord, vout: number): number[] {
		const output = tx.outputs[vout];
		// A source may name the payer of an input whose transaction nobody told.
		const payers = tx.inputs.map(({ outpoint, previous }) => ownerOf(`${outpoint.txid}:${outpoint.vout}`) ?? previous?.account);
		const named = seeds.map((seed, o) => [seed, o] as const);
		return [
			...named.filter(([s]) => s.kind === "outpoint" && s.outpoint === `${tx.txid}:${vout}`),
			...named.filter(([s]) => s.kind === "account" && s.account === output?.account && s.since <= tx.height),
			...named.filter(([s]) => s.kind === "tx" && s.txid === tx.txid && !payers.includes(output?.account)),
		].map(([, o]) => o);
	}

	function ownerOf(outpoint: string): string | undefined {
		const [txid, vout] = outpoint.split(":");
		return chain.find((tx) => tx.txid === txid)?.outputs[Number(vout)]?.account;
	}

	/** What a source tells of an output whose own transaction nobody told: clean money. */
	function told(facts: OutputFacts | undefined): Output | undefined {
		if (facts === undefined) return undefined;
		return { account: facts.account, height: 0, position: "", parts: rules.map(() => cleanPart(Number(facts.value))) };
	}

	for (const tx of chain) {
		if (tx.height > question.until) break;
		const at = (event: number) => `${tx.height}.${tx.txIndex ?? 0}.${event}`;
		const spent = tx.inputs.map(({ outpoint, previous }) => unspent.get(`${outpoint.txid}:${outpoint.vout}`) ?? told(previous));
		for (const { outpoint } of tx.inputs) unspent.delete(`${outpoint.txid}:${outpoint.vout}`);
		const tainted = spent.filter((output) => output !== undefined && isTainted(output.parts));
		let through = tx.outputs.map(({ value }) => rules.map(() => cleanPart(Number(value))));
		if (tainted.length > 0 && spent.some((output) => output === undefined)) {
			for (const output of tainted) if (output !== undefined) leave(output, "unfetched", "stopped");
		} else if (tainted.length > 0) {
			const inputs = spent.filter((output) => output !== undefined);
			for (const [i, output] of inputs.entries()) if (isTainted(output.parts)) edges.set(at(i), amountsOf(output.parts));
			const byRule = rules.map((rule, r) =>
				carried(
					rule,
					inputs.map(({ parts }) => parts[r] as Part),
					tx.outputs.map(({ value }) => Number(value)),
					question.fee,
				),
			);
			through = tx.outputs.map((_, vout) => byRule.map(({ outputs }) => outputs[vout] as Part));
			const fee = amountsOf(byRule.map(({ left }) => left));
			if (fee.flat().some((n) => n > 0)) {
				edges.set(at(tx.inputs.length + tx.outputs.length), fee);
				book("fees", fee);
			}
		}
		for (const [vout, { account, value, scriptType }] of tx.outputs.entries()) {
			if (value === 0n) continue;
			const position = at(tx.inputs.length + vout);
			let parts: readonly Part[] = through[vout] ?? [];
			for (const origin of seedsOf(tx, vout)) {
				const results = parts.map((part, r) =>
					markArriving(rules[r] as Rule, part, origin, Math.min(Number(value), limits[origin]?.[r] ?? 0)),
				);
				parts = results.map(({ part }) => part);
				const amounts = results.map(({ marked }) => marked);
				if (amounts.every((n) => n === 0)) continue;
				marks.set(`${origin} ${position}`, amounts);
				limits[origin] = (limits[origin] ?? []).map((n, r) => n - (amounts[r] ?? 0));
				book(
					"seeded",
					rules.map((_, r) => seeds.map((__, o) => (o === origin ? (amounts[r] ?? 0) : 0))),
				);
			}
			const output: Output = { account, height: tx.height, position, parts };
			if (isTainted(parts)) {
				edges.set(position, amountsOf(parts));
				const reason = stopAt(account, scriptType, tx.height, parts);
				if (reason !== undefined) {
					leave(output, reason, "stopped");
					output.parts = rules.map(() => cleanPart(Number(value)));
				}
			}
			unspent.set(`${tx.txid}:${vout}`, output);
		}
	}

	const later = new Set(chain.flatMap((tx) => tx.inputs.map(({ outpoint }) => `${outpoint.txid}:${outpoint.vout}`)));
	for (const [outpoint, output] of unspent) {
		if (!isTainted(output.parts)) continue;
		if (later.has(outpoint)) leave(output, "time-window", "held");
		else if (question.fetchedFrom(output.height)) leave(output, "unspent", "held");
		else leave(output, "unfetched", "stopped");
	}
	const ends = (came: readonly string[]) => {
		const place = (p: string) => p.split(".").reduce((sum, n) => sum * 1000 + Number(n), 0);
		const sorted = [...came].sort((a, b) => place(a) - place(b));
		return `${sorted[0]} to ${sorted[sorted.length - 1]}, ${came.length}`;
	};
	return { leaves: new Map([...leaves].map(([key, { amounts, came }]) => [key, { amounts, arrivals: ends(came) }])), edges, marks, sums };
}

/**
 * One transaction under one rule: inputs go in in order, outputs come out in order (`tiho`: the highest first), the fee last or before from
 * every input.
 */
function carried(
	rule: Rule,
	inputs: readonly Part[],
	values: readonly number[],
	convention: "last" | "proportional",
): { outputs: Part[]; left: Part } {
	const all = purse(rule);
	const total = inputs.reduce((sum, part) => sum + part.units.length, 0);
	const fee = total - values.reduce((a, b) => a + b, 0);
	const shares = inputs.map(({ units }) => Math.floor((units.length * fee) / total));
	let over = fee - shares.reduce((a, b) => a + b, 0);
	const rest = (i: number) => ((inputs[i]?.units.length ?? 0) * fee) % total;
	for (const i of inputs.map((_, n) => n).sort((a, b) => rest(b) - rest(a))) if (over-- > 0) shares[i] = (shares[i] ?? 0) + 1;
	const fees: Part[] = [];
	for (const [i, part] of inputs.entries()) {
		if (convention === "last") {
			all.put(part);
			continue;
		}
		const own = purse(rule);
		own.put(part);
		all.put(own.take(part.units.length - (shares[i] ?? 0)));
		fees.push(own.take(shares[i] ?? 0));
	}
	const outputs: Part[] = [];
	const order = values.map((_, i) => i);
	if (rule === "tiho") order.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
	for (const i of order) outputs[i] = all.take(values[i] ?? 0);
	if (convention === "last") return { outputs, left: all.take(fee) };
	const claims = new Map<number, number>();
	for (const part of fees) for (const [origin, n] of part.claims) claims.set(origin, (claims.get(origin) ?? 0) + n);
	return { outputs, left: { units: fees.flatMap(({ units }) => units), claims } };
}
