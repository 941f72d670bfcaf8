import { compareText, instantOf, type Label } from "@clew/core";

/** What an import of labels changes at one account. */
export interface Restated {
	/** What the account had and is taken out: told again in `told`, as it was or otherwise. */
	readonly out: readonly Label[];
	/** What goes in: of labels that differ in confidence or retrieval alone the strongest, of these the newest. */
	readonly told: readonly Label[];
	/** How many of `out` said otherwise. */
	readonly replaced: number;
}

/**
 * Which labels of an account stay when one import tells more of it. What one import tells is kept row by row: one claim (source, entity,
 * name, category) may hold several times. What an earlier import told of the claim goes where the times overlap, since the source now
 * says it otherwise, as when it ends an open label; other times of the claim stay. Dates that are missing or cannot be read reach as far
 * as they can. O(n * m).
 */
export function restate(held: readonly Label[], labels: readonly Label[]): Restated {
	const told = new Map<string, Label>();
	for (const label of labels) {
		const known = told.get(labelKey(label));
		if (known === undefined || isStronger(label, known)) told.set(labelKey(label), label);
	}
	const out = held.filter((old) => told.has(labelKey(old)) || labels.some((label) => claim(label) === claim(old) && overlap(label, old)));
	return { out, told: [...told.values()], replaced: out.filter((old) => !told.has(labelKey(old))).length };
}

function isStronger(a: Label, b: Label): boolean {
	return a.confidence > b.confidence || (a.confidence === b.confidence && compareText(a.retrievedAt, b.retrievedAt) > 0);
}

const claim = ({ source, entity, name, category }: Label): string => JSON.stringify([source, entity, name, category]);
const labelKey = (label: Label): string => JSON.stringify([claim(label), label.validFrom ?? "", label.validUntil ?? ""]);

function overlap(a: Label, b: Label): boolean {
	return begins(a) < ends(b) && begins(b) < ends(a);
}

const begins = ({ validFrom }: Label): number => instantOf(validFrom ?? "") ?? Number.NEGATIVE_INFINITY;
const ends = ({ validUntil }: Label): number => instantOf(validUntil ?? "") ?? Number.POSITIVE_INFINITY;
