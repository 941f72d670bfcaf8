import { InputError } from "../errors.js";
import { quote } from "../hostile-text.js";
import type { ChainId } from "../ids.js";
import type { Rule } from "../rules.js";
import { BITCOIN } from "./bitcoin/family.js";
import { EVM } from "./evm/family.js";
import type { ChainFamily, Coin, Ledger } from "./family.js";
import { TRON } from "./tron/family.js";

/** The families of chains that Clew follows. */
const families: ChainFamily[] = [EVM, BITCOIN, TRON];
export const FAMILIES: readonly ChainFamily[] = families;

/** The chain that is meant where nobody names one. */
export const DEFAULT_CHAIN: ChainId = EVM.main;

const BY_NAMESPACE: Map<string, ChainFamily> = new Map(FAMILIES.map((family) => [family.namespace, family]));
const CAIP2 = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/;

/**
 * Takes a family in for as long as this process runs. For tests: the package does not export it. Throws Error for a namespace that
 * is taken.
 */
export function addFamily(family: ChainFamily): void {
	if (BY_NAMESPACE.has(family.namespace)) throw new Error(`${family.namespace} has a family already`);
	families.push(family);
	BY_NAMESPACE.set(family.namespace, family);
}

/** The family that a chain is of; undefined for one that Clew does not follow. */
export function knownFamily(chain: ChainId): ChainFamily | undefined {
	return BY_NAMESPACE.get(chain.slice(0, chain.indexOf(":")));
}

/** The same for a chain that is followed. Throws InputError (USAGE) for another one. */
export function familyOf(chain: ChainId): ChainFamily {
	const family = knownFamily(chain);
	if (family === undefined) throw notFollowed(chain);
	return family;
}

/** Parses a CAIP-2 chain id, or a family's own name of a chain such as `bitcoin` or `bitcoin-regtest`. Throws InputError. */
export function parseChainId(text: string): ChainId {
	for (const family of FAMILIES) {
		const named = family.typedChain(text);
		if (named !== undefined) return named;
	}
	if (!CAIP2.test(text)) throw new InputError(`${quote(text)} is not a CAIP-2 chain id such as ${DEFAULT_CHAIN}`);
	return text as ChainId;
}

/** The error for a text that names no chain that can be followed. */
export function notFollowed(text: string): InputError {
	return new InputError(`${quote(text)} is no chain that can be followed`, {
		code: "USAGE",
		hint: `Chains are ${FAMILIES.map(({ typed }) => typed).join(", and ")}.`,
	});
}

/** Where the money of a chain lies. Throws InputError (USAGE) for a chain that is not followed. */
export function ledgerOf(chain: ChainId): Ledger {
	return familyOf(chain).ledger;
}

/** The rules of a chain: `libr` is about the balance of an account, `tiho` about the outputs of a transaction. */
export function rulesOf(chain: ChainId): readonly Rule[] {
	return familyOf(chain).rules;
}

/**
 * How a chain's own coin is written. The coin of a chain that is not in our tables is called "native coin of CHAIN", never ETH; it has no
 * symbol to type.
 */
export function coinOf(chain: ChainId): Coin {
	return familyOf(chain).coin(chain);
}

/**
 * What a chain is called in words, such as "Ethereum", "Bitcoin signet" or "every EVM chain"; "chain ID" for one that the tables do not
 * hold.
 */
export function chainName(chain: ChainId): string {
	const family = knownFamily(chain);
	if (family !== undefined && chain === everyChain(family)) return `every ${family.name} chain`;
	return family?.chainName(chain) ?? `chain ${chain}`;
}

/** Stands for all chains of a family in the id of an account that a list means on each of them; no chain has this id. */
export function everyChain({ namespace }: ChainFamily): ChainId {
	return `${namespace}:*` as ChainId;
}

/**
 * The beginning of the ids of all accounts that one key may have: those of its chain, or of the family where keys are the same on
 * all of it.
 */
export function keySpaceOf(chain: ChainId): string {
	const { sharedKeys, namespace } = familyOf(chain);
	return sharedKeys ? `${namespace}:` : `${chain}:`;
}
