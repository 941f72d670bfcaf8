import { checkFiles, type Files, parseCanonical, readJson, readLines, sha256Hex } from "../bundle/files.js";
import { type BalanceProof, balanceShape } from "../bundle/formats.js";
import { textOf } from "../encoding/bytes.js";
import { canonical } from "../encoding/canonical.js";
import type { Fail, Failures } from "../failure.js";
import type { RowReport, VerifyReport } from "../report.js";
import { checkWhatIfSaid } from "../trace/what-if.js";
import { checkClaims, checkSums } from "./claims.js";
import { type Packet, packetShape, type Request, requestShape } from "./formats.js";
import { statedBy } from "./makers-word.js";
import { checkPathTable } from "./path-table.js";
import { checkApart } from "./plausible.js";
import { checkTogether, statesSupply } from "./supply.js";
import { checkTable, rowsByPoint } from "./table.js";
import { checkRequestValues } from "./values.js";

/** The list of files of one packet. */
const LIST = "packet.json";
const NEEDED = ["request.txt", "request.pdf", "request.json", "transfers.csv", "transfers.xlsx"];
const BALANCES = "balances.jsonl";
/** The table of the way, which requests of earlier forms do not tell. */
const PATH = "path.csv";
/** Files whose content is checked here; of the others the hash is. */
const READ = [LIST, "request.json", "transfers.csv", PATH, BALANCES];

/** What the packets of a folder say together, and which of their files were read. */
interface Packets extends Required<Pick<VerifyReport, "rows" | "trace" | "compared" | "hashedOnly">> {
	readonly whatIf: string | undefined;
	/** Requests that state no exchanges, so that their sums were not held against what seeds marked. */
	readonly sumsStated: readonly string[];
	/** What of all requests nothing shows, in words. */
	readonly stated: readonly string[];
}

/** True for a freeze request, or a folder of freeze requests. */
export function isPackets(files: Files): boolean {
	return [...files.keys()].some((path) => path === LIST || path.endsWith(`/${LIST}`));
}

/** The folders of packets among the files, each with its slash; the packet itself is the empty one. */
export function packetFolders(files: Files): string[] {
	return [...new Set([...files.keys()].map((path) => path.slice(0, path.lastIndexOf("/") + 1)))];
}

/**
 * Checks every packet among the files; `balances` gives the rows of a file of balances. A packet proves nothing of its rows: they are
 * told as its table says they are known.
 */
export function readPackets(files: Files, balances: (path: string) => RowReport[], failures: Failures): Packets {
	const fail = failures.of("packet");
	const rows: RowReport[] = [];
	const traces = new Set<string>();
	const requests = new Map<string, Request>();
	const said = new Set<string | undefined>();
	const told = new Set<string>();
	for (const folder of packetFolders(files)) {
		const request = readJson<Request>(files, `${folder}request.json`, requestShape, failures.of("form"));
		checkList(files, folder, request, failures.of("files"));
		if (request === undefined) continue;
		traces.add(request.trace);
		requests.set(`${folder}request.json`, request);
		said.add(request.whatIf);
		checkWhatIfSaid(request, `${folder}request.json`, fail);
		checkClaims(request, `${folder}request.json`, fail);
		for (const text of checkRequestValues(request, `${folder}request.json`, failures.of("values"))) told.add(text);
		checkCsv(files, `${folder}transfers.csv`, request, failures.of("text"));
		checkPathCsv(files, `${folder}${PATH}`, request, failures.of("text"));
		checkBalances(files, `${folder}${BALANCES}`, request, failures.of("proof"));
		for (const { row, provenance } of request.rows)
			rows.push({
				row,
				tier: provenance,
				checked: `row of ${folder}transfers.csv: hashes agree, nothing of it is proven`,
				anchor: "",
			});
		for (const { row, provenance } of request.way?.rows ?? [])
			rows.push({ row, tier: provenance, checked: `row of ${folder}${PATH}: hashes agree, nothing of it is proven`, anchor: "" });
		if (files.has(`${folder}${BALANCES}`)) rows.push(...balances(`${folder}${BALANCES}`));
	}
	checkApart([...requests], fail);
	if (traces.size > 1) fail("request.json", `the packets are of ${traces.size} traces`);
	else checkTogether([...requests.values()], fail);
	if (requests.size > 1) checkAsks([...requests.values()], fail);
	if (said.size > 1) fail("request.json", "the packets of one trace do not agree on what narrowed it");
	const [whatIf] = said;
	const paths = [...files.keys()].sort();
	const all = [...requests.values()];
	const read = (path: string) => READ.includes(path.slice(path.lastIndexOf("/") + 1));
	return {
		rows,
		trace: [...traces][0] ?? "",
		whatIf,
		sumsStated: [...requests].flatMap(([path, request]) => (statesSupply(request) ? [] : [path])),
		stated: [...statedBy(all), ...told],
		compared: paths.filter(read),
		hashedOnly: paths.filter((path) => !read(path)),
	};
}

