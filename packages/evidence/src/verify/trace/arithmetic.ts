import { asForward, isBackward } from "../backward/as-forward.js";
import type { Amounts, Audit, Edge, Trace } from "../bundle/formats.js";
import type { Fail } from "../failure.js";
import { checkBehindUnread } from "./behind-unread.js";
import { checkBounds } from "./bounds.js";
import { checkConservation, SUMS } from "./conservation.js";
import { comparePosition } from "./positions.js";
import { isClaim, POISON } from "./rules.js";
import { neededOfSeeds, type Step } from "./supply.js";

/** Adds the result's arithmetic again from its rows: bounds, every account's flow, the conservation table, agreed and range. */
export function checkArithmetic(trace: Trace, fail: Fail): void {
	checkEdges(trace, fail);
	const played = asForward(trace);
	for (const view of views(played)) {
		checkFlow(view, fail);
		checkSupply(view, fail);
	}
	checkConservation(trace, fail);
	checkBounds(played, fail);
	checkBehindUnread(played, fail);
	checkOutpoints(played, fail);
}

function checkEdges(trace: Trace, fail: Fail): void {
	let last = "";
	const movements = new Map<string, number>();
	for (const [i, edge] of trace.edges.entries()) {
		const where = `trace.json edge ${i + 1}`;
		if (edge.row !== i + 1) fail(where, `is numbered ${edge.row}`);
		if (last !== "" && comparePosition(last, edge.position) > 0) fail(where, `position ${edge.position} stands before ${last}`);
		last = edge.position;
		// One movement is one row; two accounts may exchange by the same transfer.
		const movement = edge.into === undefined ? edge.position : `${edge.position} ${edge.from}`;
		const known = movements.get(movement);
		if (known !== undefined) fail(where, `stands on the same movement as edge ${known}`);
		else movements.set(movement, i + 1);
		if (!isKindOf(edge)) fail(where, `is called ${edge.kind}, which no ${edge.into === undefined ? "movement" : "exchange"} is`);
		for (const side of edge.into === undefined ? [edge] : [edge, edge.into]) checkTaint(side, fail, where);
	}
}

/** An exchange is called one, is an account's own, and no other row is. */
export function isKindOf({ kind, into, from, to }: Edge): boolean {
	return into === undefined ? kind !== EXCHANGE : kind === EXCHANGE && from === to;
}

const EXCHANGE = "conversion";

/** No rule taints more than moved, and origins give their total. */
export function checkTaint(
	side: { amount: string; tainted: Amounts; byOrigin?: readonly Amounts[] | undefined },
	fail: Fail,
	where: string,
): void {
	for (const [rule, amount] of Object.entries(side.tainted))
		if (BigInt(amount) > BigInt(side.amount)) fail(where, `${rule} taints ${amount} of ${side.amount}`);
	checkOrigins(side, fail, where);
}

/** Over several seeds a total is the sum of the origins, or for claims the largest. */
function checkOrigins(side: { tainted: Amounts; byOrigin?: readonly Amounts[] | undefined }, fail: Fail, where: string): void {
	if (side.byOrigin === undefined) return;
	for (const [rule, total] of Object.entries(side.tainted)) {
		const parts = side.byOrigin.map((amounts) => BigInt(amounts[rule] ?? "0"));
		const claim = isClaim(rule);
		const expected = parts.reduce((a, b) => (claim ? (a > b ? a : b) : a + b), 0n);
		if (expected !== BigInt(total)) fail(where, `${rule}: the origins give ${expected}, the row says ${total}`);
	}
}

/** One rule for one origin (or for the only one): what each row, leaf and seed says under it. */
interface View {
	readonly name: string;
	readonly trace: Trace;
	readonly read: (amounts: Amounts, byOrigin: readonly Amounts[] | undefined) => bigint;
	/** What it marked, of the seeds that it is about. */
	readonly marked: readonly { readonly position: string; readonly account: string; readonly asset: string; readonly amount: bigint }[];
	readonly table: Audit[string];
}

