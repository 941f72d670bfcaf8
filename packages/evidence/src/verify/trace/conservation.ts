import type { Amounts, Audit, Trace } from "../bundle/formats.js";
import type { Fail } from "../failure.js";
import { isClaim, POISON } from "./rules.js";

/** The sums of a row of the table, as they are called there. */
export const SUMS = ["seeded", "convertedIn", "convertedOut", "held", "stopped", "fees"] as const;

/**
 * The tables of what is conserved are whole: of every rule but poison, of assets that moved, over several seeds one a seed, and their sum
 * without claims, which are never added up. That each table is what the rows give is checked where they are added.
 */
export function checkConservation(trace: Trace, fail: Fail): void {
	const { seeds, conservation, conservationByOrigin: own = [] } = trace;
	const rules = trace.rules.filter((rule) => rule !== POISON);
	const several = seeds.length > 1;
	const summed = several ? rules.filter((rule) => !isClaim(rule)) : rules;
	const assets = assetsOf(trace);
	if (own.length !== (several ? seeds.length : 0))
		fail("trace.json conservationByOrigin", `has ${own.length} tables, where there are ${seeds.length} seeds`);
	checkEntries("trace.json conservation", conservation, summed, assets, fail);
	for (const [i, table] of own.entries()) checkEntries(`trace.json conservationByOrigin ${i + 1}`, table, rules, assets, fail);
	for (const rule of several ? summed : []) {
		const all = addedUp(own.map((table) => table[rule] ?? {}));
		const stated = addedUp([conservation[rule] ?? {}]);
		for (const key of new Set([...all.keys(), ...stated.keys()])) {
			const [sum, said] = [all.get(key) ?? 0n, stated.get(key) ?? 0n];
			if (sum !== said) fail("trace.json conservation", `${rule}: ${key} ${sum}, the table says ${said}`);
		}
	}
	checkSeeded(trace, fail);
}

/** What tables of seeds say, added up by asset and sum, as it is told. */
function addedUp(tables: readonly Audit[string][]): ReadonlyMap<string, bigint> {
	const sums = new Map<string, bigint>();
	for (const table of tables)
		for (const [asset, entry] of Object.entries(table))
			for (const what of SUMS) {
				const key = `${asset}: the seeds give ${what}`;
				sums.set(key, (sums.get(key) ?? 0n) + BigInt(entry[what] ?? "0"));
			}
	return sums;
}

function checkEntries(where: string, table: Audit, rules: readonly string[], assets: ReadonlySet<string>, fail: Fail): void {
	for (const rule of Object.keys(table))
		if (!rules.includes(rule)) fail(where, `${JSON.stringify(rule.slice(0, 40))} conserves nothing, was not run, or is never added up`);
	for (const rule of rules) if (!Object.hasOwn(table, rule)) fail(where, `does not say what ${rule} conserves`);
	for (const asset of new Set(Object.values(table).flatMap((sums) => Object.keys(sums))))
		if (!assets.has(asset)) fail(where, `names ${JSON.stringify(asset.slice(0, 100))}, which no row moves`);
}

/** What a seed says that it marked is what its rows say. */
function checkSeeded({ seeds }: Trace, fail: Fail): void {
	for (const [i, { seeded, rows }] of seeds.entries()) {
		const sums = new Map<string, Map<string, bigint>>();
		for (const row of rows)
			for (const [rule, amount] of Object.entries(row.seeded)) {
				const of = sums.get(row.asset) ?? new Map<string, bigint>();
				sums.set(row.asset, of.set(rule, (of.get(rule) ?? 0n) + BigInt(amount)));
			}
		const text = (amounts: Amounts | ReadonlyMap<string, bigint> | undefined) =>
			[...(amounts instanceof Map ? amounts : Object.entries(amounts ?? {}))]
				.map(([rule, amount]) => `${rule} ${amount}`)
				.sort()
				.join();
		for (const asset of new Set([...sums.keys(), ...Object.keys(seeded)]))
			if (text(sums.get(asset)) !== text(seeded[asset]))
				fail(`trace.json seed ${i + 1}`, `its rows give other sums of ${asset} than it says`);
	}
}

function assetsOf({ seeds, edges, leaves }: Trace): ReadonlySet<string> {
	return new Set([
		...seeds.flatMap(({ rows }) => rows.map(({ asset }) => asset)),
		...edges.flatMap(({ asset, into }) => (into === undefined ? [asset] : [asset, into.asset])),
		...leaves.flatMap(({ amounts }) => Object.keys(amounts)),
	]);
}
