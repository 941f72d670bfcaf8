import {
	type AccountId,
	canonicalJson,
	defang,
	defangLong,
	displayAddress,
	type GraphStore,
	InputError,
	parseAccountOn,
	sha256Hex,
} from "@clew/core";
import { z } from "zod";
import type { MarkView } from "../view/model.js";

/** Documents of a case that hold marks; ids are in the order in which marks were made. */
export const MARKS = "mark";
/** What the custody log calls them. */
const MADE = "view marked";
const TAKEN_BACK = "view mark taken back";
const PAGE = 500;
/** More than a person writes: the page reads all of them. */
const MOST = 20_000;
const LONGEST_NOTE = 2_000;
const LONGEST_NAME = 80;
const SEQUENCE_DIGITS = 10;
const HASH_DIGITS = 8;
const FARTHEST = 100_000;

const line = (most: number) =>
	z
		.string()
		.transform((text) => text.trim())
		.refine((text) => text !== "" && text.length <= most && !/[^\P{Cc}\n]/u.test(text));
const on = z.string().min(1).max(200);
const place = z.number().int().min(0).max(FARTHEST);

/** What a person says of an account, or takes back. */
const markSchema = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("note"), on, text: line(LONGEST_NOTE) }),
	z.strictObject({ kind: z.literal("name"), on, text: line(LONGEST_NAME) }),
	z.strictObject({ kind: z.literal("group"), on, text: line(LONGEST_NAME) }),
	z.strictObject({ kind: z.literal("decision"), on, text: z.enum(["freeze", "ask", "not ours"]) }),
	z.strictObject({ kind: z.literal("hide"), on }),
	z.strictObject({ kind: z.literal("place"), on, x: place, y: place }),
	z.strictObject({ kind: z.literal("undo"), of: z.string().regex(/^\d{10}-[0-9a-f]{8}$/) }),
]);
type Asked = z.infer<typeof markSchema>;

/** One mark as the case keeps it. */
export type Mark = Asked & { readonly id: string; readonly at: string; readonly by?: string };

/**
 * Writes a mark as a new document and a new entry of the custody log, which names what it is about and the hash of the document, in one
 * transaction: nothing is ever replaced, and two who write at once both have their entry. Throws InputError.
 */
export async function addMark(store: GraphStore, given: unknown, at: string): Promise<Mark> {
	const read = markSchema.safeParse(given);
	if (!read.success) throw new InputError("this is no mark: its kind, its account or its text is out of its bounds");
	const asked = read.data;
	if (asked.kind !== "undo") parseAccountOn(store.info.chain, asked.on);
	return store.atomically(async (tx) => {
		if (asked.kind === "undo" && (await tx.record(MARKS, asked.of)) === undefined) throw new InputError("the case holds no such mark");
		if ((await marksOf(tx)).length >= MOST) throw new InputError(`the case holds ${MOST} marks: more are not read`);
		const content = canonicalJson(asked);
		const what = asked.kind === "undo" ? `mark ${asked.of}` : `${wordsOf(asked)} of ${asked.on}`;
		const entry = await tx.appendCustody(at, asked.kind === "undo" ? TAKEN_BACK : MADE, `${what}; sha256 ${sha256Hex(content)}`);
		const id = `${String(entry.sequence).padStart(SEQUENCE_DIGITS, "0")}-${entry.hash.slice(0, HASH_DIGITS)}`;
		const mark: Mark = { ...asked, id, at, ...(entry.by === undefined ? {} : { by: entry.by }) };
		await tx.putRecord(MARKS, id, canonicalJson(mark));
		return mark;
	});
}

/** A decision is told in the log; notes and names may hold what must not leave with it, and are named by their hash. */
const wordsOf = (mark: Exclude<Asked, { kind: "undo" }>) => (mark.kind === "decision" ? `decision ${mark.text}` : mark.kind);

/** All marks of a case, in the order in which they were made. */
export async function marksOf(store: Pick<GraphStore, "records">): Promise<readonly Mark[]> {
	const marks: Mark[] = [];
	for (let after = ""; ; ) {
		const page = await store.records(MARKS, after, PAGE);
		marks.push(...page.map(({ json }) => JSON.parse(json) as Mark));
		const last = page[page.length - 1];
		if (last === undefined || page.length < PAGE || marks.length >= MOST) return marks;
		after = last.id;
	}
}

/** What stands: each that no later one took back, where that was not taken back itself. O(marks). */
export function standing(marks: readonly Mark[]): ReadonlySet<string> {
	const undone = new Set<string>();
	const stands = new Set<string>();
	for (const mark of [...marks].reverse()) {
		if (undone.has(mark.id)) continue;
		stands.add(mark.id);
		if (mark.kind === "undo") undone.add(mark.of);
	}
	return stands;
}

/** Marks as they change a picture: by account, the last of each kind that stands. */
export interface Marked {
	readonly names: ReadonlyMap<string, string>;
	readonly groups: ReadonlyMap<string, string>;
	readonly hidden: ReadonlySet<string>;
	readonly places: ReadonlyMap<string, readonly [x: number, y: number]>;
	readonly decisions: ReadonlyMap<string, string>;
	readonly notes: ReadonlyMap<string, number>;
}

/** Reads what stands, once for a picture. */
export function markedBy(marks: readonly Mark[]): Marked {
	const stands = standing(marks);
	const [names, groups, decisions] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>()];
	const [hidden, places, notes] = [new Set<string>(), new Map<string, readonly [number, number]>(), new Map<string, number>()];
	for (const mark of marks) {
		if (!stands.has(mark.id) || mark.kind === "undo") continue;
		if (mark.kind === "name") names.set(mark.on, mark.text);
		else if (mark.kind === "group") groups.set(mark.on, mark.text);
		else if (mark.kind === "decision") decisions.set(mark.on, mark.text);
		else if (mark.kind === "hide") hidden.add(mark.on);
		else if (mark.kind === "place") places.set(mark.on, [mark.x, mark.y]);
		else notes.set(mark.on, (notes.get(mark.on) ?? 0) + 1);
	}
	return { names, groups, hidden, places, decisions, notes };
}

/** Marks for the page, with whether each stands; newest first. Texts are as hostile as their writer. */
export function markViews(marks: readonly Mark[]): readonly MarkView[] {
	const stands = standing(marks);
	return [...marks].reverse().map((mark) => ({
		id: mark.id,
		at: mark.at,
		by: defang(mark.by ?? ""),
		kind: mark.kind,
		on: mark.kind === "undo" ? "" : mark.on,
		address: mark.kind === "undo" ? "" : defang(displayAddress(mark.on as AccountId)),
		text: mark.kind === "undo" ? mark.of : "text" in mark ? mark.text.split("\n").map(defangLong).join("\n") : "",
		stands: stands.has(mark.id),
	}));
}