function views(trace: Trace): View[] {
	const several = trace.seeds.length > 1;
	const origins = several ? trace.seeds.map((_, i) => i) : [0];
	return trace.rules
		.filter((rule) => rule !== POISON)
		.flatMap((rule) =>
			origins.map((origin) => ({
				name: several ? `${rule}, seed ${origin + 1}` : rule,
				trace,
				read: (amounts: Amounts, byOrigin: readonly Amounts[] | undefined) =>
					BigInt((several ? byOrigin?.[origin]?.[rule] : amounts[rule]) ?? "0"),
				marked: (trace.seeds[origin]?.rows ?? []).map(({ position, account, asset, seeded }) => ({
					position,
					account,
					asset,
					amount: BigInt(seeded[rule] ?? "0"),
				})),
				table: (several ? trace.conservationByOrigin?.[origin] : trace.conservation)?.[rule] ?? {},
			})),
		);
}

type Sums = Record<(typeof SUMS)[number], bigint>;

/** For every account and asset, what came in is what went out or stayed; and the sums are those of the table. */
function checkFlow(view: View, fail: Fail): void {
	const { trace, read } = view;
	const balance = new Map<string, bigint>();
	const sums = new Map<string, Sums>();
	const move = (account: string, asset: string, change: bigint) => {
		if (change !== 0n) balance.set(`${account} ${asset}`, (balance.get(`${account} ${asset}`) ?? 0n) + change);
	};
	const add = (asset: string, what: keyof Sums, amount: bigint) => {
		const of = sums.get(asset) ?? { seeded: 0n, convertedIn: 0n, convertedOut: 0n, held: 0n, stopped: 0n, fees: 0n };
		of[what] += amount;
		sums.set(asset, of);
	};
	const seededAt = new Map<string, bigint>();
	const moved = new Set(trace.edges.flatMap(({ position, into }) => (into === undefined ? [position] : [])));
	for (const { position, account, asset, amount } of view.marked) {
		// What is asked about lies there: no row brought it.
		if (isBackward(trace) && !moved.has(position)) move(account, asset, amount);
		seededAt.set(position, (seededAt.get(position) ?? 0n) + amount);
		add(asset, "seeded", amount);
	}
	for (const edge of trace.edges) {
		const amount = read(edge.tainted, edge.byOrigin);
		if (edge.into !== undefined) {
			const got = read(edge.into.tainted, edge.into.byOrigin);
			move(edge.from, edge.asset, -amount);
			move(edge.from, edge.into.asset, got);
			add(edge.asset, "convertedOut", amount);
			add(edge.into.asset, "convertedIn", got);
			continue;
		}
		// What a seed marked on this transfer did not come from the sender.
		const unclaimed = edge.kind === "fee" ? 0n : (seededAt.get(edge.position) ?? 0n);
		const seeded = unclaimed < amount ? unclaimed : amount;
		seededAt.set(edge.position, unclaimed - seeded);
		move(edge.from, edge.asset, seeded - amount);
		if (edge.kind === "fee") add(edge.asset, "fees", amount);
		else move(edge.to, edge.asset, amount);
	}
	for (const leaf of trace.leaves) {
		for (const [asset, amounts] of Object.entries(leaf.amounts)) {
			const amount = read(amounts, leaf.byOrigin?.[asset]);
			move(leaf.account, asset, -amount);
			add(asset, leaf.stop.reason === "unspent" || leaf.stop.reason === "time-window" ? "held" : "stopped", amount);
		}
	}
	for (const [key, left] of balance) if (left !== 0n) fail("trace.json", `${view.name}: ${left} unaccounted for at ${key}`);
	checkTable(view, sums, fail);
}

