import { asForward, isBackward } from "../backward/as-forward.js";
import { checkUnreadBack } from "../backward/unread-inflows.js";
import type { Amounts, Trace } from "../bundle/formats.js";
import { ledgerOf } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import type { ProvenBlock } from "../proofs/proven-block.js";
import { OPENING } from "../trace/bounds.js";
import { transactionOf } from "../trace/positions.js";
import { isClaim, POISON } from "../trace/rules.js";
import { checkArrived, NOT_READ } from "./arrived.js";
import { checkByLabel } from "./by-label.js";
import { checkCoinbases } from "./coinbases.js";
import type { Part } from "./holding.js";
import { checkLedgerForms } from "./ledger-forms.js";
import { HELD, isKept, type Ledgers, type LedgerTransaction, type LedgerTransfer, parseLedgers, placeOf } from "./ledgers.js";
import { isSame, movesOf, sum, wordsOf } from "./moves.js";
import { compareProven } from "./proven-ledgers.js";
import { coinOf, replay } from "./replay.js";
import { addTo, amountsOf, type Parts, type Replayed, TooMuch } from "./replayed.js";
import { checkThrough } from "./through-passages.js";
import { checkUnread, type ReadOf } from "./unread.js";

/** Gaps by which poison lasts or reaches further than by the rule alone. */
const LACKING = new Set([...OPENING, "unknown-funds"]);
/** Differences that are told; one is enough. */
const MAX_TOLD = 5;

/** What was recomputed of a trace, in words for the verdict; undefined where something differs. */
export interface RulesChecked {
	readonly rules: readonly string[];
	readonly movements: number;
	/** What was not: gaps leave the way of tainted money open, so that these say more than the rules give. */
	readonly not: readonly string[];
	/** Movements of the ledgers that proofs in the bundle show; the others are taken as given. */
	readonly proven: number;
	/** What files told otherwise than proofs in the bundle show it, or not at all: movements, and whole transactions. */
	readonly otherwise: number;
	/** Balances before the first movement, which are taken as given. */
	readonly openings: number;
	/** Accounts that had nothing before it, which is taken as given, too. */
	readonly unopened: number;
	/** Blocks whose coinbase got fees that are taken as given. */
	readonly blocks: number;
}

/**
 * Plays every rule again over the ledgers of a bundle and compares each row, end point and seed with what the trace says. An
 * implementation of its own, that shares nothing with the engine but the text of docs/tracing-rules.md. Where `blocks` prove a
 * transaction, the ledgers must tell it as its proof does; numbers of `nfts` are no amounts; payments behind what was `read` must be
 * gaps. Where the ledgers make more work than anybody should have with a bundle, TooMuch is thrown.
 */
export function checkRules(
	lines: readonly string[],
	trace: Trace,
	fail: Fail,
	blocks: ReadonlyMap<number, ProvenBlock> = new Map(),
	nfts?: ReadonlySet<string>,
	read?: ReadOf,
): RulesChecked | undefined {
	const where = "ledgers.jsonl";
	const has = (kinds: ReadonlySet<string>) => trace.coverage.gaps.some(({ kind }) => kinds.has(kind));
	const not = [...(has(OPENING) ? ["agreed", "ranges"] : []), ...(has(LACKING) && trace.rules.includes(POISON) ? [POISON] : [])];
	const rules = trace.rules.filter((rule) => !not.includes(rule));
	// Bounds and poison reach further than the rules that are played.
	const whole = not.length === 0;
	if (!whole) not.push("numbers of arrivals");
	const differences: string[] = [];
	const differ = (what: string) => void differences.push(what);
	try {
		const ledgers = parseLedgers(lines);
		checkLedgerForms(trace.chain, ledgers, differ);
		const comparison = new Comparison(trace, rules, differ);
		comparison.movements(ledgers);
		const found = replay(trace, rules, ledgers, read?.openings ?? []);
		comparison.compare(found);
		checkArrived(trace, found, whole, differ);
		checkThrough(trace, rules, found, differ);
		if (read !== undefined) (isBackward(trace) ? checkUnreadBack : checkUnread)(trace, found, read, differ);
		checkLedgers(trace, ledgers, differ);
		checkCoinbases(trace.chain, ledgers, differ);
		const { proven, of: movements, otherwise } = compareProven(ledgers, trace, blocks, differ, nfts);
		for (const what of differences.slice(0, MAX_TOLD)) fail(where, what);
		if (differences.length > MAX_TOLD) fail(where, `${differences.length - MAX_TOLD} more differences`);
		const openings = ledgers.accounts.reduce((sum, { opening }) => sum + Object.keys(opening).length, 0);
		const unopened = ledgers.accounts.filter(({ opening }) => Object.keys(opening).length === 0).length;
		const told = { openings, unopened, blocks: ledgers.blocks.length };
		return differences.length === 0 ? { rules, movements, not, proven, otherwise, ...told } : undefined;
	} catch (error) {
		if (error instanceof TooMuch) throw error;
		fail(where, (error as Error).message);
		return undefined;
	}
}

