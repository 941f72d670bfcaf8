import { ledgerOf } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import { accountOf } from "../recompute/seeds.js";
import { transactionOf } from "../trace/positions.js";
import { isClaim } from "../trace/rules.js";
import type { Request, RequestExchange, RequestRow, RequestWay, WayRow } from "./formats.js";

/** The way on one chain. */
export interface Part {
	readonly chain: string;
	readonly rules: readonly string[];
	readonly where: string;
	readonly rows: readonly (RequestRow & Partial<WayRow>)[];
	readonly exchanges: readonly RequestExchange[];
	/** True for the number of a row that brings an amount asked for. */
	ends(row: number): boolean;
}

/** A movement as it takes money from one place and brings it to another. */
interface Step {
	readonly row: number;
	readonly order: readonly [height: number, transaction: number];
	readonly takes: string;
	readonly brings: string;
	readonly out: Readonly<Record<string, string>>;
	readonly into: Readonly<Record<string, string>>;
	readonly start: boolean;
	readonly end: boolean;
	readonly exchange: boolean;
}

/**
 * Every step leads on, every step comes from a beginning or from one that brought the money there before, or in the same transaction; and
 * under each rule no more leaves a place than had come there. Of several seeds, claims count once for each. O(steps log steps).
 */
export function checkFlow(parts: readonly Part[], passages: RequestWay["passages"], seeds: Request["seeds"], fail: Fail): void {
	const paid = new Set(passages.map(({ paid: side }) => `${side.position} ${side.from}`));
	for (const part of parts) {
		const begins = beginnings(seeds, part.chain);
		const steps = stepsOf(part, paid, begins, fail);
		checkLeads(steps, part.where, fail);
		checkSupplied(steps, part, seeds.length, begins.accounts, fail);
	}
}

interface Beginnings {
	/** Accounts that are seeds: all that leaves them begins there. */
	readonly accounts: ReadonlySet<string>;
	/** True for a row that a seed can have marked. */
	marks(row: RequestRow & Partial<WayRow>): boolean;
}

const [ACCOUNT, PASSAGE] = ["account:", "passage:"];

function beginnings(seeds: Request["seeds"], chain: string): Beginnings {
	const own = seeds.map(({ spec }) => (spec.startsWith(PASSAGE) ? spec.slice(PASSAGE.length) : spec));
	const accounts = new Set(own.flatMap((spec) => (spec.startsWith(ACCOUNT) ? [accountOf(spec.slice(ACCOUNT.length), chain)] : [])));
	const named = new Set(own.map((spec) => spec.slice(spec.indexOf(":") + 1).toLowerCase()));
	const transactions = new Set([...named].map((text) => text.split(":", 1)[0]));
	return {
		accounts,
		marks: ({ passage, txHash, position, to }) =>
			passage !== undefined || accounts.has(to) || named.has(position) || transactions.has(txHash),
	};
}

function stepsOf(part: Part, paid: ReadonlySet<string>, begins: Beginnings, fail: Fail): Step[] {
	const outputs = ledgerOf(part.chain) === "outputs";
	const order = (position: string) => transactionOf(position).split(".").map(Number) as unknown as Step["order"];
	const rows = part.rows.map((row): Step => {
		const { from, to, asset, outpoint, txHash, position, tainted } = row;
		const makes = outpoint?.startsWith(`${txHash}:`);
		const marked = begins.marks(row);
		if (row.seeded && !marked) fail(`${part.where} row ${row.row}`, "is said to begin the trace, and no seed marks it");
		return {
			row: row.row,
			order: order(position),
			takes: outputs && outpoint !== undefined && !makes ? `output ${outpoint}` : `${from} ${asset}`,
			brings: outputs && makes ? `output ${outpoint}` : `${to} ${asset}`,
			out: tainted,
			into: tainted,
			start: marked || begins.accounts.has(from),
			end: part.ends(row.row) || paid.has(`${position} ${from}`),
			exchange: false,
		};
	});
	const exchanges = part.exchanges.map(({ row, position, account, paid: gave, got }): Step => {
		return {
			row,
			order: order(position),
			takes: `${account} ${gave.asset}`,
			brings: `${account} ${got.asset}`,
			out: gave.tainted,
			into: got.tainted,
			start: begins.accounts.has(account),
			end: part.ends(row),
			exchange: true,
		};
	});
	return [...rows, ...exchanges].sort((a, b) => a.row - b.row);
}

const notAfter = (a: Step, b: Step) => a.order[0] < b.order[0] || (a.order[0] === b.order[0] && a.order[1] <= b.order[1]);

function checkLeads(steps: readonly Step[], where: string, fail: Fail): void {
	const [first, last] = [new Map<string, Step>(), new Map<string, Step>()];
	for (const step of steps) {
		if (!first.has(step.brings)) first.set(step.brings, step);
		last.set(step.takes, step);
	}
	for (const step of steps) {
		const next = last.get(step.brings);
		if (!step.end && (next === undefined || !notAfter(step, next)))
			fail(`${where} row ${step.row}`, "leads to nothing that is asked about");
		const before = first.get(step.takes);
		if (!step.start && (before === undefined || !notAfter(before, step)))
			fail(`${where} row ${step.row}`, "comes from where nothing of the way had come before");
	}
}

/** Under each rule what a place had got, at the end of each transaction, covers what had left it. */
function checkSupplied(steps: readonly Step[], { rules, where }: Part, seeds: number, starts: ReadonlySet<string>, fail: Fail): void {
	for (const rule of rules) {
		const origins = isClaim(rule) ? BigInt(Math.max(seeds, 1)) : 1n;
		const held = new Map<string, bigint>();
		const change = (key: string, by: bigint) => held.set(key, (held.get(key) ?? 0n) + by);
		for (let at = 0; at < steps.length; ) {
			const [now] = steps.slice(at, at + 1) as [Step];
			const together: Step[] = [];
			for (let one = steps[at]; one !== undefined && notAfter(one, now); one = steps[++at]) together.push(one);
			for (const { brings, into } of together) change(brings, BigInt(into[rule] ?? "0") * origins);
			for (const { takes, out, start, row } of together) {
				if (start || starts.has(takes.slice(0, takes.lastIndexOf(" ")))) continue;
				change(takes, -BigInt(out[rule] ?? "0"));
				if ((held.get(takes) ?? 0n) < 0n) fail(`${where} row ${row}`, `pays more under ${rule} than had come by the way`);
			}
		}
	}
}
