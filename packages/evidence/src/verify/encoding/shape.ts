/** Says what a parsed JSON value must look like. Returns what is wrong, with the way to it, or undefined. */
export type Shape = (value: unknown, path: string) => string | undefined;

/** Text that a pattern must match whole; without one any text. */
export function text(pattern?: RegExp): Shape {
	return (value, path) => (typeof value === "string" && (pattern?.test(value) ?? true) ? undefined : `${path}: not the expected text`);
}

export function is(...values: readonly (string | boolean | null)[]): Shape {
	return (value, path) =>
		values.includes(value as string) ? undefined : `${path}: must be ${values.map((v) => JSON.stringify(v)).join(" or ")}`;
}

/** A whole number from `min` to `max`. */
export function int(min = 0, max = Number.MAX_SAFE_INTEGER): Shape {
	return (value, path) =>
		typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max
			? undefined
			: `${path}: not a whole number in range`;
}

/** A list of at least `min` items, and at most `max`. */
export function list(item: Shape, min = 0, max = Number.POSITIVE_INFINITY): Shape {
	return (value, path) => {
		if (!Array.isArray(value) || value.length < min) return `${path}: not a list of at least ${min}`;
		if (value.length > max) return `${path}: not a list of at most ${max}`;
		for (const [i, one] of value.entries()) {
			const wrong = item(one, `${path}[${i}]`);
			if (wrong !== undefined) return wrong;
		}
		return undefined;
	};
}

/** An object by field; a name that ends in `?` may be missing. Other fields are refused unless `open`. */
export function object(fields: Readonly<Record<string, Shape>>, open: "open" | "closed" = "closed"): Shape {
	const known = Object.entries(fields).map(([name, shape]) => ({ name: name.replace(/\?$/, ""), optional: name.endsWith("?"), shape }));
	const names = new Set(known.map(({ name }) => name));
	return (value, path) => {
		if (!isRecord(value)) return `${path}: not an object`;
		for (const { name, optional, shape } of known) {
			if (!Object.hasOwn(value, name)) {
				if (optional) continue;
				return `${path}: lacks ${name}`;
			}
			const wrong = shape(value[name], `${path}.${name}`);
			if (wrong !== undefined) return wrong;
		}
		const extra = open === "open" ? undefined : Object.keys(value).find((name) => !names.has(name));
		return extra === undefined ? undefined : `${path}: has an unknown field ${JSON.stringify(extra.slice(0, 40))}`;
	};
}

/** An object whose every value has one shape. */
export function record(item: Shape): Shape {
	return (value, path) => {
		if (!isRecord(value)) return `${path}: not an object`;
		for (const [name, one] of Object.entries(value)) {
			const wrong = item(one, `${path}.${name}`);
			if (wrong !== undefined) return wrong;
		}
		return undefined;
	};
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
