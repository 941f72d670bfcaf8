import { carriedTexts } from "./carried.js";
import type { Intent } from "./intent.js";
import type { Sending } from "./methods.js";

/** A call of an API that has a path for each: what is written in it is not to be trusted. */
export interface PathCall {
	readonly method: string;
	/** As servers read it: unescaped, without empty, dotted and `;` parts, in lower case. */
	readonly path: string;
	readonly query: URLSearchParams;
	readonly body: string;
}

/** A call that sends something, and how its API says no. */
export interface PathSending {
	/** What it is called in notes, such as its path. */
	readonly name: string;
	/** Throws for what cannot be read. */
	read(): Sending;
	refusal(message: string): { readonly status: number; readonly type: string; readonly body: string };
}

/** How wallets of a family speak to their node. */
export interface Dialect {
	/** Whether a body of JSON-RPC may hold a call that is judged. */
	mayBeJudged(body: string): boolean;
	/** What a call of JSON-RPC would send; undefined: nothing. Throws for what cannot be read. */
	sendingOf(method: string, params: unknown): Sending | undefined;
	/** What signed transactions stand in a text would send, whatever it is a part of; `method` is that of JSON-RPC. Throws for too many. */
	carried(text: string, method?: string): readonly Intent[];
	/** Methods of JSON-RPC that are known to send nothing: with limits no other passes. */
	readonly reads: RegExp;
	/** The same of calls by their path; absent: none is known. */
	readonly readsPath?: RegExp;
	/** What a call by its path would send; undefined: it only reads, or is JSON-RPC. Absent: paths mean nothing to its nodes. */
	pathSending?(call: PathCall): PathSending | undefined;
	/** The paths at which it takes JSON-RPC; absent: everywhere. */
	readonly rpcPath?: RegExp;
	/** The error of JSON-RPC that wallets show for a question about what would be held back; absent: as for what is. */
	doubt?(message: string): { readonly code: number; readonly message: string; readonly data: string };
	/** A header by which wallets show their node who they are, lower case. */
	readonly keyHeader?: string;
	/** It speaks over WebSockets, too. */
	readonly sockets: boolean;
}

/** What names of methods have that send something, whether they are known or not. */
export const SENDS = /(?<!by)send|broadcast|push|submit(?!block|header)/i;

/** What the texts in a body are as signed transactions; those that are none are left out. */
export function carriedBy(text: string, isOne: RegExp, read: (hex: string) => Intent): Intent[] {
	const found: Intent[] = [];
	for (const hex of carriedTexts(text, (head) => isOne.test(head)))
		try {
			found.push(read(hex));
		} catch {
			// No transaction.
		}
	return found;
}

/** Why nothing but what is known to read passes where limits were set. */
export const UNKNOWN_READ = "limits were set, and whether it only reads is not known";

const MAX_UNESCAPING = 4;

/** A path as the most lenient of servers would read it; undefined for one that no two read alike. */
export function plainPath(path: string): string | undefined {
	let read = path;
	try {
		for (let i = 0; ; i++) {
			const next = decodeURIComponent(read);
			if (next === read) break;
			if (i === MAX_UNESCAPING) return undefined;
			read = next;
		}
	} catch {
		return undefined;
	}
	// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
	if (/[\u0000-\u001f?#]/.test(read)) return undefined;
	const parts: string[] = [];
	for (const part of read.replaceAll("\\", "/").split("/")) {
		const name = part.replace(/;.*$/, "").trim().toLowerCase();
		if (name === "..") parts.pop();
		else if (name !== "" && name !== ".") parts.push(name);
	}
	return `/${parts.join("/")}`;
}