/** One row, end point or seed as the trace states it. */
interface Stated {
	readonly tainted: Amounts;
	readonly byOrigin?: readonly Amounts[] | undefined;
}

class Comparison {
	private readonly trace: Trace;
	/** As it is played. */
	private readonly played: Trace;
	private readonly rules: readonly string[];
	private readonly differ: (what: string) => void;
	private readonly origins: number;

	constructor(trace: Trace, rules: readonly string[], differ: (what: string) => void) {
		this.trace = trace;
		this.played = asForward(trace);
		this.rules = rules;
		this.differ = differ;
		this.origins = trace.seeds.length;
	}

	/** Every row of an account chain is a movement of the ledgers, in every field. */
	movements({ transfers, transactions, blocks }: Ledgers): void {
		const known = new Map(transfers.map((transfer) => [transfer.position, transfer]));
		const claims = new Map(
			blocks.map(({ height, subsidy, fees }) => [height, sum([{ value: subsidy }, ...fees.map(({ fee }) => ({ value: fee }))])]),
		);
		const { chain } = this.trace;
		const coin = coinOf(this.trace);
		const heightOf = ({ place }: LedgerTransaction) => place.slice(0, place.indexOf("."));
		const coinbases = new Map(transactions.flatMap((tx) => (tx.coinbase ? [[heightOf(tx), tx.txid] as const] : [])));
		const outputs = new Map(transactions.flatMap((tx) => [...movesOf(chain, coin, tx, claims, coinbases.get(heightOf(tx)))]));
		this.seededRows(known, outputs);
		for (const edge of this.trace.edges) {
			if (edge.into !== undefined) continue;
			const same =
				edge.outpoint === undefined && known.size > 0
					? isSame(edge, known.get(edge.position))
					: outputs.get(`${edge.kind} ${edge.position}`) === wordsOf(edge);
			if (!same) this.differ(`row ${edge.row} is no movement of the ledgers`);
		}
	}

	/** What the trace says of a movement that a seed marked is what the ledgers say of it. */
	private seededRows(transfers: ReadonlyMap<string, LedgerTransfer>, outputs: ReadonlyMap<string, string>): void {
		for (const [origin, { rows }] of this.trace.seeds.entries())
			for (const { position, txHash, account, asset, amount } of rows) {
				if (txHash === "") continue;
				const t = transfers.get(position);
				const same =
					t === undefined
						? outputs
								.get(`output ${position}`)
								?.startsWith(`${position} ${txHash} ${this.trace.chain}:tx-${txHash} ${account} ${asset} ${amount} `)
						: t.txHash === txHash && (isBackward(this.trace) ? t.from : t.to) === account && t.asset === asset && t.amount === amount;
				if (same !== true) this.differ(`seed ${origin + 1} at ${position} marks no such movement of the ledgers`);
			}
	}

	compare(found: Replayed): void {
		this.exchanges(found);
		this.lacks(found);
		this.rows(found);
		this.marks(found);
		if (ledgerOf(this.trace.chain) === "outputs") this.outpoints(found);
		else this.ends(found);
	}

	private rows({ rows }: Replayed): void {
		const left = new Map(rows);
		// What a coinbase gave has no row.
		for (const edge of (ledgerOf(this.trace.chain) === "outputs" ? this.trace : this.played).edges) {
			const sides: [string, Stated][] =
				edge.into === undefined
					? [[edge.position, edge]]
					: [
							[`${edge.position} ${edge.from} pays`, edge],
							[`${edge.position} ${edge.from} gets`, edge.into],
						];
			for (const [key, stated] of sides) {
				this.same(`row ${edge.row}`, stated, left.get(key));
				left.delete(key);
			}
		}
		for (const [key, parts] of left) this.same(`a movement at ${key}, which is no row`, { tainted: {} }, parts);
	}

