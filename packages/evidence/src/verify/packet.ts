import type { Fail } from "./arithmetic.js";
import { textOf } from "./bytes.js";
import { canonical } from "./canonical.js";
import { parseCsv } from "./csv.js";
import { checkFiles, type Files, readJson, sha256Hex } from "./files.js";
import { type Packet, packetShape, type Request, type RequestPoint, requestShape } from "./formats.js";
import type { RowReport } from "./report.js";

/** The list of files of one packet. */
const LIST = "packet.json";
const NEEDED = ["request.txt", "request.pdf", "request.json", "transfers.csv", "transfers.xlsx"];

/** What the packets of a folder say together. */
interface Packets {
	readonly rows: readonly RowReport[];
	readonly trace: string;
	readonly whatIf: string | undefined;
}

/** True for a freeze request, or a folder of freeze requests. */
export function isPackets(files: Files): boolean {
	return [...files.keys()].some((path) => path === LIST || path.endsWith(`/${LIST}`));
}

/** Checks every packet among the files; `balances` gives the rows of a file of balances. A packet proves nothing of its rows: they are told as its table says they are known. */
export function readPackets(files: Files, balances: (path: string) => RowReport[], fail: Fail): Packets {
	const folders = [...new Set([...files.keys()].map((path) => path.slice(0, path.lastIndexOf("/") + 1)))];
	const rows: RowReport[] = [];
	const traces = new Set<string>();
	let whatIf: string | undefined;
	for (const folder of folders) {
		const request = readJson<Request>(files, `${folder}request.json`, requestShape, fail);
		checkList(files, folder, request, fail);
		if (request === undefined) continue;
		traces.add(request.trace);
		whatIf ??= request.whatIf;
		checkAmounts(request, `${folder}request.json`, fail);
		for (const tier of tiersOf(files, `${folder}transfers.csv`, request, fail))
			rows.push({
				row: rows.length + 1,
				tier,
				checked: `row of ${folder}transfers.csv: hashes agree, nothing of it is proven`,
				anchor: "",
			});
		if (files.has(`${folder}balances.jsonl`))
			for (const one of balances(`${folder}balances.jsonl`)) rows.push({ ...one, row: rows.length + 1 });
	}
	if (traces.size > 1) fail("request.json", `the packets are of ${traces.size} traces`);
	return { rows, trace: [...traces][0] ?? "", whatIf };
}

/** Every listed file is there with its hash, and no other. */
function checkList(files: Files, folder: string, request: Request | undefined, fail: Fail): void {
	const list = readJson<Packet>(files, `${folder}${LIST}`, packetShape, fail);
	if (list === undefined) return;
	const { seal, ...open } = list;
	if (sha256Hex(canonical(open)) !== seal) fail(`${folder}${LIST}`, "the seal does not match its content");
	checkFiles(files, folder, list.files, [LIST], NEEDED, `${folder}${LIST}`, fail);
	if (request !== undefined && list.trace !== request.trace)
		fail(`${folder}${LIST}`, `names trace ${list.trace}, request.json ${request.trace}`);
}

/** What is asked for is what the rules agree on, and no more. */
function checkAmounts(request: Request, where: string, fail: Fail): void {
	const asked = new Map<string, bigint>();
	const points = [...request.points, ...request.leads];
	if (points.length === 0) fail(where, "names no end point");
	for (const { account, asset, amounts, agreed, range } of points) {
		const values = Object.entries(amounts)
			.filter(([rule]) => rule !== "poison")
			.map(([, amount]) => BigInt(amount));
		const least = values.reduce((a, b) => (b < a ? b : a), values[0] ?? 0n);
		const most = values.reduce((a, b) => (b > a ? b : a), 0n);
		// Where data was missing, bounds may be wider than what the rules that were run say; never narrower.
		if (BigInt(agreed) > least || BigInt(range[0]) > least || BigInt(range[1]) < most)
			fail(where, `${account}: agreed ${agreed} and range ${range.join(" to ")} of ${asset} are not what its rules say`);
	}
	for (const { asset, agreed } of request.points) asked.set(asset, (asked.get(asset) ?? 0n) + BigInt(agreed));
	for (const { account, agreed } of request.leads as readonly RequestPoint[])
		if (BigInt(agreed) !== 0n) fail(where, `${account}: is called a lead, but ${agreed} are agreed`);
	const said = new Map(Object.entries(request.asked).map(([asset, amount]) => [asset, BigInt(amount)]));
	for (const asset of new Set([...asked.keys(), ...said.keys()]))
		if (asked.get(asset) !== said.get(asset))
			fail(where, `asks for ${said.get(asset) ?? 0n} of ${asset}, its end points add up to ${asked.get(asset) ?? 0n}`);
}

/** How each row of the table is known; it has exactly the rows that the request names. */
function tiersOf(files: Files, path: string, request: Request, fail: Fail): string[] {
	const data = files.get(path);
	if (data === undefined) return [];
	try {
		const [header = [], ...body] = parseCsv(textOf(data));
		const [row, known] = [header.indexOf("row"), header.indexOf("known")];
		const named = [...request.points, ...request.leads].flatMap(({ rows }) => rows.map(String));
		if (named.join() !== body.map((cells) => cells[row] ?? "").join()) fail(path, "has other rows than request.json names");
		return body.map((cells) => cells[known] || "unknown");
	} catch (error) {
		fail(path, (error as Error).message);
		return [];
	}
}
