import type { Trace } from "../bundle/formats.js";
import type { Fail } from "../failure.js";
import { momentOf, type Span, spanOf, standingOf } from "./label-dates.js";
import { labelDetail, labelReason, USUAL_CONFIDENCE } from "./stops.js";

type Leaf = Trace["leaves"][number];

/** The standings of a label that let it name who received money, the better first. */
const NAMES = ["held", "later", "unknown"] as const;

interface ReadLabel {
	readonly words: string;
	readonly span: Span;
}

interface Labels {
	readonly labels: readonly ReadLabel[];
	begun(detail: string): readonly ReadLabel[];
}

/** By the dates of labels, whose money it was at an address whose labels have dates. */
export class LabelEnds {
	private readonly times: ReadonlyMap<string, string>;
	private readonly confidence: number;
	private readonly known = new WeakMap<Leaf, Labels>();

	constructor({ edges, parameters }: Pick<Trace, "edges" | "parameters">) {
		this.times = new Map(edges.map(({ position, time }) => [heightOf(position), time]));
		this.confidence = Number(parameters["minLabelConfidence"] ?? USUAL_CONFIDENCE);
	}

	/** End points of one address that can be that of money which came there at a position: of the labels that stood best then. */
	at<T extends Leaf>(leaves: readonly T[], position: string): readonly T[] {
		const [one] = leaves;
		if (one === undefined) return leaves;
		// Where nothing moved, no row tells when that was.
		if (!this.times.has(heightOf(position))) return leaves;
		const { labels, begun } = this.labelsOf(one);
		const time = momentOf(this.times.get(heightOf(position)) ?? "");
		let best: number = NAMES.length;
		for (const { span } of labels) {
			const rank = rankOf(span, time);
			if (rank < best) best = rank;
			if (best === 0) break;
		}
		return leaves.filter((leaf) => {
			const own = begun(leaf.stop.detail);
			// What ends for another reason than a label may be anybody's.
			return own.length === 0 || (best < NAMES.length && own.some(({ span }) => rankOf(span, time) === best));
		});
	}

	/** The labels of an address that stop money, each read once, and those that a detail begins with. */
	private labelsOf(leaf: Leaf): Labels {
		const known = this.known.get(leaf);
		if (known !== undefined) return known;
		const labels = leaf.labels
			.filter((label) => label.confidence >= this.confidence && labelReason(label.category) !== undefined)
			.map((label) => ({ words: labelDetail(label), span: spanOf(label) }));
		const details = new Map<string, readonly ReadLabel[]>();
		const begun = (detail: string) => {
			const found = details.get(detail) ?? labels.filter(({ words }) => detail.startsWith(words));
			details.set(detail, found);
			return found;
		};
		const made = { labels, begun };
		this.known.set(leaf, made);
		return made;
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

/** How well a label stood, 0 best; the number of names where it names nobody. */
function rankOf(span: Span, time: number | undefined): number {
	const standing = standingOf(span, time);
	const rank = (NAMES as readonly string[]).indexOf(standing);
	return rank < 0 ? NAMES.length : rank;
}

function heightOf(position: string): string {
	return position.slice(0, position.indexOf("."));
}