/** Whoever is asked: no rule finds more at one address in all requests than the rows that lead there bring. */
function checkAsks(requests: readonly Request[], fail: Fail): void {
	// A request that is there twice asks once, and is told of apart.
	const points = new Map(
		requests.flatMap(({ kind, to, points, leads }) =>
			[...points, ...leads].map((point) => [canonical([kind, to.entity.toLowerCase(), point]), point] as const),
		),
	);
	const rows = new Map(requests.flatMap((request) => request.rows.map((row) => [row.row, row])));
	checkSums([...points.values()], rows, requests[0]?.rules ?? [], "the requests together", fail);
}

/** Every listed file is there with its hash, and no other; the list says the same as the request. */
function checkList(files: Files, folder: string, request: Request | undefined, fail: Fail): void {
	const where = `${folder}${LIST}`;
	const list = readJson<Packet>(files, where, packetShape, fail);
	if (list === undefined) return;
	const { seal, ...open } = list;
	if (sha256Hex(canonical(open)) !== seal) fail(where, "the seal does not match its content");
	const needed = request?.way === undefined ? NEEDED : [...NEEDED, PATH];
	checkFiles(files, folder, list.files, [LIST], needed, where, fail);
	for (const { path } of list.files) if (![...needed, BALANCES].includes(path)) fail(`${folder}${path}`, "no packet has such a file");
	if (request === undefined) return;
	if (list.trace !== request.trace) fail(where, `names trace ${list.trace}, request.json ${request.trace}`);
	if (list.case !== request.case.id) fail(where, `names case ${list.case}, request.json ${request.case.id}`);
	const points = [...request.points, ...request.leads];
	const rows = request.rows.length;
	if (list.points !== String(points.length) || ![rows, rowsByPoint(request).length].map(String).includes(list.rows))
		fail(where, `counts ${list.points} end points and ${list.rows} rows, request.json has ${points.length} and ${rows}`);
}

function checkCsv(files: Files, path: string, request: Request, fail: Fail): void {
	const data = files.get(path);
	if (data === undefined) return;
	try {
		checkTable(textOf(data), request, path, fail);
	} catch (error) {
		fail(path, (error as Error).message);
	}
}

function checkPathCsv(files: Files, path: string, request: Request, fail: Fail): void {
	const data = files.get(path);
	if (data === undefined) return;
	try {
		checkPathTable(textOf(data), request, path, fail);
	} catch (error) {
		fail(path, (error as Error).message);
	}
}

/** Exactly the balances that the request calls proven have a proof, of the same amount at the same block. */
function checkBalances(files: Files, path: string, { balances }: Request, fail: Fail): void {
	const called = balances
		.filter(({ known, asset }) => known === "proven" && asset.includes("/slip44:"))
		.map(({ account, amount, height, blockHash }) => `${account} ${amount} at ${height} ${blockHash}`);
	if (called.length !== balances.filter(({ known }) => known === "proven").length)
		fail(path, "a token's balance is called proven, and none can be");
	const lines = files.has(path) ? (readLines(files, path, fail) ?? []) : [];
	const proven = lines.flatMap((line) => {
		try {
			const { account, balance, height, hash } = parseCanonical<BalanceProof>(line, balanceShape);
			return [`${account} ${balance} at ${height} ${hash}`];
		} catch {
			// Told where proofs are checked.
			return [];
		}
	});
	for (const one of called) if (!proven.includes(one)) fail(path, `does not prove ${one}`);
	for (const one of proven) if (!called.includes(one)) fail(path, `proves ${one}, which request.json does not say`);
}
