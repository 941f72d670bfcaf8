import type { Edge } from "../bundle/formats.js";
import { ledgerOf } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import type { ProvenBlocks } from "../proofs/proofs.js";
import { heightOf } from "./positions.js";

const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** True for a moment in the one form that results state (ISO 8601, UTC, whole seconds), or for none. */
export function isMoment(time: string): boolean {
	if (time === "") return true;
	const at = FORM.test(time) ? Date.parse(time) : Number.NaN;
	return !Number.isNaN(at) && momentOf(at / 1000) === time;
}

/** Unix seconds in the form of results. */
export function momentOf(seconds: number): string {
	return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/**
 * Times of rows are moments, one a block, that of its proof where there is one, and on chains of accounts (whose rules forbid it) no
 * earlier than those of blocks before it.
 */
export function checkTimes(
	chain: string,
	edges: readonly Pick<Edge, "row" | "position" | "time">[],
	blocks: ProvenBlocks,
	fail: Fail,
): void {
	const times = new Map([...blocks.values()].map(({ height, time }) => [height, momentOf(time)]));
	for (const { row, position, time } of edges) {
		const height = heightOf(position);
		if (!isMoment(time)) fail(`row ${row}`, `its time is ${JSON.stringify(time.slice(0, 40))}, which is none as results state it`);
		else if (time !== "") {
			const known = times.get(height) ?? time;
			if (known !== time) fail(`row ${row}`, `its time is ${time}, and block ${height} is of ${known}`);
			times.set(height, known);
		}
	}
	if (ledgerOf(chain) !== "accounts") return;
	let last: readonly [number, string] | undefined;
	for (const [height, time] of [...times].sort(([a], [b]) => a - b)) {
		if (last !== undefined && Date.parse(time) < Date.parse(last[1]))
			fail(`block ${height}`, `is of ${time}, and block ${last[0]} before it of ${last[1]}`);
		last = [height, time];
	}
}
