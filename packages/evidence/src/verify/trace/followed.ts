import { asForward, isBackward } from "../backward/as-forward.js";
import { balanceOf } from "../backward/direction.js";
import type { Edge, Trace } from "../bundle/formats.js";
import { familyOf, ledgerOf } from "../chain-family/registry.js";
import { publishedBridge } from "../evm/bridges.js";
import { entryPoint } from "../evm/entry-points.js";
import { privatePoolDetail } from "../evm/private-pools.js";
import type { Fail } from "../failure.js";
import { rangeOf } from "./bounds.js";
import { SEEN, USUAL } from "./end-sentences.js";
import { momentOf, type Span, spanOf, standingOf } from "./label-dates.js";
import { heightOf } from "./positions.js";
import { labelDetail, labelReason, USUAL_CONFIDENCE } from "./stops.js";
import { dustOf } from "./what-if.js";

type Label = Trace["leaves"][number]["labels"][number];

/** What the facts of a bundle say of accounts. */
interface Known {
	readonly labels?: readonly (Omit<Label, "tier"> & { readonly account: string })[];
	/** Lists of what was seen of accounts, by account. */
	readonly detections?: ReadonlyMap<string, readonly Record<string, unknown>[]>;
}

/** What tainted money that came to an account says of it: why it ends there, where each of it does, and whether more than dust came. */
interface Came {
	ends: string | undefined;
	isDust: boolean;
}

/**
 * Money is followed on only where the trace, by its own parameters and by what its bundle says of accounts, does not end: not through
 * addresses that nobody has the key of, published bridges, services by a label that stood or by what was seen of them; not behind the end
 * of its time window, not out of dust, and through no more accounts than its budget. An account is followed where it pays tainted money
 * that no seed marks there; some of what came to it before must not have ended. O(rows), with the labels of each account at each.
 */
export function checkFollowed(trace: Trace, known: Known, fail: Fail): void {
	const { chain, edges, seeds, parameters } = asForward(trace);
	const until = Number(parameters["until"] ?? Number.NaN);
	const since = Number(parameters["readFrom"] ?? Number.NaN);
	// On chains of outputs transactions stand between accounts.
	const overOutputs = ledgerOf(chain) === "outputs";
	const seeded = new Set(seeds.flatMap(({ rows }) => rows.map(({ position }) => position)));
	const thresholds = dustOf(parameters["dust"]);
	const stops = new Stops(trace, known);
	const came = new Map<string, Came>();
	const followed = new Set<string>();
	const backward = isBackward(trace);
	// What is asked about of an account leaves it, whatever else comes to it.
	for (const { spec, rows } of backward && !overOutputs ? seeds : [])
		for (const { account, position } of balanceOf(spec) === undefined ? [] : rows)
			if (stops.at(account, position) === undefined) followed.add(account);
	for (const edge of edges) {
		const { row, position, from, to, kind, asset, into } = edge;
		const where = `trace.json edge ${row}`;
		if (heightOf(position) > until) fail(where, `is in block ${heightOf(position)}, and the trace ends at block ${until}`);
		if (heightOf(position) < since) fail(where, `is in block ${heightOf(position)}, and the trace reads from block ${since} on`);
		// What seeds mark of a movement did not come out of its sender's.
		const paid = overOutputs ? kind === "spend" && !(backward && seeded.has(position)) : into !== undefined || !seeded.has(position);
		const before = paid && !followed.has(from) ? came.get(from) : undefined;
		if (before !== undefined) {
			followed.add(from);
			if (before.ends !== undefined) fail(where, `follows money on through ${from}, where it ends: ${before.ends}`);
			else if (before.isDust) fail(where, `follows money on through ${from}, to which no more than dust came`);
		}
		const arrives = overOutputs ? kind === "output" : kind !== "fee" && into === undefined;
		if (!arrives || followed.has(to)) continue;
		const ends = stops.at(to, position);
		const isDust = !seeded.has(position) && mostOf(edge) < BigInt(thresholds.get(asset) ?? "0");
		const earlier = came.get(to) ?? { ends, isDust };
		came.set(to, { ends: ends === undefined ? undefined : earlier.ends, isDust: isDust && earlier.isDust });
	}
	// Accounts that are seeds are inside whatever the budget is.
	const named = seeds.filter(({ spec }) => spec.startsWith("account:")).length;
	const budget = Math.max(Number(parameters["maxAccounts"] ?? Number.POSITIVE_INFINITY), named);
	if (followed.size > budget) fail("trace.json", `follows ${followed.size} accounts, and its budget is ${budget}`);
}

/** The most of a row that is tainted, by any rule: one that screens alone keeps money from being dust, too. */
function mostOf(edge: Edge): bigint {
	return Object.values(edge.tainted).reduce((most, amount) => (BigInt(amount) > most ? BigInt(amount) : most), rangeOf(edge)[1]);
}

/** Why money that came to an account ends there. */
class Stops {
	private readonly burned: readonly string[];
	private readonly times: ReadonlyMap<number, string>;
	private readonly labels = new Map<string, { readonly label: Omit<Label, "tier">; readonly span: Span }[]>();
	private readonly seen: ReadonlyMap<string, readonly Record<string, unknown>[]>;
	private readonly score: number;

	constructor({ chain, edges, leaves, parameters }: Trace, { labels = [], detections = new Map() }: Known) {
		this.burned = familyOf(chain)?.burned ?? [];
		this.times = new Map(edges.map(({ position, time }) => [heightOf(position), time]));
		this.score = Number(parameters["minDetectionScore"] ?? USUAL.minDetectionScore);
		this.seen = detections;
		const confidence = Number(parameters["minLabelConfidence"] ?? USUAL_CONFIDENCE);
		const told = [...labels, ...leaves.flatMap(({ account, labels: own }) => own.map((label) => ({ ...label, account })))];
		for (const label of told) {
			if (label.confidence < confidence || labelReason(label.category) === undefined) continue;
			const own = this.labels.get(label.account) ?? [];
			own.push({ label, span: spanOf(label) });
			this.labels.set(label.account, own);
		}
	}

	/** In words; undefined where nothing says that it does. */
	at(account: string, position: string): string | undefined {
		if (this.burned.includes(account.slice(account.lastIndexOf(":") + 1))) return "nobody has the key of that address";
		const bridge = publishedBridge(account);
		if (bridge !== undefined) return `it is the published contract of ${bridge}`;
		const version = entryPoint(account);
		if (version !== undefined) return `it is the published EntryPoint ${version} of ERC-4337`;
		const pool = privatePoolDetail(account);
		if (pool !== undefined) return `it is the ${pool}`;
		const time = momentOf(this.times.get(heightOf(position)) ?? "");
		// When a balance was that is asked about, no row may tell.
		const timed = this.times.has(heightOf(position));
		const stands = this.labels.get(account)?.find(({ span }) => (timed || !span.dated) && standingOf(span, time) !== "ended");
		if (stands !== undefined) return `it is ${labelDetail(stands.label)}`;
		const seen = this.seen
			.get(account)
			?.find(({ kind, tier, score }) => Object.hasOwn(SEEN, String(kind)) && tier === "structural" && Number(score) >= this.score);
		return seen && `it was seen to be a ${String(seen["kind"])}`;
	}
}
