const SHOWN = 12;

/** In lines what one value has and the other has not; objects and lists are compared part by part. */
export function difference(what: string, found: unknown, expected: unknown): string[] {
	const [own, other] = [parts(found, what), parts(expected, what)];
	const missing = other.filter((line) => !own.includes(line)).map((line) => `documented: ${line}`);
	const extra = own.filter((line) => !other.includes(line)).map((line) => `found:      ${line}`);
	return [...missing.slice(0, SHOWN), ...extra.slice(0, SHOWN)];
}

/** One line for every member of an object, and for every entry of a list; as text. */
function parts(value: unknown, path: string): string[] {
	if (Array.isArray(value)) return value.map((entry) => `${path} ${text(entry)}`);
	if (typeof value === "object" && value !== null) return Object.entries(value).flatMap(([key, part]) => parts(part, `${path} ${key}`));
	return [`${path} ${text(value)}`];
}

const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
