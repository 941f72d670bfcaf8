import { type Label, type TraceResult, traceId } from "@clew/core";

type ResultLabel = TraceResult["leaves"][number]["labels"][number];

/** A result without the names of victims, and what was taken out, to be read by those it is encrypted to. */
export interface Redacted {
	readonly result: TraceResult;
	/** By placeholder. */
	readonly victims: readonly {
		readonly placeholder: string;
		readonly account: string;
		readonly entity: string;
		readonly name: string;
		readonly source: string;
	}[];
}

/** Replaces what labels of category `victim` say by placeholders, numbered in the order of end points. The result gets an id of its own. */
export function redactVictims(result: TraceResult): Redacted {
	const victims: Redacted["victims"][number][] = [];
	const leaves = result.leaves.map((leaf) => ({
		...leaf,
		labels: leaf.labels.map((label) => {
			if (label.category !== "victim") return label;
			const { placeholder } = placeholderOf(victims, leaf.account, label);
			return { ...label, entity: placeholder, name: placeholder, source: "withheld" };
		}),
	}));
	const { id: _, ...open } = { ...result, leaves };
	return { result: { ...open, id: traceId(open) }, victims };
}

/** The same for the labels of a case: only those whose account has a placeholder keep one; other victims are left out. */
export function redactLabels(labels: readonly Label[], victims: Redacted["victims"]): Label[] {
	return labels.flatMap((label) => {
		if (label.category !== "victim") return [label];
		const known = victims.find(
			(v) => v.account === label.account && v.entity === label.entity && v.name === label.name && v.source === label.source,
		);
		return known === undefined ? [] : [{ ...label, entity: known.placeholder, name: known.placeholder, source: "withheld" }];
	});
}

function placeholderOf(
	victims: Redacted["victims"][number][],
	account: string,
	{ entity, name, source }: ResultLabel,
): Redacted["victims"][number] {
	const known = victims.find((v) => v.account === account && v.entity === entity && v.name === name && v.source === source);
	if (known !== undefined) return known;
	const victim = { placeholder: `victim ${victims.length + 1}`, account, entity, name, source };
	victims.push(victim);
	return victim;
}
