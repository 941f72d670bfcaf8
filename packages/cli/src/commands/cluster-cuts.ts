import { readFileSync } from "node:fs";
import { type ClusterCut, defang, type GraphStore, InputError, isHash, ledgerOf, parseAccount, parseHash, quote } from "@clew/core";
import { parseAccountHeuristics, parseHeuristics } from "@clew/tracer";
import type { Context } from "../context.js";
import { json, showAccount } from "../output.js";
import { printTable } from "../table.js";

/** `TXID`, `ADDRESS` or either with `=HEURISTIC`. */
function parseCut(text: string, store: GraphStore): Pick<ClusterCut, "subject" | "heuristic"> {
	const [subject = "", heuristic = "", ...rest] = text.split("=");
	if (rest.length > 0) throw new InputError(`${quote(text)} is not SUBJECT or SUBJECT=HEURISTIC`, { code: "USAGE" });
	const { chain } = store.info;
	if (heuristic !== "") (ledgerOf(chain) === "outputs" ? parseHeuristics : parseAccountHeuristics)(heuristic);
	return { subject: isHash(subject, chain) ? parseHash(subject, chain) : parseAccount(subject, chain), heuristic };
}

/** Makes and takes back the cuts that the command line names; false when it names none. Throws InputError. */
export async function changeCuts(
	context: Context,
	store: GraphStore,
	options: {
		readonly cut: readonly string[];
		readonly uncut: readonly string[];
		readonly note?: string | undefined;
		readonly cutsFrom?: string | undefined;
	},
): Promise<boolean> {
	const wanted = options.cut.map((text) => ({ ...parseCut(text, store), note: options.note ?? "" }));
	if (wanted.length > 0 && !options.note) throw new InputError("a cut needs a reason", { code: "USAGE", hint: "Add --note TEXT." });
	if (options.cutsFrom !== undefined) wanted.push(...cutsFromFile(options.cutsFrom, store));
	const undone = options.uncut.map((text) => parseCut(text, store));
	if (wanted.length === 0 && undone.length === 0) return false;
	await store.atomically(async (tx) => {
		for (const cut of wanted) {
			await tx.putClusterCut({ ...cut, at: context.now() });
			await tx.appendCustody(context.now(), "cluster cut", `${cut.subject}${cut.heuristic ? ` (${cut.heuristic})` : ""}: ${cut.note}`);
		}
		for (const { subject, heuristic } of undone) {
			if (!(await tx.removeClusterCut(subject, heuristic)))
				throw new InputError(`there is no cut of ${quote(subject)}`, { code: "USAGE", hint: "clew cluster --cuts lists them." });
			await tx.appendCustody(context.now(), "cluster cut taken back", subject);
		}
	});
	context.note(`${wanted.length} cuts made, ${undone.length} taken back`);
	return true;
}

function cutsFromFile(path: string, store: GraphStore): Omit<ClusterCut, "at">[] {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (cause) {
		throw new InputError("cannot be read", { where: path, cause, code: "USAGE" });
	}
	return text.split(/\r?\n/).flatMap((line, i) => {
		const [subject = "", ...note] = line.split(",");
		if (subject.trim() === "" || subject.startsWith("#")) return [];
		try {
			return [{ ...parseCut(subject.trim(), store), note: note.join(",").trim() || `listed in ${path}` }];
		} catch (error) {
			throw new InputError((error as Error).message, { where: `${path}:${i + 1}` });
		}
	});
}

const showSubject = (subject: string) => (subject.includes(":") ? showAccount(subject) : subject);

/** Lists cuts. */
export function printCuts(context: Context, cuts: readonly ClusterCut[], asJson: boolean): void {
	if (asJson) {
		context.print(json({ schema: "clew.cluster-cuts/1", cuts }));
		return;
	}
	const rows = cuts.map((cut) => [showSubject(cut.subject), cut.heuristic || "every heuristic", cut.at, defang(cut.note)]);
	printTable(context, [{ title: "cut" }, { title: "of" }, { title: "since" }, { title: "note" }], rows);
}
