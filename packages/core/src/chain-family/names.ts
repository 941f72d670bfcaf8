import type { ChainId } from "../ids.js";
import { FAMILIES } from "./registry.js";

/**
 * The followed chain that a cell names: by a CAIP-2 id, an EIP-155 number (decimal, `0xa4b1`, `1.0`), a name or the code of its coin, in
 * any letters and with any of space, dash and underscore, `mainnet` behind it or not. Undefined for every other text.
 */
export function chainNamed(text: string): ChainId | undefined {
	const id = text.trim();
	const name = id
		.toLowerCase()
		.replace(/[-_\s]+/g, " ")
		.trim();
	const short = name.replace(/ mainnet$/, "");
	return (
		first((family) => family.typedChain(id) ?? family.typedChain(id.toLowerCase())) ??
		first((family) => family.namedChain(name)) ??
		first((family) => family.namedChain(short))
	);
}

/** The chain that a bare address can be of by its form: `usual` where that is one; undefined for what is an address of no family. */
export function chainOfAddress(text: string, usual: ChainId): ChainId | undefined {
	return first((family) => family.chainOfAddress(text, usual));
}

function first(find: (family: (typeof FAMILIES)[number]) => ChainId | undefined): ChainId | undefined {
	for (const family of FAMILIES) {
		const found = find(family);
		if (found !== undefined) return found;
	}
	return undefined;
}
