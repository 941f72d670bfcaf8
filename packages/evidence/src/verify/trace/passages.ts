import { isBackward } from "../backward/as-forward.js";
import type { Passage, Trace } from "../bundle/formats.js";
import { ledgerOf } from "../chain-family/registry.js";
import { groupBy } from "../encoding/group-by.js";
import type { Fail } from "../failure.js";
import { type LedgerTransfer, parseLedgers } from "../recompute/ledgers.js";
import { checkPassageMarks } from "./passage-marks.js";

const NOT_SOUGHT = "not looked for";
const END_OF_DATA = "end of data";

/**
 * What goes into a bridge or a pool is a row, or a movement of the ledgers, and so is what comes out on the same chain where its money is
 * followed there. Gives in words what of passages nothing here shows, each by its number. `lines` are those of `ledgers.jsonl`.
 */
export function checkPassages(trace: Trace, lines: readonly string[] | undefined, fail: Fail): string[] {
	const { chain, passages = [], edges, seeds, parameters } = trace;
	const sought = parameters["passages"] !== NOT_SOUGHT;
	if (!sought && passages.length > 0) fail("trace.json", "states passages, and that nobody looked for them");
	const cut = sought && parameters["passages"] !== undefined;
	const marks = checkPassageMarks(trace, cut, fail);
	if (isBackward(trace)) return ["what stands behind bridges and pools, which no trace back in time goes through"];
	if (!sought) return ["that its money went through no bridge or pool, which nobody looked for"];
	if (passages.length === 0) return marks;
	const transfers = lines && transfersOf(lines);
	const known = new Set([...edges.filter(({ into }) => into === undefined), ...(transfers ?? [])].map(inWords));
	const marked = new Set(
		seeds.flatMap(({ rows }) =>
			rows.map(({ position, txHash, account: to, asset, amount }) => inWords({ position, txHash, to, asset, amount })),
		),
	);
	const whole = transfers !== undefined || ledgerOf(chain) === "outputs";
	const ended = cut || (parameters["until"] ?? END_OF_DATA) !== END_OF_DATA;
	const [intoWhat, outOf]: [number[], number[]] = [[], []];
	const farSides = groupBy(passages, ({ got }) => (got === undefined ? "" : inWords(got)));
	for (const [i, { tier, paid, got, alternatives = [], into = {} }] of passages.entries()) {
		const where = `trace.json passage ${i + 1}`;
		if (tier === "lead" && got !== undefined) fail(where, "is a lead, and says where its money came out");
		if (tier === "structural" && (got === undefined || alternatives.length > 0)) fail(where, "is structural, and has not one far side");
		if (got !== undefined && (farSides.get(inWords(got))?.length ?? 0) > 1) fail(where, "has the far side of another passage");
		const here = ({ asset }: { readonly asset: string }) => asset.startsWith(`${chain}/`);
		if (!here(paid)) fail(where, `goes in with ${paid.asset}, which is not of ${chain}`);
		else if (!known.has(inWords(paid))) {
			if (whole) fail(where, `goes in by a movement at ${paid.position} that is no row, and none of the ledgers`);
			else intoWhat.push(i + 1);
		}
		if (got === undefined || (here(got) && (known.has(inWords(got)) || marked.has(inWords({ ...got, from: undefined }))))) continue;
		const reaches = Object.values(into).some((amount) => amount !== "0");
		if (here(got) && reaches && !ended) fail(where, `comes out by a movement at ${got.position}, and no row is about it`);
		else outOf.push(i + 1);
	}
	return [
		...marks,
		...named("what goes into", intoWhat),
		...named("what comes out of", outOf),
		`which protocol passages are of, their other sides, and how much of what came out is of what went in (${passages.length})`,
	];
}

/** Without those of ledgers that cannot be read, which is told where they are. */
function transfersOf(lines: readonly string[]): readonly LedgerTransfer[] {
	try {
		return parseLedgers(lines).transfers;
	} catch {
		return [];
	}
}

function named(what: string, numbers: readonly number[]): string[] {
	return numbers.length === 0 ? [] : [`${what} ${numbers.length === 1 ? "passage" : "passages"} ${numbers.join(", ")}`];
}

/** A movement without its sender is one that a seed marked. */
function inWords({
	position,
	txHash,
	from = "",
	to,
	asset,
	amount,
}: Omit<Passage["paid"], "from"> & { readonly from?: string | undefined }) {
	return [position, txHash, from, to, asset, amount].join(" ");
}