	private exchanges({ exchanges }: Replayed): void {
		for (const { row, position, from, to, asset, amount, txHash, into } of this.played.edges) {
			if (into === undefined) continue;
			const found = exchanges.get(`${position} ${from}`);
			const same =
				found !== undefined &&
				from === to &&
				found.txHash === txHash &&
				found.pays === asset &&
				found.gets === into.asset &&
				`${found.paid} ${found.got}` === `${amount} ${into.amount}`;
			if (!same) this.differ(`row ${row} is no exchange of the ledgers`);
		}
	}

	/** Where an account paid out more than it is known to have had, a gap says so, and how much. */
	private lacks({ lacks }: Replayed): void {
		const stated = new Map<string, bigint>();
		for (const { kind, account, asset, amount = "0" } of this.trace.coverage.gaps)
			if (kind === "missing-inflow" || kind === "unknown-funds") stated.set(`${account} ${asset}`, BigInt(amount));
		// A gap counts what its books lack before taint came, too.
		for (const [key, lack] of lacks)
			if ((stated.get(key) ?? 0n) < lack) this.differ(`${key}: its books lack ${lack}, and the gaps say ${stated.get(key) ?? 0n}`);
	}

	private marks({ marks, balances }: Replayed): void {
		const left = new Map(marks);
		for (const [origin, { rows }] of this.trace.seeds.entries())
			for (const { position, asset, seeded, txHash, amount } of rows) {
				const key = `${origin} ${position} ${asset}`;
				if (txHash === "" && balances.get(key)?.toString() !== amount)
					this.differ(`seed ${origin + 1} asks about ${amount} of ${asset}, and the ledgers give ${balances.get(key) ?? 0n}`);
				this.sameMarks(`seed ${origin + 1} at ${position}`, seeded, left.get(key));
				left.delete(key);
			}
		for (const [key, amounts] of left) this.sameMarks(`seed ${Number(key.split(" ")[0]) + 1}, which names no such row,`, {}, amounts);
	}

	private sameMarks(what: string, stated: Amounts, amounts: readonly bigint[] | undefined): void {
		const [wrong] = this.rules.flatMap((rule, r) => {
			const [found, said] = [amounts?.[r] ?? 0n, stated[rule] ?? "0"];
			return found === BigInt(said) ? [] : [`${rule} marks ${found}, the trace says ${said}`];
		});
		if (wrong !== undefined) this.differ(`${what}: ${wrong}`);
	}

	/** What stopped at an account for a reason, and what it holds in the end, is what its end points say. */
	private ends({ stopped, stoppedAt, held }: Replayed): void {
		const stated = new Map<string, Stated[]>();
		for (const leaf of this.trace.leaves)
			for (const [asset, tainted] of Object.entries(leaf.amounts)) {
				const key = `${leaf.account} ${asset} ${leaf.stop.reason}`;
				stated.set(key, [...(stated.get(key) ?? []), { tainted, byOrigin: leaf.byOrigin?.[asset] }]);
			}
		const found = new Map(stopped);
		// What an account holds is told under one reason, which may be that of something that stopped there.
		for (const [key, parts] of held) addTo(found, `${key} ${HELD.find((reason) => stated.has(`${key} ${reason}`)) ?? NOT_READ}`, parts);
		for (const key of new Set([...found.keys(), ...stated.keys()]))
			this.same(`end point ${key}`, this.sumOf(stated.get(key) ?? []), found.get(key));
		checkByLabel(this.trace, this.rules, stoppedAt, this.differ);
	}

