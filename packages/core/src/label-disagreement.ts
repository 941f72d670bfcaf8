import { CUSTODIAL_CATEGORIES, DANGEROUS_CATEGORIES, type Label } from "./claims.js";
import { instantOf } from "./validity.js";

type Claim = Pick<Label, "category" | "entity"> & { readonly [key in "validFrom" | "validUntil"]?: string };

/** Categories that say nothing about what a thing is. */
const VAGUE: ReadonlySet<string> = new Set(["other", "contract"]);

/**
 * True when claims about one subject cannot all be right of one time: two kinds of service, a custodian that is also called a criminal's
 * address, or two names within one category. A sanctioned mixer is no contradiction: one says what it is, the other what it did; nor are
 * two owners one after the other.
 */
export function disagree(claims: readonly Claim[]): boolean {
	return claims.some((a, i) => claims.slice(i + 1).some((b) => overlap(a, b) && contradict(a, b)));
}

function contradict(a: Claim, b: Claim): boolean {
	if (a.category === b.category) return a.entity.toLowerCase() !== b.entity.toLowerCase();
	if (isKind(a) && isKind(b)) return true;
	return (isAccused(a) && CUSTODIAL_CATEGORIES.has(b.category)) || (isAccused(b) && CUSTODIAL_CATEGORIES.has(a.category));
}

const isKind = ({ category }: Claim) => !DANGEROUS_CATEGORIES.has(category) && !VAGUE.has(category);
const isAccused = ({ category }: Claim) => DANGEROUS_CATEGORIES.has(category) && category !== "sanctioned";

/** Whether there is a time of which both may speak; a date that is absent or cannot be read is no bound. */
function overlap(a: Claim, b: Claim): boolean {
	return begin(a) < end(b) && begin(b) < end(a);
}

const begin = ({ validFrom = "" }: Claim) => instantOf(validFrom) ?? Number.NEGATIVE_INFINITY;
const end = ({ validUntil = "" }: Claim) => instantOf(validUntil) ?? Number.POSITIVE_INFINITY;