/** At no time is more of an asset exchanged, paid in fees or at an end than seeds marked and exchanges had brought. */
function checkSupply({ name, trace, read, marked: rows }: View, fail: Fail): void {
	const steps = trace.edges.map((edge): Step => {
		const pays = { asset: edge.asset, amount: read(edge.tainted, edge.byOrigin) };
		if (edge.kind === "fee") return { pays };
		if (edge.into === undefined) return { brings: { account: edge.to, ...pays } };
		const gets = { asset: edge.into.asset, amount: read(edge.into.tainted, edge.into.byOrigin) };
		return { pays, gets, brings: { account: edge.from, ...gets } };
	});
	const ends = trace.leaves.flatMap(({ account, amounts, byOrigin }) =>
		Object.entries(amounts).map(([asset, each]) => ({ account, asset, amount: read(each, byOrigin?.[asset]) })),
	);
	const marked = new Map<string, bigint>();
	for (const { asset, amount } of rows) marked.set(asset, (marked.get(asset) ?? 0n) + amount);
	for (const [asset, needed] of neededOfSeeds(steps, ends))
		if (needed > (marked.get(asset) ?? 0n))
			fail(
				"trace.json",
				`${name}: ${needed} of ${asset} must be of seeds, which marked ${marked.get(asset) ?? 0n}: no exchange had brought it`,
			);
}

function checkTable(view: View, sums: ReadonlyMap<string, Sums>, fail: Fail): void {
	for (const asset of new Set([...sums.keys(), ...Object.keys(view.table)])) {
		for (const what of SUMS) {
			const added = sums.get(asset)?.[what] ?? 0n;
			const stated = BigInt(view.table[asset]?.[what] ?? "0");
			if (added !== stated)
				fail("trace.json conservation", `${view.name}: ${asset}: the rows give ${what} ${added}, the table says ${stated}`);
		}
	}
}

/** Outputs that are asked about, by place and amount, and by account and amount: no row brings them. */
function askedOutputs({ seeds }: Trace): ReadonlySet<string> {
	return new Set(
		seeds.flatMap(({ rows }) => rows.flatMap(({ position, account, amount }) => [`${position} ${amount}`, `${account} ${amount}`])),
	);
}

/** On Bitcoin: an output is made once, and what it holds is spent whole, once, or lies at one leaf. */
function checkOutpoints(trace: Trace, fail: Fail): void {
	type Row = { outpoint?: string | undefined; amount: string; tainted: Amounts; byOrigin?: readonly Amounts[] | undefined };
	const words = (row: Row) =>
		JSON.stringify([row.amount, Object.entries(row.tainted).sort(), row.byOrigin?.map((o) => Object.entries(o).sort()) ?? []]);
	const made = new Map<string, string>();
	const take = (row: Row, where: string) => {
		const outpoint = row.outpoint ?? "";
		if (made.get(outpoint) !== words(row)) fail(where, `takes from output ${outpoint} other than what was put there, or takes it twice`);
		made.delete(outpoint);
	};
	const asked = isBackward(trace) ? askedOutputs(trace) : undefined;
	for (const edge of trace.edges) {
		if (edge.outpoint === undefined) continue;
		const where = `trace.json edge ${edge.row}`;
		if (edge.kind === "spend" && asked?.has(`${edge.position} ${edge.amount}`)) {
			made.delete(edge.outpoint);
			continue;
		}
		if (edge.kind === "spend") take(edge, where);
		else if (made.has(edge.outpoint)) fail(where, `makes output ${edge.outpoint} a second time`);
		else made.set(edge.outpoint, words(edge));
	}
	for (const [i, leaf] of trace.leaves.entries())
		for (const row of leaf.outpoints ?? [])
			if (asked?.has(`${leaf.account} ${row.amount}`)) made.delete(row.outpoint);
			else take(row, `trace.json leaf ${i + 1}`);
	for (const outpoint of made.keys()) fail("trace.json", `output ${outpoint} is neither spent nor at a leaf`);
}
