import type { Edge, Trace } from "../bundle/formats.js";
import { familyOf, ledgerOf } from "../chain-family/registry.js";
import { comparePosition, transactionOf } from "../trace/positions.js";
import { isClaim } from "../trace/rules.js";

/** Kinds of movements that tell which side stands for nobody, or for a transaction of outputs: they turn round with it. */
const TURNED: Readonly<Record<string, string | undefined>> = { mint: "burn", burn: "mint", spend: "output", output: "spend" };

/** True for a trace that says where money came from. */
export function isBackward({ direction }: Pick<Trace, "direction">): boolean {
	return direction === "backward";
}

/** A movement with payer and receiver exchanged; all else of it, its place too, stays as it is. */
export function turned<T extends { readonly from: string; readonly to: string; readonly kind: string }>(movement: T): T {
	return { ...movement, from: movement.to, to: movement.from, kind: TURNED[movement.kind] ?? movement.kind };
}

/**
 * A trace as one that goes forward, so that what holds of every trace is asked of it in one way: of one that goes backward the rows stand
 * from the last to the first, each with payer and receiver exchanged, so that money goes from what is asked about to its sources. Places,
 * numbers of rows and end points stay as they are. What a coinbase gave has no row: here it has one.
 */
export function asForward(trace: Trace): Trace {
	if (!isBackward(trace)) return trace;
	const back = [...trace.edges].sort((a, b) => comparePosition(b.position, a.position)).map(turnedRow);
	return { ...trace, edges: ledgerOf(trace.chain) === "outputs" ? [...back, ...coinbases(trace, back)] : back };
}

/** Of an exchange what was got goes back to what was paid. */
function turnedRow(edge: Edge): Edge {
	if (edge.into === undefined) return turned(edge);
	const { asset, amount, tainted, byOrigin, range, into, ...rest } = edge;
	const side = (one: Omit<NonNullable<Edge["into"]>, "asset" | "amount" | "tainted">) => ({
		...(one.byOrigin === undefined ? {} : { byOrigin: one.byOrigin }),
		...(one.range === undefined ? {} : { range: one.range }),
	});
	const [own, other] = [{ byOrigin, range } as Pick<Edge, "byOrigin" | "range">, into];
	return {
		...rest,
		...{ asset: into.asset, amount: into.amount, tainted: into.tainted },
		...side(other),
		into: { asset, amount, tainted, ...side(own) },
	};
}

/** What transactions that spend nothing made: it was newly made, by nobody. */
function coinbases({ chain, rules, seeds }: Trace, rows: readonly Edge[]): Edge[] {
	const goesOn = new Set(rows.filter(({ kind }) => kind === "output").map(({ from }) => from));
	const made = new Map<string, Edge[]>();
	for (const row of rows) if (row.kind === "spend" && !goesOn.has(row.to)) made.set(row.to, [...(made.get(row.to) ?? []), row]);
	const [nobody] = familyOf(chain)?.burned ?? [];
	return [...made].map(([node, own]) => {
		const [first] = own as [Edge, ...Edge[]];
		const sum = (read: (row: Edge) => Record<string, string> | undefined) =>
			Object.fromEntries(
				rules.map((rule) => {
					const parts = own.map((row) => BigInt(read(row)?.[rule] ?? "0"));
					return [rule, parts.reduce((a, b) => (isClaim(rule) ? (a > b ? a : b) : a + b), 0n).toString()];
				}),
			);
		const { outpoint: _, byOrigin: __, range: ___, ...rest } = first;
		return {
			...rest,
			...{ kind: "output", position: `${transactionOf(first.position)}.0`, from: node, to: `${chain}:${nobody}` },
			amount: own.reduce((all, { amount }) => all + BigInt(amount), 0n).toString(),
			tainted: sum(({ tainted }) => tainted),
			...(seeds.length > 1 ? { byOrigin: seeds.map((_, origin) => sum(({ byOrigin }) => byOrigin?.[origin])) } : {}),
		};
	});
}
