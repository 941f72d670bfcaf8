import {
	type AccountId,
	type AssetId,
	type AssetInfo,
	type CaseCounts,
	defang,
	displayAddress,
	formatAmount,
	type Label,
} from "@clew/core";

/** An amount with its symbol, safe to show; with its asset where nobody gave it a symbol. Unknown decimals: base units. */
export function showAmount(amount: bigint, info: Pick<AssetInfo, "decimals" | "symbol"> | undefined, asset: AssetId): string {
	if (info === undefined || (info.symbol === "" && info.decimals === 0)) return `${amount} units of ${defang(asset)}`;
	return `${formatAmount(amount, info.decimals)} ${defang(info.symbol).trim() || `of ${defang(asset)}`}`;
}

/** The entity of the strongest label, or nothing. */
export function showEntity(labels: readonly Pick<Label, "entity">[]): string {
	return labels[0] === undefined ? "" : defang(labels[0].entity);
}

/** One line about a label, safe to show. */
export function showLabel({ entity, name, category, source, confidence }: Label): string {
	return `label: ${defang(entity)} (${defang(name)}), ${category}, source ${defang(source)}, confidence ${confidence}`;
}

export const showAccount = (account: string): string => displayAddress(account as AccountId);

/** JSON for people and programs: indented, bigint as string. */
export function json(value: unknown): string {
	return JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? v.toString() : v), 2);
}

/** How much moved, in the words of the case's chain. */
export function moved({ transfers, outputs }: CaseCounts): string {
	return outputs > 0 ? `${outputs} outputs` : `${transfers} transfers`;
}

/** Long text that may quote hostile text: harmless, but not shortened to a table cell. */
export function defangLong(text: string): string {
	return (text.match(/.{1,100}/gsu) ?? []).map(defang).join("");
}
