import {
	type AccountId,
	type AssetId,
	COVERED_KINDS,
	type Coverage,
	type CoveredKind,
	chainOf,
	type LedgerReader,
	nativeAsset,
	type TraceGap,
} from "@clew/core";
import { unknownOpening } from "./balance-gaps.js";
import { holesIn, readRuns } from "./read-runs.js";

/** What a sentence that names kinds of transfers, and heights of them that were not fetched, ends with. */
const NOT_RECKONED = "agreed does not reckon with what came by them and stayed";

/**
 * Heights of each kind, between two of them both inclusive, that were not fetched though others of it were, and other kinds there. `so`
 * says what follows.
 */
export function holeGaps(
	account: AccountId,
	coverage: readonly Coverage[],
	{ from: lowest, to: highest }: { readonly from: number; readonly to: number },
	so: string,
): TraceGap[] {
	const kindsOf = new Map<string, CoveredKind[]>();
	const reach = {
		from: Math.min(...coverage.map((c) => c.fromHeight)),
		to: Math.min(highest, Math.max(...coverage.map((c) => c.toHeight))),
	};
	for (const kind of COVERED_KINDS)
		for (const { from, to } of holesIn(readRuns(coverage, kind), lowest, reach)) {
			if (from > highest) continue;
			const heights = `${from} ${Math.min(to, highest)}`;
			kindsOf.set(heights, [...(kindsOf.get(heights) ?? []), kind]);
		}
	return [...kindsOf].map(([heights, kinds]): TraceGap => {
		const [fromHeight = "", toHeight = ""] = heights.split(" ");
		const text = `its ${kinds.join(" and ")} transfers at these heights were not fetched, others were: ${so}`;
		return { kind: "missing-kind", account, fromHeight, toHeight, text };
	});
}

/** What sources say of what they told of an account. */
export function sourceNotes(account: AccountId, coverage: readonly Coverage[]): TraceGap[] {
	const notes = new Set(coverage.map(({ note }) => note).filter((note) => note !== ""));
	return [...notes].map((text) => ({ kind: "source-note", account, text }));
}

/**
 * What the case lacks of an account that tainted money came to at a height: coins, and those `tokens` of which tainted ones moved there;
 * `exchanges` where it exchanged some.
 */
export async function accountGaps(
	account: AccountId,
	height: number,
	coverage: readonly Coverage[],
	source: LedgerReader,
	{ tokens, exchanges }: { readonly tokens: Iterable<AssetId>; readonly exchanges: boolean },
): Promise<TraceGap[]> {
	const gaps: TraceGap[] = [];
	if (coverage.length === 0) {
		gaps.push({ kind: "unfetched-account", account, text: "it was seeded or followed, but its own history is not in the case" });
		return gaps;
	}
	const missing = COVERED_KINDS.filter((kind) => !coverage.some((c) => c.kinds.includes(kind)));
	if (missing.length > 0) {
		gaps.push({
			kind: "missing-kind",
			account,
			fromHeight: height.toString(),
			text: `its ${missing.join(" and ")} transfers were not fetched: ${NOT_RECKONED}${exchanges ? ", and what it exchanged is judged by the others alone" : ""}`,
		});
	}
	gaps.push(...holeGaps(account, coverage, { from: height, to: Number.POSITIVE_INFINITY }, NOT_RECKONED));
	const first = Math.min(...coverage.map((c) => c.fromHeight));
	for (const asset of [undefined, ...tokens]) {
		const opening = await unknownOpening(account, asset ?? nativeAsset(chainOf(account)), coverage, source);
		if (opening === undefined) continue;
		const moved = asset === undefined ? "its coins" : "this token there";
		const of = asset === undefined ? {} : { asset };
		gaps.push({ kind: "opening-balance-unknown", account, ...of, toHeight: opening.toString(), text: openingText(opening, first, moved) });
	}
	return [...gaps, ...sourceNotes(account, coverage)];
}

/** What is not known of an asset at the end of a block, where anything was read from height `first` on. */
function openingText(opening: number, first: number, moved: string): string {
	if (first > opening) return `nothing was fetched before height ${first}; its balance there counts as 0`;
	if (opening === 0) return "what the genesis block gave it was not read; it counts as 0";
	return `not all that moves ${moved} was fetched before height ${opening + 1}; its balance there counts as 0`;
}
