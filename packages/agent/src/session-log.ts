import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CustodyEntry, type CustodyStatement, canonicalJson, compareText, firstBroken, nextCustodyEntry, sha256Hex } from "@clew/core";
import type { ProposalRequest } from "./broker.js";

/**
 * Beside a case file, a folder with a log of each time it was served. A log is a chain of hashes in the form of a custody log; its first
 * entry names the last of the case's own. Whoever serves writes it, and never the process that an assistant speaks to.
 */
export const logFolderOf = (casePath: string): string => `${casePath}.agent`;

const OWNER_ONLY = 0o700;
const OWNER_FILE = 0o600;
/** Action of a log's last entry. */
export const ENDED = "ended";
/** Action of the entry that keeps a proposal; its detail is the proposal as canonical JSON. */
const PROPOSED = "assistant proposed";
/** Proposals that one log takes: more is no help to anybody. */
const MAX_PROPOSALS = 200;
/** Entries that one log takes. */
const MAX_ENTRIES = 200_000;
const ID_DIGITS = 12;

/** Entries after which the case's own log names the last of them. */
const ANCHORED = 100;

interface LogOptions {
	readonly now: () => string;
	readonly tool: string;
	readonly onGrown?: () => void;
}

/** A log that is written. */
export class SessionLog {
	readonly path: string;
	private last: CustodyEntry | undefined;
	private proposals = 0;
	private readonly now: () => string;
	private readonly tool: string;
	private readonly onGrown: () => void;

	/**
	 * Begins a log; `name` is its file's. `onGrown` is called after every proposal and every {@link ANCHORED} entries: the case's own log
	 * should then name the last. Throws what the disk throws.
	 */
	constructor(folder: string, name: string, { now, tool, onGrown = () => undefined }: LogOptions) {
		mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
		this.path = join(folder, name);
		[this.now, this.tool, this.onGrown] = [now, tool, onGrown];
	}

	get head(): { readonly entries: number; readonly hash: string } | undefined {
		return this.last && { entries: this.last.sequence, hash: this.last.hash };
	}

	/** Appends an entry and gives its hash. */
	note(action: string, detail: string, by?: string): string {
		if ((this.last?.sequence ?? 0) >= MAX_ENTRIES) throw new RangeError("the log of this session is full");
		const stated: CustodyStatement = { with: this.tool, ...(by === undefined ? {} : { by }) };
		const entry = nextCustodyEntry(this.last, this.now(), action, detail, stated);
		appendFileSync(this.path, `${JSON.stringify(entry)}\n`, { mode: OWNER_FILE });
		this.last = entry;
		if (action === PROPOSED || entry.sequence % ANCHORED === 0) this.onGrown();
		return entry.hash;
	}

	/** Keeps a proposal, and gives its id. */
	propose({ ask: _, by, ...proposal }: ProposalRequest): string {
		if (++this.proposals > MAX_PROPOSALS) throw new RangeError("there are too many proposals");
		const id = `p${sha256Hex(canonicalJson({ ...proposal, entry: (this.last?.sequence ?? 0) + 1, log: this.path })).slice(0, ID_DIGITS)}`;
		this.note(PROPOSED, canonicalJson({ id, ...proposal }), by);
		return id;
	}
}

/** A proposal as a log keeps it. */
export interface Proposal extends Omit<ProposalRequest, "ask"> {
	readonly id: string;
	readonly at: string;
	/** The log and its entry. */
	readonly log: string;
	readonly entry: number;
	readonly hash: string;
}

/** A log as it stands on the disk. */
export interface ReadLog {
	readonly name: string;
	readonly entries: readonly CustodyEntry[];
	/** The first entry that does not hold, with why. */
	readonly broken: string | undefined;
	readonly proposals: readonly Proposal[];
}

/** Every log of a case, in the order of their names, which is that of time. A log that does not hold keeps no proposal that counts. */
export function readLogs(casePath: string): ReadLog[] {
	const folder = logFolderOf(casePath);
	if (!existsSync(folder)) return [];
	const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
	return names.sort(compareText).map((name) => readLog(folder, name));
}

function readLog(folder: string, name: string): ReadLog {
	let entries: CustodyEntry[];
	try {
		const lines = readFileSync(join(folder, name), "utf8")
			.split("\n")
			.filter((line) => line !== "");
		entries = lines.map((line) => JSON.parse(line) as CustodyEntry);
	} catch {
		return { name, entries: [], broken: "it cannot be read", proposals: [] };
	}
	const broken = firstBroken(entries);
	if (broken !== undefined) return { name, entries, broken: `entry ${broken.sequence}: ${broken.faults.join("; ")}`, proposals: [] };
	const proposals = entries.flatMap(({ action, detail, at, sequence, hash, by }): Proposal[] => {
		if (action !== PROPOSED) return [];
		const { id, ...proposal } = JSON.parse(detail) as Omit<ProposalRequest, "ask" | "by"> & { readonly id: string };
		return [{ id, ...proposal, ...(by === undefined ? {} : { by }), at, log: name, entry: sequence, hash }];
	});
	return { name, entries, broken: undefined, proposals };
}
