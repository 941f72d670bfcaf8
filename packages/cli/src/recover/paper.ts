import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { defang, InputError } from "@clew/core";
import type { RecoveryEntry } from "@clew/recovery";

/** A letter with its annexes; more is no letter. */
const MAX_BYTES = 200 * 1024 * 1024;
const PIECE = 1 << 20;
const HEAD = 4_096;

/** How programs begin, in hexadecimal digits. */
const PROGRAMS: readonly (readonly [what: string, begins: readonly string[]])[] = [
	["a program for Windows (MZ)", ["4d5a"]],
	["a program for Linux (ELF)", ["7f454c46"]],
	["a program for macOS (Mach-O)", ["feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe"]],
	["a script (#!)", ["2321", "efbbbf2321"]],
	["WebAssembly", ["0061736d"]],
	["a shortcut for Windows", ["4c00000001140200"]],
];
const WITH_SCRIPT = /^\s*(<\?xml|<!doctype html|<html|<svg)[\s\S]*<script/i;
const RUN_BY_NAME = /\.(exe|scr|com|pif|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|jar|lnk|app|apk|sh|reg|docm|xlsm|pptm|url|desktop)$/i;

/**
 * What the ledger keeps of a paper: its hash, size and name, and never its content. Throws InputError for what is no file, empty, far too
 * large, or a program: whoever is sent the case may open what it rests on.
 */
export function paperOf(path: string, part: string | undefined): NonNullable<RecoveryEntry["document"]> {
	// A pipe would wait for ever.
	if (!statSync(path).isFile()) throw new InputError("is no file", { where: path, code: "USAGE" });
	const file = openSync(path, "r");
	try {
		const info = fstatSync(file);
		if (info.size === 0) throw new InputError("is empty, and says nothing", { where: path });
		if (info.size > MAX_BYTES) throw new InputError(`has ${info.size} bytes, and a document at most ${MAX_BYTES}`, { where: path });
		const hash = createHash("sha256");
		const buffer = Buffer.alloc(PIECE);
		let bytes = 0;
		for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
			if (bytes === 0) mustBePaper(path, buffer.subarray(0, Math.min(read, HEAD)));
			hash.update(buffer.subarray(0, read));
			bytes += read;
			if (bytes > MAX_BYTES) throw new InputError(`grows while it is read, over ${MAX_BYTES} bytes`, { where: path });
		}
		return { sha256: hash.digest("hex"), bytes, name: defang(basename(path)), ...(part === undefined ? {} : { part }) };
	} finally {
		closeSync(file);
	}
}

function mustBePaper(path: string, head: Buffer): void {
	const hex = head.subarray(0, 16).toString("hex");
	const program = PROGRAMS.find(([, begins]) => begins.some((digits) => hex.startsWith(digits)))?.[0];
	const script = WITH_SCRIPT.test(head.toString("latin1")) ? "a page with a script" : undefined;
	const what = program ?? script ?? (RUN_BY_NAME.test(path) ? "what programs are called" : undefined);
	if (what === undefined) return;
	throw new InputError(`is ${what}, and no document: it was not opened, and nothing was logged`, {
		where: path,
		hint: "Do not run it. Ask the sender by another way; keep the mail itself as the document.",
	});
}
