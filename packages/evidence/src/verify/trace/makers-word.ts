import type { BundleRow, Trace } from "../bundle/formats.js";
import { familyOf } from "../chain-family/registry.js";
import { publishedToken } from "../chain-family/tokens.js";
import type { ProvenBlocks, TrustedHeader } from "../proofs/proofs.js";
import { oddTime } from "./movements.js";
import { heightOf } from "./positions.js";

const COIN = /\/slip44:/;

/** What of rows and trace nothing in a bundle shows, in words for the verdict. */
export function makersWord(
	{
		assets,
		chain,
		coverage: { cutoff = "0", gaps },
		leaves,
		passages = [],
	}: Pick<Trace, "assets" | "chain" | "coverage" | "leaves" | "passages">,
	rows: readonly (BundleRow | undefined)[],
	blocks: ProvenBlocks,
	headers: readonly TrustedHeader[],
): string[] {
	const known = rows.filter((row) => row !== undefined);
	const last = known.reduce((most, { edge: { position } }) => Math.max(most, heightOf(position)), 0);
	const missing = gaps.filter(({ amount }) => amount !== undefined).length;
	const leftBy = new Set(passages.map(({ paid }) => paid.to));
	const bridges = leaves.filter(({ account, stop }) => stop.reason === "bridge" && !leftBy.has(account)).length;
	return [
		...unknownChain(chain),
		...(bridges > 0 ? [`that what went into bridges was not found again (${bridges})`] : []),
		...(Number(cutoff) > last ? [`how far the data goes (block ${cutoff})`] : []),
		...(missing > 0 ? [`gaps of missing money (${missing}), where they go beyond the ledgers`] : []),
		...rowsInWords(chain, known, blocks, headers),
		...tokensInWords(assets),
	];
}

/** What of rows that are not proven nothing shows. */
export function rowsInWords(chain: string, rows: readonly BundleRow[], blocks: ProvenBlocks, headers: readonly TrustedHeader[]): string[] {
	const named = rows.filter(({ known: { block }, edge: { position } }) => {
		const height = heightOf(position);
		return block !== undefined && !blocks.has(height) && !headers.some((one) => one.chain === chain && one.height === height);
	});
	const unproven = rows.filter(({ known: { tier } }) => tier !== "proven");
	const odd = unproven.flatMap(({ edge: { position, time } }) => {
		const why = oddTime(time, chain);
		return why === undefined ? [] : [`the row at ${position} ${why}`];
	});
	return [
		...(odd.length > 0 ? [`times that cannot be, of unproven rows (${odd.length}): ${odd[0]}`] : []),
		...(unproven.some(({ edge: { time } }) => time !== "") ? ["times of unproven rows"] : []),
		...(named.length > 0 ? [`block hashes of unproven rows (${named.length})`] : []),
		...(unproven.some(({ known: { tier } }) => tier === "unprovable") ? ["why nobody can prove some rows"] : []),
		...(unproven.length > 0 ? ["why rows are not proven"] : []),
	];
}

/** Of a chain of a family that this verifier does not know: what is its maker's word. */
export function unknownChain(chain: string): string[] {
	return familyOf(chain) === undefined
		? [`what ${chain} is, of a kind of chain that this verifier does not know: its accounts, assets, decimals and reasons to end`]
		: [];
}

/** Decimals and symbols of tokens whose makers this verifier does not know, or that have not the symbol that theirs publish. */
export function tokensInWords(assets: Trace["assets"]): string[] {
	const unknown = Object.entries(assets).some(
		([asset, { symbol }]) => !COIN.test(asset) && publishedToken(asset)?.[0] !== symbol.toUpperCase(),
	);
	return unknown ? ["decimals and symbols of tokens"] : [];
}
