import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ClewError, type ErrorCode, InputError, isSystemError, NodeError } from "@clew/core";
import { CommanderError } from "@commander-js/extra-typings";

/** What a command with `--json` prints on stdout when it fails (docs/schema/clew.error-1.schema.json). */
export interface ErrorObject {
	readonly schema: "clew.error/1";
	readonly code: ErrorCode | "UNEXPECTED";
	readonly message: string;
	/** file:line, an argument or a node's name; null where there is none. */
	readonly place: string | null;
	/** What to do next. */
	readonly hint: string | null;
}

/** Codes of the file system for a path that is not there. */
const MISSING: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR"]);
const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);

/**
 * True where an error is about a path that somebody named and that does not exist: in every command a mistake in usage. A file that Clew
 * itself misses is none.
 */
export function namesMissingFile(error: Error, argv: readonly string[]): boolean {
	for (let at: unknown = error; at instanceof Error; at = at.cause)
		if (isSystemError(at) && MISSING.has(at.code) && isNamed(at.path, argv)) return true;
	return false;
}

/**
 * A word of the command line that is the path, or what it begins with; a folder that is there is not missing, whatever is missing in it.
 */
function isNamed(path: string | undefined, argv: readonly string[]): boolean {
	if (path === undefined) return false;
	const missing = resolve(path);
	const words = argv.slice(2).map((word) => word.replace(/^--[a-z-]+=/, ""));
	return words.some((word) => word !== "" && missing.startsWith(resolve(word)) && !existsSync(word));
}

/** A failure of the file system that no command turned into an error of its own; undefined for any other error. */
export function fileError(error: unknown, argv: readonly string[]): ClewError | undefined {
	if (!isSystemError(error) || error.path === undefined || (MISSING.has(error.code) && !isNamed(error.path, argv))) return undefined;
	const { code, path, syscall } = error;
	if (FULL.has(code)) return new ClewError("DISK_FULL", `${path}: no space left`, { cause: error });
	const problem = MISSING.has(code) ? "does not exist" : `cannot be used (${code} from ${syscall})`;
	return new InputError(problem, { where: path, cause: error, ...(MISSING.has(code) ? { code: "USAGE" as const } : {}) });
}

/** The documented form of an error (`clew.error/1`): what went wrong, where, and what to do next. */
export function errorObject(error: unknown, argv: readonly string[]): ErrorObject {
	const base = { schema: "clew.error/1" as const };
	if (error instanceof CommanderError)
		return {
			...base,
			code: "USAGE",
			message: error.message.replace(/^error: /, ""),
			place: null,
			hint: "Add --help for what is possible.",
		};
	if (!(error instanceof ClewError)) {
		const message = error instanceof Error ? error.message : String(error);
		return {
			...base,
			code: "UNEXPECTED",
			message,
			place: null,
			hint: "This is a defect of Clew: please report it. --debug shows where it happened.",
		};
	}
	const place = placeOf(error);
	const message = place !== null && error.message.startsWith(`${place}: `) ? error.message.slice(place.length + 2) : error.message;
	return { ...base, code: namesMissingFile(error, argv) ? "USAGE" : error.code, message, place, hint: error.hint ?? null };
}

function placeOf(error: ClewError): string | null {
	if (error instanceof InputError) return error.where ?? null;
	return error instanceof NodeError ? error.node : null;
}
