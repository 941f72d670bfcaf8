import type { Amounts, Trace } from "../bundle/formats.js";
import { PASSAGE } from "../bundle/seed-form.js";
import { groupBy } from "../encoding/group-by.js";
import type { Fail } from "../failure.js";
import { comparePosition } from "./positions.js";
import { isClaim, POISON } from "./rules.js";

type Seeded = Trace["seeds"][number]["rows"][number];

/** A row of a seed that is the far side of a passage, by its key. */
type Arrived = Seeded & { readonly passage: string };

/**
 * A seed marks what its own words say, and what came out of passages: each such row is the far side of a passage of the trace, of no more
 * than that says; or came from another chain, which the money went to before, or which the trace's seeds stand on. Gives in words what came
 * from there: nothing here shows it. `cut` is set where a trace went no further, so that its passages are not those that were marked last.
 */
export function checkPassageMarks(trace: Trace, cut: boolean, fail: Fail): string[] {
	const { chain, seeds, passages = [] } = trace;
	const onOther = seeds.filter(({ spec }) => spec.startsWith(PASSAGE));
	if (onOther.length > 0 && onOther.length < seeds.length) fail("trace.json", "has seeds of this chain and seeds of another one");
	const isHere = (asset: string) => asset.startsWith(`${chain}/`);
	const left = passages.filter(({ got, into = {} }) => got !== undefined && !isHere(got.asset) && isSome(into));
	const byKey = groupBy(passages, ({ key }) => key);
	const given: Arrived[] = [];
	const taken: Arrived[] = [];
	for (const [origin, { spec, rows }] of seeds.entries())
		for (const row of rows) {
			const where = `trace.json seed ${origin + 1} at ${row.position}`;
			if (!isArrived(row)) {
				if (spec.startsWith(PASSAGE)) fail(where, "marks what came out of no passage, and stands on another chain");
				continue;
			}
			const own = byKey.get(row.passage) ?? [];
			if (own.some((passage) => isFarSide(passage, row))) taken.push(row);
			else if (own.length > 0 && !cut) fail(where, `marks what came out of passage ${row.passage}, which comes out by no such movement`);
			else if (
				onOther.length > 0 ||
				(cut && passages.length > 0) ||
				left.some(({ paid }) => comparePosition(paid.position, row.position) < 0)
			)
				given.push(row);
			else fail(where, `marks what came out of passage ${row.passage}, and the trace has none that it can have come from`);
		}
	for (const rows of groupBy(taken, ({ position, passage }) => `${position} ${passage}`).values()) {
		const [{ position, passage }] = rows as [Arrived];
		const into = (byKey.get(passage) ?? []).filter(({ got }) => got?.position === position).map((one) => one.into ?? {});
		const amounts = rows.map(({ seeded }) => seeded);
		for (const rule of cut ? [] : trace.rules) {
			const [marked, most] = [together(rule, amounts), into.reduce((sum, one) => sum + BigInt(one[rule] ?? "0"), 0n)];
			if (marked > most) fail("trace.json", `passage ${passage}: under ${rule} ${marked} is marked of ${most} that came out`);
		}
	}
	return given.length === 0 ? [] : [`what came over passages from elsewhere and is marked as stolen (${inWords(trace.rules, given)})`];
}

function isArrived(row: Seeded): row is Arrived {
	return row.passage !== undefined;
}

function isSome(amounts: Amounts): boolean {
	return Object.values(amounts).some((amount) => amount !== "0");
}

function isFarSide({ tier, got }: NonNullable<Trace["passages"]>[number], { position, txHash, account, asset, amount }: Arrived): boolean {
	return (
		tier === "structural" &&
		got !== undefined &&
		[got.position, got.txHash, got.to, got.asset, got.amount].join() === [position, txHash, account, asset, amount].join()
	);
}

/** Of claims, which several seeds may have on one unit, the largest. */
function together(rule: string, amounts: readonly Amounts[]): bigint {
	const each = amounts.map((one) => BigInt(one[rule] ?? "0"));
	return each.reduce((a, b) => (isClaim(rule) || rule === POISON ? (a > b ? a : b) : a + b), 0n);
}

/** How many movements, and at most how much of each asset under any rule. */
function inWords(rules: readonly string[], rows: readonly Arrived[]): string {
	const assets = [...new Set(rows.map(({ asset }) => asset))].map((asset) => {
		const own = rows.filter((row) => row.asset === asset).map(({ seeded }) => seeded);
		const most = rules.map((rule) => own.reduce((sum, one) => sum + BigInt(one[rule] ?? "0"), 0n)).reduce((a, b) => (a > b ? a : b), 0n);
		return `at most ${most} of ${asset}`;
	});
	return [`${rows.length} ${rows.length === 1 ? "movement" : "movements"}`, ...assets].join(", ");
}
