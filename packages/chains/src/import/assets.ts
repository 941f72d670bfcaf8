import {
	type AssetId,
	type AssetInfo,
	type ChainId,
	compareText,
	displayAddress,
	type GraphStore,
	publishedOtherwise,
	publishedToken,
	quote,
	tellDecimals,
	tokenContract,
} from "@clew/core";

/** What the rows of one token say that it is. */
interface Told {
	readonly decimals: Map<number, number>;
	readonly symbols: Map<string, number>;
}

/** How a file's rows describe its tokens; rows that disagree are named, whatever their order. */
export class FileAssets {
	private readonly told = new Map<AssetId, Told>();

	add({ asset, decimals, symbol }: AssetInfo, line: number): void {
		let told = this.told.get(asset);
		if (told === undefined) {
			told = { decimals: new Map(), symbols: new Map() };
			this.told.set(asset, told);
		}
		if (!told.decimals.has(decimals)) told.decimals.set(decimals, line);
		if (!told.symbols.has(symbol)) told.symbols.set(symbol, line);
	}

	/** Keeps what is agreed on and returns, in words, what is not: of two symbols the first in text order, of two numbers of decimals none. */
	async keep(store: GraphStore, chain: ChainId, path: string): Promise<string[]> {
		const notes: string[] = [];
		const known: AssetInfo[] = [];
		// Rows that disagree on how many decimals agree that there are some.
		const divisible: AssetInfo[] = [];
		for (const [asset, { decimals, symbols }] of this.told) {
			const contract = tokenContract(asset);
			const name = contract === undefined ? asset : displayAddress(contract);
			const most = Math.max(...decimals.keys());
			if (most > 0) divisible.push({ asset, decimals: most, symbol: "" });
			const [only] = decimals.keys();
			const told = [...symbols.keys()].sort(compareText);
			const fits = told.filter((one) => one !== "" && publishedOtherwise({ asset, decimals: only ?? 0, symbol: one }) === undefined);
			const symbol = fits[0] ?? told[0] ?? "";
			const makers = publishedToken(asset);
			const published = symbol === "" && makers?.decimals === only ? makers : publishedOtherwise({ asset, decimals: only ?? 0, symbol });
			if (published !== undefined && decimals.size === 1) {
				known.push({ asset, ...published });
				notes.push(
					`token ${name}: the file calls it ${quote(symbol)} with ${only} decimals (${listed(decimals, path)}); its makers publish ${published.symbol} with ${published.decimals}, which is kept`,
				);
			} else if (decimals.size === 1 && only !== undefined) known.push({ asset, decimals: only, symbol });
			else
				notes.push(
					`token ${name}: rows disagree on its decimals (${listed(decimals, path)}): they stay unknown, amounts are in base units`,
				);
			if (symbols.size > 1)
				notes.push(`token ${name}: rows disagree on its symbol (${listed(symbols, path)}): shown as ${quote(published?.symbol ?? symbol)}`);
			const held = await store.asset(asset);
			for (const [value, line] of decimals)
				if (held !== undefined && held.decimals !== value)
					notes.push(`token ${name}: ${path}:${line} says ${value} decimals, the case holds ${held.decimals} and keeps them`);
			for (const [value, line] of symbols)
				if (held !== undefined && held.symbol !== value)
					notes.push(`token ${name}: ${path}:${line} calls it ${quote(value)}, the case ${quote(held.symbol)} and keeps that`);
		}
		await store.putAssets(known);
		return [...notes, ...(await tellDecimals(store, chain, divisible))];
	}
}

/** Values with the place of the first row that says so. */
function listed(values: ReadonlyMap<number | string, number>, path: string): string {
	const sorted = [...values].sort(([a], [b]) =>
		typeof a === "number" && typeof b === "number" ? a - b : compareText(String(a), String(b)),
	);
	return sorted
		.slice(0, 5)
		.map(([value, line]) => `${typeof value === "number" ? value : quote(value)} at ${path}:${line}`)
		.join(", ");
}
