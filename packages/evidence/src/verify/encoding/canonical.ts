import { Refusal } from "../failure.js";
/**
 * RFC 8785 for what a bundle may hold: objects, arrays, strings, booleans, null and whole numbers below 2^53. Throws Error for anything
 * else.
 */
export function canonical(value: unknown): string {
	if (value === null || typeof value === "boolean") return String(value);
	if (typeof value === "string") return JSON.stringify(value);
	if (typeof value === "number") {
		if (!Number.isSafeInteger(value)) throw new Refusal(`number ${value} is not a whole number below 2^53`);
		return String(value);
	}
	if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
	if (typeof value === "object") {
		const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
		return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(",")}}`;
	}
	throw new Refusal(`${typeof value} has no JSON form`);
}
