import { readFileSync } from "node:fs";
import { defang, scrubShown } from "@clew/core";
import pc from "picocolors";

/** Everything a command may touch of the outside besides files: results, messages, time, interruption. */
export interface Context {
	/** Results, to stdout. */
	print(text: string): void;
	/** Progress, warnings and notes, to stderr. */
	note(text: string): void;
	/** A line that is replaced by the next one; only on a terminal. */
	progress(text: string): void;
	/** Wipes the progress line. */
	clearProgress(): void;
	/** UTC now as ISO without milliseconds; SOURCE_DATE_EPOCH wins, so that a run can be repeated to the byte. */
	now(): string;
	readonly colours: ReturnType<typeof pc.createColors>;
	/** Width of the terminal; undefined when stdout is no terminal. */
	readonly columns: number | undefined;
	readonly signal: AbortSignal;
	readonly version: string;
}

/**
 * Called by a command whose answer is negative, who could not look at what was asked, found nothing where it looked, or answers with what
 * it had when it was interrupted: it decides the exit code.
 */
export type Finding = (kind?: "negative" | "not-checked" | "nothing" | "interrupted") => void;

const PROGRESS_INTERVAL_MS = 100;

const COLOURED = process.stdout.isTTY === true && !process.env["NO_COLOR"];

/**
 * The last net: whatever was not defanged moves no cursor and sets no title. Lines, tabs and our own colours stay; JSON escapes controls
 * itself, and stays as it is.
 */
function harmless(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: naming the control characters is the point.
	return text.replace(/\u001b\[[0-9;]*m|[\u0000-\u0008\u000b-\u001f]/g, (found) => (found.length > 1 && COLOURED ? found : "\u00b7"));
}

/** The context of a real process. */
export function processContext(signal: AbortSignal): Context {
	const live = process.stderr.isTTY === true;
	let shownAt = 0;
	let shown = false;
	const clearProgress = () => {
		if (shown) process.stderr.write("\r\u001b[2K");
		shown = false;
	};
	return {
		print: (text) => {
			clearProgress();
			const shown = harmless(scrubShown(text));
			process.stdout.write(shown.endsWith("\n") ? shown : `${shown}\n`);
		},
		note: (text) => {
			clearProgress();
			process.stderr.write(`${harmless(scrubShown(text))}\n`);
		},
		progress: (text) => {
			const now = performance.now();
			if (!live || now - shownAt < PROGRESS_INTERVAL_MS) return;
			shownAt = now;
			shown = true;
			process.stderr.write(`\r\u001b[2K${defang(scrubShown(text)).slice(0, (process.stderr.columns ?? 80) - 1)}`);
		},
		clearProgress,
		now: () => isoSeconds(epochMillis(process.env["SOURCE_DATE_EPOCH"]) ?? Date.now()),
		colours: pc.createColors(COLOURED),
		columns: process.stdout.isTTY ? process.stdout.columns : undefined,
		signal,
		version: toolVersion(),
	};
}

function epochMillis(text: string | undefined): number | undefined {
	return text !== undefined && /^[0-9]{1,11}$/.test(text) ? Number(text) * 1000 : undefined;
}

function isoSeconds(millis: number): string {
	return new Date(millis).toISOString().replace(/\.\d{3}Z$/, "Z");
}

const BUILD_DIGITS = 12;

/**
 * Version of this program, with the beginning of its sources' SHA-256 as SemVer build metadata (`0.1.0+0123456789ab`): builds between two
 * versions make other papers, and must not be taken for one another.
 */
export function toolVersion(): string {
	const text = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
	const { version } = JSON.parse(text("../package.json")) as { version: string };
	return `${version}+${text("../dist/source.sha256").slice(0, BUILD_DIGITS)}`;
}
