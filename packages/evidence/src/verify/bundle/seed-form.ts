import { FAMILIES, familyOf } from "../chain-family/registry.js";

/** The far end of a bridge or a pool: a seed of the chain that the money came from stands behind it. */
export const PASSAGE = "passage:";

/** True for the text of a seed that a trace of the chain can have. */
export function isSeed(spec: string, chain: string): boolean {
	const of = (text: string, forms: readonly RegExp[]) => forms.some((form) => form.test(text));
	const all = FAMILIES.flatMap(({ seeds }) => seeds);
	if (spec.startsWith(PASSAGE)) return of(spec.slice(PASSAGE.length), all);
	return of(spec, familyOf(chain)?.seeds ?? all);
}