	private outpoints({ outputs, owners, spent, stopped }: Replayed): void {
		const left = new Map(outputs);
		const made = new Map(stopped);
		for (const [i, { account, amounts, byOrigin, stop, outpoints = [] }] of this.trace.leaves.entries()) {
			for (const { outpoint, tainted, byOrigin: each } of outpoints) {
				this.same(`output ${outpoint}`, { tainted, byOrigin: each }, left.get(outpoint));
				left.delete(outpoint);
				if (owners.get(outpoint) !== account) this.differ(`output ${outpoint} is not one of ${account}, at which end point it stands`);
				if (stop.reason === "unspent" && spent.has(outpoint))
					this.differ(`output ${outpoint} is called unspent, and block ${spent.get(outpoint)} spends it`);
			}
			const [[asset, tainted] = ["", {}]] = Object.entries(amounts);
			if (stop.reason === "minted") {
				const key = `${account} ${asset} minted`;
				this.same(`end point ${i + 1}`, { tainted, byOrigin: byOrigin?.[asset] }, made.get(key));
				made.delete(key);
				continue;
			}
			const [all, stated] = [this.sumOf(outpoints), { tainted, byOrigin: byOrigin?.[asset] }];
			if (this.amountsInWords(all) !== this.amountsInWords(stated)) this.differ(`end point ${i + 1} is not the sum of its outputs`);
		}
		for (const [outpoint, parts] of left) this.same(`output ${outpoint}, which is at no end point`, { tainted: {} }, parts);
		for (const [key, parts] of made) this.same(`${key}, which is at no end point`, { tainted: {} }, parts);
	}

	/** Several end points of an account added up; claims of one origin, too. */
	private sumOf(stated: readonly Stated[]): Stated {
		if (stated.length === 1) return stated[0] as Stated;
		const each = Array.from({ length: this.origins }, (_, origin) =>
			Object.fromEntries(
				this.rules.map((rule) => [
					rule,
					String(
						stated.reduce(
							(sum, { tainted, byOrigin }) => sum + BigInt((this.origins > 1 ? byOrigin?.[origin] : tainted)?.[rule] ?? "0"),
							0n,
						),
					),
				]),
			),
		);
		const total = (rule: string) => {
			const parts = each.map((amounts) => BigInt(amounts[rule] ?? "0"));
			return parts.reduce((a, b) => (isClaim(rule) ? (a > b ? a : b) : a + b), 0n);
		};
		return { tainted: Object.fromEntries(this.rules.map((rule) => [rule, String(total(rule))])), byOrigin: each };
	}

	private amountsInWords({ tainted, byOrigin = [] }: Stated): string {
		const each = this.origins > 1 ? byOrigin : [];
		return [tainted, ...each].map((amounts) => this.rules.map((rule) => amounts[rule] ?? "0").join()).join(" ");
	}

	private same(what: string, { tainted, byOrigin }: Stated, parts: Parts | undefined): void {
		const [wrong] = this.rules.flatMap((rule, r) => {
			const { each, all } = amountsOf(rule, (parts?.[r] ?? []) as Part, this.origins);
			const sides: [string, bigint, string | undefined][] = [["", all, tainted[rule]]];
			if (this.origins > 1) for (const [origin, n] of each.entries()) sides.push([`, seed ${origin + 1}`, n, byOrigin?.[origin]?.[rule]]);
			return sides.flatMap(([of, n, said = "0"]) => (n === BigInt(said) ? [] : [`${of}: ${rule} gives ${n}, the trace says ${said}`]));
		});
		if (wrong !== undefined) this.differ(`${what}${wrong}`);
	}
}

/** Every movement of the ledgers belongs to a kept account, a row, or a transaction that is seeded, or in which something was given. */
function checkLedgers({ edges, seeds }: Trace, { accounts, transfers, stops }: Ledgers, differ: (what: string) => void): void {
	const owns = new Map(accounts.map((one) => [one.account, one]));
	const rows = new Set(edges.map(({ position }) => position));
	const named = new Set(seeds.map(({ spec }) => spec.slice(spec.indexOf(":") + 1).toLowerCase()));
	const exchanged = new Set(stops.flatMap(({ what, position }) => (what === "given" ? [transactionOf(position)] : [])));
	for (const { position, txHash, from, to } of transfers) {
		const at = placeOf(position).slice(0, 2);
		const kept = [owns.get(from), owns.get(to)].some((own) => own !== undefined && isKept(own, at));
		if (!kept && !rows.has(position) && !named.has(txHash) && !exchanged.has(transactionOf(position)))
			differ(`the movement at ${position} belongs to no ledger`);
	}
}
