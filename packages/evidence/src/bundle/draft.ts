import { createHash, type Hash } from "node:crypto";
import {
	closeSync,
	copyFileSync,
	createReadStream,
	existsSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { ClewError, InputError } from "@clew/core";
import { BAG_PAYLOAD } from "../verify/encoding/paths.js";
import { type BagAbout, bagTags } from "./bag.js";

/** A file of a bundle as the manifest lists it. */
export interface ListedFile {
	readonly path: string;
	readonly bytes: string;
	readonly sha256: string;
}

/** Lines of one file of a group: a verifier holds one such file at a time. */
const MAX_PART_BYTES = 64 << 20;

interface Part {
	readonly path: string;
	readonly file: number;
	readonly hash: Hash;
	bytes: number;
}

/**
 * A bundle that is being written: a hidden folder beside the target, so that the target is whole or absent. What is written is hashed on
 * the way, so memory does not grow with a file.
 */
export class BundleDraft {
	private readonly target: string;
	private readonly folder: string;
	private readonly listed = new Map<string, ListedFile>();
	private readonly about: ListedFile[] = [];
	private readonly parts = new Map<string, Part>();
	private readonly counts = new Map<string, number>();
	private check: ((path: string, bytes: Uint8Array) => void) | undefined;

	/** Throws InputError when the target exists, and ClewError when it cannot be made. */
	constructor(target: string) {
		this.target = resolve(target);
		if (existsSync(this.target))
			throw new InputError(`${target} exists already`, {
				code: "USAGE",
				hint: "Choose another folder; Clew does not write over evidence.",
			});
		this.folder = join(dirname(this.target), `.${basename(this.target)}.draft-${process.pid}`);
		this.guard(() => mkdirSync(this.folder));
	}

	/** From now on everything is looked at before it is written; what `check` throws ends the draft. */
	checkWith(check: (path: string, bytes: Uint8Array) => void): void {
		this.check = check;
	}

	/** Writes a whole file and lists it. */
	put(path: string, content: string | Uint8Array): void {
		const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
		this.write(path, bytes);
		this.list(path, bytes.length, createHash("sha256").update(bytes));
	}

	/** Writes a file that the manifest does not list, since it is about the manifest. */
	putUnlisted(path: string, content: string | Uint8Array): void {
		const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
		this.write(path, bytes);
		this.about.push({ path, bytes: bytes.length.toString(), sha256: createHash("sha256").update(bytes).digest("hex") });
	}

	/** Appends a line to a group of numbered files: `group/00001.jsonl` and so on. */
	line(group: string, text: string): void {
		const bytes = Buffer.from(`${text}\n`, "utf8");
		this.check?.(`${group}/`, bytes);
		let part = this.parts.get(group);
		if (part !== undefined && part.bytes + bytes.length > MAX_PART_BYTES) {
			this.close(group);
			part = undefined;
		}
		part ??= this.open(group);
		const { file } = part;
		this.guard(() => writeSync(file, bytes));
		part.hash.update(bytes);
		part.bytes += bytes.length;
	}

	/** Copies a file of the disk. Throws InputError when it does not hash as it must. */
	async copy(path: string, from: string, sha256: string): Promise<void> {
		const hash = createHash("sha256");
		let bytes = 0;
		for await (const chunk of createReadStream(from)) {
			hash.update(chunk as Buffer);
			bytes += (chunk as Buffer).length;
		}
		this.guard(() => {
			mkdirSync(dirname(join(this.folder, path)), { recursive: true });
			copyFileSync(from, join(this.folder, path));
		});
		this.list(path, bytes, hash);
		if (this.listed.get(path)?.sha256 !== sha256) throw new InputError(`${from} is not the file that was imported: its hash differs`);
	}

	/** What was written so far, in the order of paths. */
	files(): readonly ListedFile[] {
		for (const group of [...this.parts.keys()]) this.close(group);
		return [...this.listed.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
	}

	/** Files that the manifest does not list, in the order in which they were written. */
	unlisted(): readonly ListedFile[] {
		return this.about;
	}

	/** Makes the draft a BagIt bag: all that was written becomes its payload. Gives every path of the bag. */
	wrapInBag(about: BagAbout): readonly string[] {
		const paths = [...this.files(), ...this.unlisted()].map(({ path }) => path);
		const payload = `${this.folder}.payload`;
		return this.guard(() => {
			const tags = bagTags(paths, (path) => readFileSync(join(this.folder, path)), about);
			try {
				renameSync(this.folder, payload);
				mkdirSync(this.folder);
				renameSync(payload, join(this.folder, BAG_PAYLOAD));
			} finally {
				rmSync(payload, { recursive: true, force: true });
			}
			for (const [path, content] of tags) writeFileSync(join(this.folder, path), content, { flag: "wx" });
			return [...paths.map((path) => `${BAG_PAYLOAD}${path}`), ...tags.keys()];
		});
	}

	/** Puts one file in the bundle's place: what `work` writes to its second argument, or the bytes that it gives. */
	async pack(work: (folder: string, target: string) => Promise<Uint8Array | undefined>): Promise<void> {
		const packed = `${this.folder}.packed`;
		try {
			const bytes = await work(this.folder, packed);
			this.guard(() => {
				if (bytes !== undefined) writeFileSync(packed, bytes);
				renameSync(packed, this.target);
			});
		} finally {
			rmSync(packed, { force: true });
		}
	}

	/** Puts the bundle in its place. */
	finish(): void {
		this.guard(() => renameSync(this.folder, this.target));
	}

	/** Leaves nothing behind. */
	discard(): void {
		for (const { file } of this.parts.values()) closeSync(file);
		this.parts.clear();
		rmSync(this.folder, { recursive: true, force: true });
	}

	private open(group: string): Part {
		const count = (this.counts.get(group) ?? 0) + 1;
		this.counts.set(group, count);
		const path = `${group}/${count.toString().padStart(5, "0")}.jsonl`;
		const part: Part = {
			path,
			file: this.guard(() => {
				mkdirSync(join(this.folder, group), { recursive: true });
				return openSync(join(this.folder, path), "wx");
			}),
			hash: createHash("sha256"),
			bytes: 0,
		};
		this.parts.set(group, part);
		return part;
	}

	private close(group: string): void {
		const part = this.parts.get(group);
		if (part === undefined) return;
		closeSync(part.file);
		this.parts.delete(group);
		this.list(part.path, part.bytes, part.hash);
	}

	private list(path: string, bytes: number, hash: Hash): void {
		this.listed.set(path, { path, bytes: bytes.toString(), sha256: hash.digest("hex") });
	}

	private write(path: string, bytes: Uint8Array): void {
		this.check?.(path, bytes);
		this.guard(() => {
			mkdirSync(dirname(join(this.folder, path)), { recursive: true });
			writeFileSync(join(this.folder, path), bytes, { flag: "wx" });
		});
	}

	private guard<T>(work: () => T): T {
		try {
			return work();
		} catch (cause) {
			this.discard();
			const code = (cause as NodeJS.ErrnoException).code;
			throw new ClewError(code === "ENOSPC" ? "DISK_FULL" : "USAGE", `${this.target} cannot be written (${code ?? "unknown"})`, {
				cause,
				hint: "Check the folder, its permissions and the free space.",
			});
		}
	}
}
