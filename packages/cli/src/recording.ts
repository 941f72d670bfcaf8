import { closeSync, openSync, writeSync } from "node:fs";
import { type Recorder, sessionHead, sessionLine } from "@clew/chains";
import { InputError } from "@clew/core";
import type { Context } from "./context.js";

/** Text of the option that records what endpoints are asked. */
export const RECORD_OPTION = [
	"--record <file>",
	"write every request to nodes and indexes and what came back to a new file, one a line, without keys: for whoever looks into a failure",
] as const;

const OWNER_ONLY = 0o600;

/**
 * Does work whose requests are recorded in a new file that its owner alone may read; without a file, or where there is none to write,
 * nothing is. Throws InputError where the file is there already or cannot be made.
 */
export async function recording<T>(context: Context, file: string | undefined, work: (recorder: Recorder) => Promise<T>): Promise<T> {
	if (file === undefined) return work({});
	const opened = open(file);
	const line = (text: string) => void writeSync(opened, `${text}\n`);
	try {
		line(sessionHead(context.version, context.now()));
		return await work({ onExchange: (one) => line(sessionLine(one)), onUnanswered: (one) => line(sessionLine(one)) });
	} finally {
		closeSync(opened);
		context.note(`requests and answers are in ${file}: no key of yours is in it, and what you asked about is`);
	}
}

function open(file: string): number {
	try {
		return openSync(file, "wx", OWNER_ONLY);
	} catch (cause) {
		throw new InputError(`${file}: cannot be made, or is there already`, { code: "USAGE", cause, hint: "Name a new file." });
	}
}
