import type { KindOfMovement } from "./family.js";

const COIN = /\/slip44:/;
/** Kinds of what a block moves by itself, outside of every transaction. */
const OF_BLOCK: ReadonlySet<string> = new Set(["reward", "withdrawal", "genesis", "fork"]);
/** The place of a block's own movements, behind all of its transactions (docs/imports.md). */
export const BLOCK_PLACE = "16383";
/** Whom a kind comes from, or goes to, if it must be nobody. */
const NOBODYS: Readonly<Record<string, "from" | "to">> = {
	fee: "to",
	burn: "to",
	mint: "from",
	reward: "from",
	withdrawal: "from",
	genesis: "from",
};
/** Kinds that move the chain's own coin alone. A rollup mints it, too; what is burned is a token. */
const OF_COIN: ReadonlySet<string> = new Set(["native", "internal", "fee", ...OF_BLOCK]);
const OF_TOKENS: ReadonlySet<string> = new Set(["token", "burn"]);

/**
 * The kinds of a chain of accounts, whose coin and tokens nobody gives and gets that `nobody` stands for: which assets and parties each
 * has, and what blocks move by themselves. For {@link VerifiedFamily.kindWrong}.
 */
export function accountKinds(nobody: string): (movement: KindOfMovement, chain: string) => string | undefined {
	return ({ kind, position, from, to, asset }, chain) => {
		const none = `${chain}:${nobody}`;
		const coin = COIN.test(asset);
		if (OF_COIN.has(kind) && !coin) return `moves ${asset}, which is not the chain's coin`;
		if (OF_TOKENS.has(kind) && coin) return `moves ${asset}, which is no token`;
		const side = Object.hasOwn(NOBODYS, kind) ? NOBODYS[kind] : undefined;
		if (side === "from" && from !== none) return `comes from ${from}, and not from ${none}`;
		if (side === "to" && to !== none) return `goes to ${to}, and not to ${none}`;
		if (kind === "token" && (from === none || to === none)) return `is of ${none}, whose tokens are minted and burned`;
		const [height, place] = position.split(".");
		if (kind === "genesis" && height !== "0") return `stands in block ${height}, and not in block 0`;
		if (OF_BLOCK.has(kind) !== (place === BLOCK_PLACE))
			return OF_BLOCK.has(kind) ? `stands at ${position}, in a transaction` : `stands at ${position}, in no transaction`;
		return undefined;
	};
}
