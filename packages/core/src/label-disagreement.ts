import { CUSTODIAL_CATEGORIES, DANGEROUS_CATEGORIES } from "./claims.js";
import { isNameOfList, sameOwner } from "./owner-names.js";
import { firstStanding, instantOf, type LabelStandingOver, type Validity } from "./validity.js";

type Claim = { readonly category: string; readonly entity: string } & Validity;

/** Categories that say nothing about what a thing is. */
const VAGUE: ReadonlySet<string> = new Set(["other", "contract"]);

/**
 * True when claims about one subject cannot all be right of one time: two kinds of service, a custodian that is also called a criminal's
 * address, or two owners within one category ({@link sameOwner}), of which a list's own name is none. One owner whom some call an exchange
 * and some a custodian keeps others' money by both. A sanctioned mixer is no
 * contradiction: one says what it is, the other what it did; nor are two owners one after the other.
 */
export function disagree(claims: readonly Claim[]): boolean {
	return claims.some((a, i) => claims.slice(i + 1).some((b) => opposed(a, b)));
}

/** Those of some claims about one subject that contradict one of the given ones, in their order. */
export function contradicting<T extends Claim>(given: readonly Claim[], claims: readonly T[]): readonly T[] {
	return claims.filter((one) => given.some((other) => opposed(one, other)));
}

/** The label by which a subject is called, how it stood, and every other that contradicts it and had not ended. */
export interface Naming<T> {
	readonly label: T;
	readonly standing: LabelStandingOver;
	readonly against: readonly T[];
}

/** By which of its labels a subject is called: as {@link firstStanding} has it. */
export function namingOf<T extends Claim>(labels: readonly T[], standingOf: (label: T) => LabelStandingOver): Naming<T> | undefined {
	const found = firstStanding(labels, standingOf);
	if (found === undefined) return undefined;
	const standing = labels.filter((label) => standingOf(label) !== "ended");
	return { ...found, against: contradicting([found.label], standing) };
}

const NAMED = 3;

/**
 * Whose a subject is in words: the entity of the label, or, where others contradict it, those of all of them, such as `A or B (lists
 * disagree)`; with categories where these differ. As hostile as the labels are.
 */
export function namesInWords(label: Pick<Claim, "category" | "entity">, against: readonly Pick<Claim, "category" | "entity">[]): string {
	if (against.length === 0) return label.entity;
	const all = [label, ...against];
	const sorts = all.some(({ category }) => category !== label.category);
	const owners = all.filter(
		(one, i) => !all.slice(0, i).some((other) => other.category === one.category && sameOwner(other.entity, one.entity)),
	);
	const names = owners.map(({ entity, category }) => (sorts ? `${entity} (${category})` : entity));
	const more = names.length > NAMED ? [`${names.length - NAMED} more`] : [];
	return `${[...names.slice(0, NAMED), ...more].join(" or ")} (lists disagree)`;
}

function opposed(a: Claim, b: Claim): boolean {
	return overlap(a, b) && contradict(a, b);
}

function contradict(a: Claim, b: Claim): boolean {
	if (a.category === b.category) return !sameOwner(a.entity, b.entity) && ![a, b].some(namesNobody);
	if (isKind(a) && isKind(b)) return ![a, b].every(({ category }) => KEEPERS.has(category)) || !sameOwner(a.entity, b.entity);
	return (isAccused(a) && CUSTODIAL.has(b.category)) || (isAccused(b) && CUSTODIAL.has(a.category));
}

/** Words for one thing where the owner is one: who keeps coins of customers. */
const KEEPERS: ReadonlySet<string> = new Set(["exchange", "custodian"]);
const CUSTODIAL: ReadonlySet<string> = CUSTODIAL_CATEGORIES;
const DANGEROUS: ReadonlySet<string> = DANGEROUS_CATEGORIES;

/** A list of dangers that writes its own name for whose an address is. */
const namesNobody = ({ category, entity }: Claim) => !CUSTODIAL.has(category) && isNameOfList(entity);

const isKind = ({ category }: Claim) => !DANGEROUS.has(category) && !VAGUE.has(category);
const isAccused = ({ category }: Claim) => DANGEROUS.has(category) && category !== "sanctioned";

/** Whether there is a time of which both may speak; a date that is absent or cannot be read is no bound. */
function overlap(a: Claim, b: Claim): boolean {
	return begin(a) < end(b) && begin(b) < end(a);
}

const begin = ({ validFrom = "" }: Claim) => instantOf(validFrom) ?? Number.NEGATIVE_INFINITY;
const end = ({ validUntil = "" }: Claim) => instantOf(validUntil) ?? Number.POSITIVE_INFINITY;
