/** Values nested deeper than this are left to a writer that notices circles. */
const DEEPEST = 32;

/** Names of an object's entries as they stand, and in order of code units; the same list where they are in order already. */
interface Shape {
	readonly keys: readonly string[];
	readonly sorted: readonly string[];
}

/** Shapes of more entries than this are no rows, and are not remembered. */
const WIDEST_REMEMBERED = 64;

/** The last shape seen of each number of entries: rows of a list have the same. */
const shapes = new Map<number, Shape>();

/**
 * A copy of plain data in which the entries of every object stand in the order of RFC 8785, so that `JSON.stringify` writes it canonically;
 * the value itself where nothing stands otherwise. Undefined for what JSON.stringify would write otherwise than RFC 8785, or not at all:
 * numbers that are none, functions, objects with `toJSON`, circles. Lone surrogates are not looked for.
 */
export function inKeyOrder(value: unknown, depth = 0): unknown {
	if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
	if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
	if (typeof value !== "object" || depth === DEEPEST) return undefined;
	return Array.isArray(value) ? orderedList(value, depth + 1) : orderedObject(value as Record<string, unknown>, depth + 1);
}

function orderedList(list: readonly unknown[], depth: number): readonly unknown[] | undefined {
	let copy: unknown[] | undefined;
	for (let i = 0; i < list.length; i++) {
		const entry = inKeyOrder(list[i], depth);
		if (entry === undefined) return undefined;
		if (entry !== list[i]) copy ??= list.slice();
		if (copy !== undefined) copy[i] = entry;
	}
	return copy ?? list;
}

function orderedObject(object: Record<string, unknown>, depth: number): object | undefined {
	const shape = shapeOf(object);
	if (shape === undefined) return undefined;
	const { keys, sorted } = shape;
	let copy: Record<string, unknown> | undefined = keys === sorted ? undefined : {};
	for (let i = 0; i < sorted.length; i++) {
		const key = sorted[i] as string;
		const given = object[key];
		const entry = given === undefined ? undefined : inKeyOrder(given, depth);
		if (entry === undefined && given !== undefined) return undefined;
		if (entry !== given) copy ??= { ...object };
		if (copy !== undefined) copy[key] = entry;
	}
	return copy ?? object;
}

/** The shape of an object; undefined where a copy would not be written as the object is. */
function shapeOf(object: Record<string, unknown>): Shape | undefined {
	if (typeof object["toJSON"] === "function") return undefined;
	const keys = Object.keys(object);
	const last = shapes.get(keys.length);
	if (last !== undefined && isSame(last.keys, keys)) return last;
	const sorted = [...keys].sort();
	// Keys that are whole numbers stand first in every object, and this one changes what an object is.
	if (keys.some((key) => key === "__proto__" || WHOLE.test(key))) return undefined;
	const shape = { keys, sorted: isSame(keys, sorted) ? keys : sorted };
	if (keys.length <= WIDEST_REMEMBERED) shapes.set(keys.length, shape);
	return shape;
}

const WHOLE = /^\d+$/;

function isSame(a: readonly string[], b: readonly string[]): boolean {
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}
