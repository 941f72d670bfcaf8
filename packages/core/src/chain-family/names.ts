import type { ChainId } from "../ids.js";
import { type ChainFamily, plainName } from "./family.js";
import { isKnownElsewhere } from "./not-followed.js";
import { FAMILIES, knownFamily, notFollowed } from "./registry.js";

/**
 * The followed chain that a cell names: by a CAIP-2 id, an EIP-155 number (decimal, `0xa4b1`, `1.0`), a name or the code of its coin, in
 * any letters and with any of space, dash and underscore, `mainnet` behind it or not. Undefined for every other text.
 */
export function chainNamed(text: string): ChainId | undefined {
	const id = text.trim();
	const name = plainName(id);
	const short = name.replace(MAINNET, "");
	return (
		first((family) => family.typedChain(id) ?? family.typedChain(id.toLowerCase())) ??
		first((family) => family.namedChain(name)) ??
		first((family) => family.namedChain(short))
	);
}

/**
 * The chain that can be followed and that a person typed, as {@link chainNamed} reads it. Throws InputError (USAGE) for every other text.
 */
export function parseFollowedChain(text: string): ChainId {
	const chain = chainNamed(text);
	if (chain === undefined) throw notFollowed(text);
	return chain;
}

/** The chain whose explorer answers at a host; undefined for every other host. */
export function chainOfExplorer(host: string): ChainId | undefined {
	return first((family) => family.explorerChain?.(host.toLowerCase()));
}

/**
 * What a word that stands for a chain means: one chain, all chains of a family, one that is known and not followed, or nothing that is
 * known.
 */
export type ChainWord =
	| { readonly kind: "chain"; readonly chain: ChainId }
	| { readonly kind: "every-chain"; readonly family: ChainFamily }
	| { readonly kind: "not-followed" }
	| { readonly kind: "unknown" };

/**
 * Reads a word that says of which chain a row is, as {@link chainNamed} does; `EVM`, `all EVM chains`, `eip155` and `eip155:*` mean every
 * chain of a family on which one key has one address.
 */
export function chainWord(text: string): ChainWord {
	const chain = chainNamed(text);
	if (chain !== undefined) return { kind: "chain", chain };
	const name = plainName(text);
	const family = FAMILIES.find((one) => one.sharedKeys && meansAll(name, one));
	if (family !== undefined) return { kind: "every-chain", family };
	return { kind: isKnownElsewhere(name) || isKnownElsewhere(name.replace(MAINNET, "")) ? "not-followed" : "unknown" };
}

function meansAll(name: string, { name: called, namespace }: ChainFamily): boolean {
	const of = name
		.replace(/^(all|any|every|multi)( of)?( the)? /, "")
		.replace(/ (compatible )?(chains?|networks?)$/, "")
		.replace(/ compatible$/, "")
		.replaceAll(" ", "");
	return [called.toLowerCase(), namespace, `${namespace}:*`].includes(of);
}

const MAINNET = / mainnet( beta)?$/;

/** The chain that a bare address can be of by its form: `usual` where that is one; undefined for what is an address of no family. */
export function chainOfAddress(text: string, usual: ChainId): ChainId | undefined {
	return knownFamily(usual)?.chainOfAddress(text, usual) ?? first((family) => family.chainOfAddress(text, usual));
}

function first(find: (family: (typeof FAMILIES)[number]) => ChainId | undefined): ChainId | undefined {
	for (const family of FAMILIES) {
		const found = find(family);
		if (found !== undefined) return found;
	}
	return undefined;
}
