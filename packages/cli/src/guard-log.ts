import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ChainId } from "@clew/core";
import type { Decision } from "@clew/guard";
import { dataFile } from "./data-file.js";

type Line = Partial<Decision & { readonly chain: string }>;

/** What was judged, a JSON line each, for its owner; whom an account paid through the guard is known by it. */
export class GuardLog {
	private readonly path = dataFile("guard.jsonl", "CLEW_GUARD_LOG");
	private readonly paid = new Map<string, Set<string>>();

	constructor() {
		if (!existsSync(this.path)) return;
		for (const line of readFileSync(this.path, "utf8").split("\n")) this.note(lineIn(line));
	}

	/** Writes a decision down. */
	add(decision: Decision, chain: ChainId): void {
		const line = { ...decision, chain };
		mkdirSync(dirname(this.path), { recursive: true });
		appendFileSync(this.path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
		this.note(line);
	}

	/** Whom an account paid; where transactions name no payer, whom this guard's wallet paid on the chain. */
	paidBy(from: string | undefined, chain: ChainId): ReadonlySet<string> {
		return this.paid.get(from ?? chain) ?? new Set();
	}

	private note({ from, chain, pays = [], outcome }: Line): void {
		const payer = from ?? chain;
		if (payer === undefined || outcome === "hold" || !Array.isArray(pays)) return;
		const known = this.paid.get(payer) ?? new Set();
		for (const address of pays) if (typeof address === "string") known.add(address);
		this.paid.set(payer, known);
	}
}

/** A line that is none of ours says nothing. */
function lineIn(line: string): Line {
	try {
		const read: unknown = JSON.parse(line);
		return typeof read === "object" && read !== null ? read : {};
	} catch {
		return {};
	}
}
