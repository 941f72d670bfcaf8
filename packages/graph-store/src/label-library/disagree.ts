import { CUSTODIAL_CATEGORIES, DANGEROUS_CATEGORIES, type Label } from "@clew/core";

type Claim = Pick<Label, "category" | "entity">;

/** Categories that say nothing about what a thing is. */
const VAGUE: ReadonlySet<string> = new Set(["other", "contract"]);

/**
 * True when claims about one subject cannot all be right: two kinds of service, a custodian that is also called a criminal's address, or two
 * names within one category. A sanctioned mixer is no contradiction: one says what it is, the other what it did.
 */
export function disagree(claims: readonly Claim[]): boolean {
	const kinds = new Set(claims.map((c) => c.category).filter((category) => !DANGEROUS_CATEGORIES.has(category) && !VAGUE.has(category)));
	if (kinds.size > 1) return true;
	const accused = claims.some((c) => DANGEROUS_CATEGORIES.has(c.category) && c.category !== "sanctioned");
	if (accused && claims.some((c) => CUSTODIAL_CATEGORIES.has(c.category))) return true;
	const entities = new Map<string, string>();
	for (const { category, entity } of claims) {
		const name = entity.toLowerCase();
		if ((entities.get(category) ?? name) !== name) return true;
		entities.set(category, name);
	}
	return false;
}
