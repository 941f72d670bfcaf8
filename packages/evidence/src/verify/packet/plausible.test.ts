import { describe, expect, it } from "vitest";
import { BITCOIN, type Loose } from "../blocks.test-util.js";
import { notAsSeen } from "../encoding/plain-name.js";
import type { Request } from "./formats.js";
import { checkApart, checkPlausible } from "./plausible.js";

const first = <T>([one]: readonly T[]): T => one as T;

function request(): Loose<Request> {
	const row = { row: 1, position: "5.0.1", time: "2018-11-01T00:00:00Z", from: "eip155:1:0xa", to: "eip155:1:0xb", amount: "6" };
	return {
		chain: "eip155:1",
		kind: "custodian",
		to: { entity: "Example Exchange" },
		rows: [{ ...row, asset: "eip155:1/slip44:60" }],
		points: [{ account: "eip155:1:0xb", asset: "eip155:1/slip44:60", rows: [1] }],
		leads: [],
	} as unknown as Loose<Request>;
}

function complaints(edit: (request: Loose<Request>) => unknown = () => {}): string[] {
	const changed = request();
	edit(changed);
	const found: string[] = [];
	checkPlausible(changed, "r", (where, what) => found.push(`${where}: ${what}`));
	return found;
}
const row = (change: object) => complaints((r) => Object.assign(first(r.rows), change));

describe("a freeze request of what can have been", () => {
	it("is not complained of", () => {
		expect(complaints()).toEqual([]);
		expect(row({ position: "1.0.0" })).toEqual([]);
	});

	it.each<[string, string, object]>([
		["in the first block", "r row 1: is in block 0, which moves nothing that anybody had", { position: "0.0.0" }],
		["from the custodian to itself", "r row 1: goes from eip155:1:0xb to itself, and brings it nothing", { from: "eip155:1:0xb" }],
	])("with a movement %s is refused", (_, message, change) => {
		expect(row(change)).toEqual([expect.stringContaining(message)]);
	});

	it("may go back to its sender on Bitcoin, and show what an issuer's holder got by an exchange", () => {
		expect(complaints((r) => Object.assign(r, { kind: "issuer", rows: [{ ...first(r.rows), from: first(r.rows).to }] }))).toEqual([]);
		const bitcoin = { time: "2009-01-12T00:00:00Z", from: `${BITCOIN}:x`, to: `${BITCOIN}:x`, asset: `${BITCOIN}/slip44:0` };
		expect(complaints((r) => Object.assign(Object.assign(r, { chain: BITCOIN }).rows[0] ?? {}, bitcoin))).toEqual([]);
	});

	it("asks nobody by a name that is not as it looks", () => {
		for (const name of ["Upbit", "Société Générale", "Биржа", "μTorrent", "Κεφάλαιο", "取引所", "بانک\u200cملی", "Bit2C", "O'Hara & Sons"])
			expect([name, notAsSeen(name)]).toEqual([name, undefined]);
		for (const name of ["Upbit\u200b", "Up\u00adbit", "Upbit\u202e", "Up\u200dbit", "Upbit\u3164", "Upbit\u0000"])
			expect([name, notAsSeen(name)]).toEqual([name, "holds characters that nobody sees"]);
		for (const name of ["U\u0440bit", "Bin\u0430nce", "\u0410cme Bank", "Bit\u03bfex"])
			expect([name, notAsSeen(name)]).toEqual([name, "mixes letters of two scripts that look alike"]);
		expect(complaints((r) => (r.to.entity = "U\u0440bit"))).toEqual([
			'r: the name "U\u0440bit" mixes letters of two scripts that look alike',
		]);
	});
});

describe("requests of one folder", () => {
	const apart = (...requests: Loose<Request>[]) => {
		const found: string[] = [];
		checkApart(
			requests.map((one, i) => [`${i}/request.json`, one] as const),
			(where, what) => found.push(`${where}: ${what}`),
		);
		return found;
	};
	it("ask nobody twice for the same", () => {
		const other = { ...request(), to: { entity: "Other" } };
		const later = request();
		first(later.points).rows = [2];
		expect(apart(request(), other, later)).toEqual([]);
		const shouted = { ...request(), to: { entity: "EXAMPLE EXCHANGE" } };
		for (const twin of [request(), shouted])
			expect(apart(request(), twin)).toEqual(["1/request.json: eip155:1:0xb: is asked about in 0/request.json, too"]);
	});
});
