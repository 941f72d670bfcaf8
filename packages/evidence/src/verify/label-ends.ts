import type { Fail } from "./bounds.js";
import type { Trace } from "./formats.js";
import { standingAt } from "./label-dates.js";
import { labelDetail, labelReason, USUAL_CONFIDENCE } from "./stops.js";

type Leaf = Trace["leaves"][number];

/** The standings of a label that let it name who received money, the better first. */
const NAMES = ["held", "later", "unknown"] as const;

/** By the dates of labels, whose money it was at an address whose labels have dates. */
export class LabelEnds {
	private readonly times: ReadonlyMap<string, string>;
	private readonly confidence: number;

	constructor({ edges, parameters }: Pick<Trace, "edges" | "parameters">) {
		this.times = new Map(edges.map(({ position, time }) => [heightOf(position), time]));
		this.confidence = Number(parameters["minLabelConfidence"] ?? USUAL_CONFIDENCE);
	}

	/** End points of one address that can be that of money which came there at a position: of the labels that stood best then. */
	at<T extends Leaf>(leaves: readonly T[], position: string): readonly T[] {
		const time = this.times.get(heightOf(position)) ?? "";
		const [one] = leaves;
		const labels = (one?.labels ?? [])
			.filter((label) => label.confidence >= this.confidence && labelReason(label.category) !== undefined)
			.map((label) => ({ words: labelDetail(label), standing: standingAt(label, time) }));
		const best = NAMES.find((standing) => labels.some((label) => label.standing === standing));
		const named = labels.filter(({ standing }) => standing === best).map(({ words }) => words);
		// What ends for another reason than a label may be anybody's.
		const others = labels.map(({ words }) => words);
		return leaves.filter(({ stop: { detail } }) => startsWithOne(detail, named) || !startsWithOne(detail, others));
	}

	/** The label that an end point's detail names had not ended when money came there first and last, or made one of its outputs. */
	check(trace: Pick<Trace, "leaves" | "edges">, fail: Fail): void {
		const made = new Map(
			trace.edges.flatMap(({ kind, outpoint, position }) => (kind === "output" && outpoint ? [[outpoint, position]] : [])),
		);
		for (const [i, leaf] of trace.leaves.entries()) {
			const { arrivals, outpoints = [] } = leaf;
			const came = [...(arrivals ? [arrivals.first, arrivals.last] : []), ...outpoints.flatMap(({ outpoint }) => made.get(outpoint) ?? [])];
			const wrong = came.find((position) => this.at([leaf], position).length === 0);
			if (wrong !== undefined)
				fail(`trace.json leaf ${i + 1}`, `names a label that had ended, or another before it, when money came at ${wrong}`);
		}
	}
}

function startsWithOne(detail: string, words: readonly string[]): boolean {
	return words.some((one) => detail.startsWith(one));
}

function heightOf(position: string): string {
	return position.slice(0, position.indexOf("."));
}
