import { LosslessNumber } from "lossless-json";

/** Keys that hold where the next page begins. */
const NEXT =
	/^(next|cursor|page_?key|continuation(_?token)?|next_?(cursor|page|key|token|url)|next_?page_?(params|token|key|cursor|url))$/i;
/** Keys that say whether there is a next page. */
const MORE = /^has_?(more|next)(_?page)?$/i;
/** Keys that count all rows there are. */
const TOTAL = /^(count|total(_?(count|items|results|rows|records))?)$/i;
/** Keys that hold how many rows were asked for; Etherscan calls it `offset`. */
const ASKED = /^(offset|limit|per_?page|page_?size)$/i;

/** Why more rows follow by what an answer says beside its rows, or in an object beside them; undefined when it does not say so. */
export function moreFollows(answer: object, rows: number): string | undefined {
	for (const [key, value] of Object.entries(answer)) {
		if (Array.isArray(value)) continue;
		const filled = value !== null && value !== false && String(value) !== "" && String(value) !== "0";
		if (NEXT.test(key) && filled) return `the answer says that more pages follow (${key})`;
		if (MORE.test(key) && /^(true|1)$/i.test(String(value))) return `the answer says that more pages follow (${key})`;
		if (TOTAL.test(key) && Number(value) > rows) return `the answer has ${rows} of ${String(value).slice(0, 20)} rows (${key})`;
		if (ASKED.test(key) && rows > 0 && Number(value) === rows)
			return `the answer has as many rows as were asked for (${key}): it may be cut off`;
		const inside = typeof value === "object" && value !== null && !(value instanceof LosslessNumber) ? moreFollows(value, rows) : undefined;
		if (inside !== undefined) return inside;
	}
	return undefined;
}
