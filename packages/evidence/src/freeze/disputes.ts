import { CUSTODIAL_CATEGORIES, contradicting, instantOf, standingAt, standingOver } from "@clew/core";
import type { FreezeRequest, RequestPoint } from "./requests.js";

type Label = RequestPoint["leaf"]["labels"][number];

/** A label that says otherwise of an end point than that it is the recipient's. */
export type Disputing = Pick<Label, "entity" | "category" | "source">;

/**
 * The labels of an end point that contradict that it belongs to the custodian who is asked, in their order: of all that had not ended
 * when its rows' money came. Of an issuer, whom no label names, there are none.
 */
export function disputing({ kind, entity }: Pick<FreezeRequest, "kind" | "entity">, { leaf, rows }: RequestPoint): readonly Disputing[] {
	if (kind === "issuer") return [];
	const times = [rows[0], rows[rows.length - 1]].map((row) => row && instantOf(row.time));
	const labels = leaf.labels.filter((label) => {
		const [first, last] = times.map((time) => standingAt(label, time));
		return standingOver(first, last) !== "ended";
	});
	const named = labels.filter((label) => names(label, entity));
	return contradicting(named, labels).map((label) => ({ entity: label.entity, category: label.category, source: label.source }));
}

/** Whether a label says that an end point is this custodian's. */
export function names(label: Pick<Label, "category" | "entity">, entity: string): boolean {
	return (CUSTODIAL_CATEGORIES as ReadonlySet<string>).has(label.category) && label.entity.toLowerCase() === entity.toLowerCase();
}
