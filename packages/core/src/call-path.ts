import type { TransferRecord } from "./transfer.js";

/**
 * Ways of saying where a call stands among those of its transaction, best first: ethereum-etl's `trace_address`, Blockscout's `index` and
 * the Etherscan family's `traceId`. Within one way calls come in the order of their paths, an outer one before those inside of it;
 * between two ways nothing is known.
 */
const SCHEMES = ["trace", "blockscout", "explorer"] as const;
export type CallScheme = (typeof SCHEMES)[number];

/** Calls inside of calls that the machine allows. */
export const MAX_CALL_DEPTH = 1_024;

/** A scheme, and the steps to a call with underscores between: `trace:0_1`. */
export function callPath(scheme: CallScheme, steps: string): string {
	return `${scheme}:${steps}`;
}

/** What tells where a call stands. */
interface Placed {
	readonly callPath?: string | undefined;
}

/**
 * All that is told of the places of `count` equal movements, of each scheme in order one for each movement; what is more stays with the
 * last one. So nothing told is lost, and the order in which it was told does not matter.
 */
export function unitedPaths(equal: readonly Placed[], count: number): readonly (string | undefined)[] {
	const all = new Set(equal.flatMap(pathsOf));
	if (all.size === 0) return Array.from({ length: count }, () => undefined);
	const united = Array.from({ length: count }, (): string[] => []);
	for (const scheme of SCHEMES) {
		const own = [...all].filter((path) => isOf(path, scheme)).sort(comparePaths);
		for (const [i, path] of own.entries()) united[Math.min(i, count - 1)]?.push(path);
	}
	return united.map((paths) => (paths.length === 0 ? undefined : paths.join(" ")));
}

/** The paths of a call by the scheme that names each call of a chain once: ethereum-etl's. */
export function namedCalls(call: Placed): readonly string[] {
	return pathsOf(call).filter((path) => isOf(path, "trace"));
}

/** The order that sources tell of a transaction's calls, by the scheme that tells of most; calls of which it does not tell have none. */
export function toldCalls<T extends TransferRecord>(calls: readonly T[]): ReadonlyMap<T, number> {
	let best = new Map<T, string>();
	if (!calls.some(({ callPath: path }) => path !== undefined)) return new Map();
	for (const scheme of SCHEMES) {
		const told = new Map<T, string>();
		for (const call of calls) {
			const own = pathsOf(call).filter((path) => isOf(path, scheme));
			// More paths than movements: sources number the calls in different ways.
			if (own.length === 1) told.set(call, own[0] as string);
		}
		if (told.size > best.size) best = told;
	}
	return new Map([...best].sort(([, a], [, b]) => comparePaths(a, b)).map(([call], i) => [call, i]));
}

function pathsOf({ callPath: paths }: Placed): readonly string[] {
	return paths?.split(" ") ?? [];
}

function isOf(path: string, scheme: CallScheme): boolean {
	return path.startsWith(`${scheme}:`);
}

/** Order of two paths of one scheme: step by step as numbers, an outer call before those inside of it. */
function comparePaths(a: string, b: string): number {
	const [stepsA, stepsB] = [stepsOf(a), stepsOf(b)];
	for (const [i, step] of stepsA.entries()) {
		const other = stepsB[i];
		if (other === undefined) return 1;
		if (step !== other) return step - other;
	}
	return stepsA.length - stepsB.length || (a < b ? -1 : a > b ? 1 : 0);
}

function stepsOf(path: string): number[] {
	return path
		.slice(path.indexOf(":") + 1)
		.split("_")
		.map(Number);
}
