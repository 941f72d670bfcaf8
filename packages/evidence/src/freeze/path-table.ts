import { type AccountId, type AssetId, displayAddress, formatAmount, shownSymbol, tokenContract } from "@clew/core";
import { pathOf } from "./path.js";
import type { RequestDocument } from "./request-document.js";

/** Columns of the table of the path. */
const HEAD = [
	...["step", "chain", "row", "transaction", "block", "time_utc", "from", "to", "asset", "contract", "symbol", "decimals"],
	...["amount_base_units", "amount", "agreed_base_units", "agreed", "at_most_base_units", "known"],
];

/** Every step of the way with every identifier whole; undefined for requests of earlier forms, which tell none. */
export function pathTable(request: RequestDocument): string[][] | undefined {
	const { way, assets, whatIf } = request;
	if (way === undefined) return undefined;
	const named = Object.assign({}, ...way.before.map((part) => part.assets), assets) as RequestDocument["assets"];
	const rows = pathOf(request).map(({ step, chain, row, txHash, position, time, from, to, asset, amount, agreed, most, provenance }) => {
		const { symbol, decimals } = named[asset] ?? { symbol: "", decimals: 0 };
		const contract = tokenContract(asset as AssetId);
		return [
			step,
			chain,
			row.toString(),
			txHash,
			position.split(".")[0] ?? "",
			time,
			displayAddress(from as AccountId),
			displayAddress(to as AccountId),
			asset,
			contract === undefined ? "" : displayAddress(contract),
			shownSymbol(asset, symbol, named),
			decimals.toString(),
			amount,
			formatAmount(BigInt(amount), decimals),
			agreed?.toString() ?? "",
			agreed === undefined ? "" : formatAmount(agreed, decimals),
			most?.toString() ?? "",
			provenance,
			...(whatIf === undefined ? [] : [`what-if: ${whatIf}`]),
		];
	});
	return [[...HEAD, ...(whatIf === undefined ? [] : ["what_if"])], ...rows];
}
