import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	type AccountId,
	COVERED_KINDS,
	type Coverage,
	coinOf,
	nextCustodyEntry,
	type TraceResult,
	type Transfer,
	traceId,
} from "@clew/core";
import { type MemoryLedgerOptions, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { resealManifest } from "../../../../tests/reseal.js";
import { traced } from "../../../tracer/src/traced.test-util.js";
import { fillBundle } from "../bundle/bundle.js";
import { BundleDraft } from "../bundle/draft.js";
import type { Loose } from "./blocks.test-util.js";
import { checkForm } from "./bundle/form.js";
import type { Trace } from "./bundle/formats.js";
import { canonical } from "./encoding/canonical.js";
import { failureText } from "./failure.js";
import { readBundle } from "./node.js";
import { checkArithmetic } from "./trace/arithmetic.js";
import { checkCoherence } from "./trace/coherence.js";
import { type Trust, verifyFiles } from "./verify-bundle.js";

export const NOBODY: Trust = { headers: [], keys: [], timeRoots: [] };
export const AT = "2026-01-01T00:00:00.000Z";
export const SOURCE = { id: `file:${"a".repeat(16)}`, kind: "file", name: "test.csv", sha256: "a".repeat(64), detail: "" };

/** A label of an exchange, sure enough that a trace ends there. */
export const exchangeLabel = (account: AccountId, entity: string) =>
	({ account, category: "exchange", entity, name: "", source: "desk", retrievedAt: "", confidence: 90 }) as const;

export const RULES = ["fifo", "lifo", "haircut", "poison", "libr", "difo", "dilo"];
/** An amount under every rule of an account chain. */
export const under = (amount: string): Record<string, string> => Object.fromEntries(RULES.map((rule) => [rule, amount]));

/** A trace from account 1, of 10 coins that are stolen and paid on to two accounts if nothing else is said. */
export async function smallTrace(
	world: MemoryLedgerOptions = {},
	moved: readonly Transfer[] = [testTransfer([1, 0, 1], 0, 1, 10n), testTransfer([2, 0, 1], 1, 2, 6n), testTransfer([3, 0, 1], 1, 3, 4n)],
): Promise<TraceResult> {
	const end = Math.max(...moved.map(({ position }) => position.height));
	const whole: Coverage = { chain: TEST_CHAIN, fromHeight: 0, toHeight: end, kinds: COVERED_KINDS, source: SOURCE.id, note: "" };
	const seen: MemoryLedgerOptions = { startsAt: 1_600_000_000, coverage: () => [whole], ...world };
	const result = structuredClone(await traced(moved, [`account:${testAccount(1)}`], {}, seen));
	const { symbol, decimals } = coinOf(TEST_CHAIN);
	for (const info of Object.values(result.assets)) Object.assign(info, { symbol, decimals });
	Object.assign(result.coverage, { sources: [SOURCE], cutoff: String(end) });
	for (const edge of result.edges) edge.source = SOURCE.id as typeof edge.source;
	const { id: _, ...open } = result;
	return { ...open, id: traceId(open) };
}

/** Facts that bear out what a trace says, of a case in which everything was fetched. */
const factsOf = ({ chain, leaves, assets, coverage: { sources } }: TraceResult, info: unknown) => ({
	schema: "clew.facts/1",
	case: info,
	sources,
	labels: leaves.flatMap(({ account, labels }) => labels.map(({ tier: _, ...label }) => ({ account, ...label }))),
	contracts: [],
	assets: Object.entries(assets).map(([asset, { symbol, decimals }]) => ({ asset, symbol, decimals })),
	coverage: [{ chain, fromHeight: 0, toHeight: 2 ** 30, kinds: ["internal", "native", "token"], source: SOURCE.id, note: "" }],
	openings: [],
});

/** The files of a whole bundle of this trace, as `clew export` writes it. */
export async function smallBundle(result: TraceResult): Promise<Map<string, Uint8Array>> {
	const folder = mkdtempSync(join(tmpdir(), "clew-small-"));
	try {
		const draft = new BundleDraft(join(folder, "bundle"));
		const { id, title } = result.case;
		const first = nextCustodyEntry(undefined, AT, "case created", `${title} (${TEST_CHAIN})`);
		const custody = [first, nextCustodyEntry(first, AT, "trace run", result.id)];
		const info = { id, title, chain: TEST_CHAIN, createdAt: AT };
		draft.put("facts.json", jsonLine(factsOf(result, info)));
		await fillBundle(draft, {
			info,
			details: { requester: "", legalBasis: "", jurisdiction: "", handling: "" },
			result,
			custody,
			toolVersion: "0",
		});
		draft.finish();
		return await readBundle(join(folder, "bundle"));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

export const textIn = (files: ReadonlyMap<string, Uint8Array>, name: string) => Buffer.from(files.get(name) ?? []).toString("utf8");

/** The same files with one replaced (or taken away), under a manifest that a forger sealed anew. */
export function withFile(
	files: ReadonlyMap<string, Uint8Array>,
	name: string,
	content: string | Uint8Array | undefined,
	manifest: Record<string, unknown> = {},
): Map<string, Uint8Array> {
	const changed = new Map(files);
	if (content === undefined) changed.delete(name);
	else changed.set(name, typeof content === "string" ? Buffer.from(content, "utf8") : content);
	return resealManifest(changed, manifest);
}

/** One line of canonical JSON. */
export const jsonLine = (value: unknown) => `${canonical(JSON.parse(JSON.stringify(value)))}\n`;

/** What the verifier complains of. */
export async function failuresOf(files: ReadonlyMap<string, Uint8Array>, trust: Partial<Trust> = {}): Promise<readonly string[]> {
	return (await verifyFiles(files, { ...NOBODY, ...trust })).failures.map(failureText);
}

/** What the checks of a trace by itself complain of once it was edited. */
export function complaintsOf(trace: Trace, edit: (trace: Loose<Trace>) => unknown = () => {}): string[] {
	const changed = structuredClone(trace) as Loose<Trace>;
	edit(changed);
	const found: string[] = [];
	const fail = (where: string, what: string) => void found.push(`${where}: ${what}`);
	if (!checkForm(changed, fail)) return found;
	checkCoherence(changed, fail);
	checkArithmetic(changed, fail);
	return found;
}
