import type { Edge, Trace } from "../bundle/formats.js";
import { familyOf } from "../chain-family/registry.js";
import { publishedBridge } from "../evm/bridges.js";
import type { Fail } from "../failure.js";
import { comparePosition } from "./arithmetic.js";
import { rangeOf } from "./bounds.js";
import { momentOf, spanOf, standingOf } from "./label-dates.js";
import { labelDetail, labelReason, USUAL_CONFIDENCE } from "./stops.js";
import { dustOf } from "./what-if.js";

type Label = Trace["leaves"][number]["labels"][number];

/** What the facts of a bundle say of accounts. */
interface Known {
	readonly labels?: readonly (Omit<Label, "tier"> & { readonly account: string })[];
	/** Lists of what was seen of accounts, by account. */
	readonly detections?: ReadonlyMap<string, readonly Record<string, unknown>[]>;
}

/** Behaviour beyond which money is somebody else's. */
const STOPPING = new Set(["deposit-address", "custodial-service", "hot-wallet", "cold-wallet", "mixer-pool", "bridge", "dex-pool"]);
const USUAL_SCORE = "60";

/** Tainted money that came to an account: by a row, or by the mark of a seed. */
interface Came {
	readonly position: string;
	/** The most of it that is tainted, and of what; undefined of a mark. */
	readonly most?: readonly [asset: string, amount: bigint];
}

/**
 * Money is followed on only where the trace, by its own parameters and by what its bundle says of accounts, does not end: not through
 * addresses that nobody has the key of, published bridges, services by a label that stood or by what was seen of them; not behind the end
 * of its time window, not out of dust, and through no more accounts than its budget. An account is followed where it pays tainted money
 * that no seed marks there; some of what came to it before must not have ended.
 */
export function checkFollowed(trace: Trace, known: Known, fail: Fail): void {
	const { edges, parameters } = trace;
	const until = Number(parameters["until"] ?? Number.NaN);
	for (const { row, position } of edges)
		if (heightOf(position) > until)
			fail(`trace.json edge ${row}`, `is in block ${heightOf(position)}, and the trace ends at block ${until}`);
	const came = arrivalsOf(trace);
	const stops = new Stops(trace, known);
	const thresholds = dustOf(parameters["dust"]);
	const followed = new Set<string>();
	for (const { row, from, position } of payments(trace)) {
		const before = came.get(from)?.filter((one) => comparePosition(one.position, position) <= 0) ?? [];
		if (followed.has(from) || before.length === 0) continue;
		followed.add(from);
		const where = `trace.json edge ${row}`;
		const reasons = before.map((one) => stops.at(from, one.position));
		if (reasons.every((reason) => reason !== undefined)) fail(where, `follows money on through ${from}, where it ends: ${reasons[0]}`);
		else if (before.every(({ most }) => most !== undefined && most[1] < BigInt(thresholds.get(most[0]) ?? "0")))
			fail(where, `follows money on through ${from}, to which no more than dust came`);
	}
	const budget = Number(parameters["maxAccounts"] ?? Number.POSITIVE_INFINITY);
	if (followed.size > budget) fail("trace.json", `follows ${followed.size} accounts, and its budget is ${budget}`);
}

/** Rows by which an account pays tainted money on: what seeds mark of a movement did not come out of its sender's. */
function payments({ edges, seeds }: Trace): readonly Edge[] {
	const seeded = new Set(seeds.flatMap(({ rows }) => rows.map(({ position }) => position)));
	return edges.filter(({ position, into }) => into !== undefined || !seeded.has(position));
}

function arrivalsOf({ edges, seeds }: Trace): ReadonlyMap<string, readonly Came[]> {
	const found = new Map<string, Came[]>();
	const add = (account: string, one: Came) => {
		const own = found.get(account);
		if (own === undefined) found.set(account, [one]);
		else own.push(one);
	};
	for (const edge of edges)
		if (edge.kind !== "fee" && edge.into === undefined) add(edge.to, { position: edge.position, most: [edge.asset, rangeOf(edge)[1]] });
	for (const { rows } of seeds) for (const { account, position } of rows) add(account, { position });
	return found;
}

/** Why money that came to an account ends there. */
class Stops {
	private readonly burned: readonly string[];
	private readonly times: ReadonlyMap<number, string>;
	private readonly labels = new Map<string, Omit<Label, "tier">[]>();
	private readonly seen: ReadonlyMap<string, readonly Record<string, unknown>[]>;
	private readonly score: number;

	constructor({ chain, edges, leaves, parameters }: Trace, { labels = [], detections = new Map() }: Known) {
		this.burned = familyOf(chain)?.burned ?? [];
		this.times = new Map(edges.map(({ position, time }) => [heightOf(position), time]));
		this.score = Number(parameters["minDetectionScore"] ?? USUAL_SCORE);
		this.seen = detections;
		const confidence = Number(parameters["minLabelConfidence"] ?? USUAL_CONFIDENCE);
		const told = [...labels, ...leaves.flatMap(({ account, labels: own }) => own.map((label) => ({ ...label, account })))];
		for (const label of told)
			if (label.confidence >= confidence && labelReason(label.category) !== undefined)
				this.labels.set(label.account, [...(this.labels.get(label.account) ?? []), label]);
	}

	/** In words; undefined where nothing says that it does. */
	at(account: string, position: string): string | undefined {
		if (this.burned.includes(account.slice(account.lastIndexOf(":") + 1))) return "nobody has the key of that address";
		const bridge = publishedBridge(account);
		if (bridge !== undefined) return `it is the published contract of ${bridge}`;
		const time = momentOf(this.times.get(heightOf(position)) ?? "");
		const label = this.labels.get(account)?.find((one) => standingOf(spanOf(one), time) !== "ended");
		if (label !== undefined) return `it is ${labelDetail(label)}`;
		const seen = this.seen
			.get(account)
			?.find(({ kind, tier, score }) => STOPPING.has(String(kind)) && tier === "structural" && Number(score) >= this.score);
		return seen && `it was seen to be a ${String(seen["kind"])}`;
	}
}

function heightOf(position: string): number {
	return Number(position.slice(0, position.indexOf(".")));
}
