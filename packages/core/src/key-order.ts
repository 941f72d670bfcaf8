/** Values nested deeper than this are left to a writer that notices circles. */
const DEEPEST = 32;

/** Names of an object's entries as they stand, and in order of code units; the same list where they are in order already. */
interface Shape {
	readonly keys: readonly string[];
	readonly sorted: readonly string[];
}

/** Shapes of more entries than this are no rows, and are not remembered. */
const WIDEST_REMEMBERED = 64;
/** Rows of a list differ in what they lack: so many shapes are remembered that begin with the same name. */
const MOST_OF_ONE_BEGINNING = 4;
/** Beginnings that are remembered at once: in some objects they are data. */
const MOST_BEGINNINGS = 1_000;

/** Shapes seen last, by the name that they begin with. */
const shapes = new Map<string, Shape[]>();

/**
 * A copy of plain data in which the entries of every object stand in the order of RFC 8785, so that `JSON.stringify` writes it canonically;
 * the value itself where nothing stands otherwise. Undefined for what JSON.stringify would write otherwise than RFC 8785, or not at all:
 * numbers that are none, functions, objects that are more than data, circles. Lone surrogates are not looked for.
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
	const prototype: unknown = Object.getPrototypeOf(object);
	if (prototype !== Object.prototype && prototype !== null) return undefined;
	for (const shape of shapes.get(firstOf(object)) ?? []) if (hasShape(object, shape)) return shape;
	return newShape(object);
}

function firstOf(object: object): string {
	for (const key in object) return key;
	return "";
}

/** Looks without a list of names: there are millions of objects. */
function hasShape(object: object, { keys }: Shape): boolean {
	let at = 0;
	for (const key in object) if (keys[at++] !== key) return false;
	return at === keys.length;
}

function newShape(object: Record<string, unknown>): Shape | undefined {
	const keys = Object.keys(object);
	if (keys.some(changesWriting)) return undefined;
	const sorted = [...keys].sort();
	const shape = { keys, sorted: keys.every((key, i) => key === sorted[i]) ? keys : sorted };
	const known = shapes.get(keys[0] ?? "") ?? [];
	if (shapes.size >= MOST_BEGINNINGS) shapes.clear();
	if (keys.length <= WIDEST_REMEMBERED) shapes.set(keys[0] ?? "", [shape, ...known].slice(0, MOST_OF_ONE_BEGINNING));
	return shape;
}

const WHOLE = /^\d+$/;

/** Keys that are whole numbers stand first in every object, whatever comes first; the other two change what an object is, or says. */
function changesWriting(key: string): boolean {
	return key === "__proto__" || key === "toJSON" || WHOLE.test(key);
}
