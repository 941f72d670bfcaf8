import type { AccountId, Label, StopReason, TraceLeaf } from "@clew/core";

/** A label as the oracles take it: said from a height on (inclusive) and up to another (exclusive), where it has such dates. */
export interface OracleLabel {
	readonly entity: string;
	readonly reason: StopReason;
	readonly from?: number;
	readonly until?: number;
}

const KINDS = [
	["exchange", "service"],
	["mixing_service", "mixer"],
	["bridge", "bridge"],
	["defi_dex", "swap"],
] as const;

/** How many seconds made-up blocks are apart. */
const BLOCK_SECONDS = 12;

/** One or two labels of an account, half of them with dates, by dice. */
export function labelsByDice(d: (n: number) => number, account: AccountId, blocks: number): { labels: Label[]; said: OracleLabel[] } {
	const time = (height: number) => new Date(height * BLOCK_SECONDS * 1000).toISOString();
	const labels: Label[] = [];
	const said: OracleLabel[] = [];
	for (let n = 0, count = 1 + d(2); n < count; n++) {
		const [category, reason] = KINDS[d(KINDS.length)] as (typeof KINDS)[number];
		const entity = `Somebody${n}`;
		const from = d(3) === 0 ? d(blocks + 2) : undefined;
		const until = d(3) === 0 ? (from ?? 0) + d(blocks + 2) : undefined;
		const dates = { ...(from === undefined ? {} : { validFrom: time(from) }), ...(until === undefined ? {} : { validUntil: time(until) }) };
		labels.push({ account, category, entity, name: "", source: "s", retrievedAt: "", confidence: 50, ...dates });
		said.push({ entity, reason, ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) });
	}
	return { labels, said };
}

/**
 * Which label stops money that comes at a height, and how it stood, in the words of {@link endOf}; `timed` says whether the block's time
 * is known.
 */
export function stoppedBy(labels: readonly OracleLabel[], height: number, timed: boolean): string | undefined {
	const dated = (label: OracleLabel) => label.from !== undefined || label.until !== undefined;
	const begun = (label: OracleLabel) => label.from === undefined || label.from <= height;
	const over = (label: OracleLabel) => label.until !== undefined && label.until <= height;
	const words = (label: OracleLabel, how: string) => `${label.reason} ${label.entity} ${how}`;
	for (const label of labels) if (!dated(label) || (timed && begun(label) && !over(label))) return words(label, "held");
	for (const label of labels) if (timed && !begun(label) && !over(label)) return words(label, "later");
	for (const label of labels) if (!timed) return words(label, "unknown");
	return undefined;
}

/** The reason of an end point, and of one that rests on a label whose and how that stood. */
export function endOf({ reason, detail }: TraceLeaf["stop"]): string {
	const entity = /^labelled (\S+) /.exec(detail)?.[1];
	if (entity === undefined) return reason;
	const how = detail.endsWith(", after the money came") ? "later" : detail.endsWith("is unknown") ? "unknown" : "held";
	return `${reason} ${entity} ${how}`;
}
