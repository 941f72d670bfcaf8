import type { AccountId, AssetId, TraceResult } from "@clew/core";
import { expect, it } from "vitest";
import { arrivedAt } from "./arrived.js";

const ETH = "eip155:1/slip44:60";
const [T, X, Y] = ["T", "X", "Y"] as const;
const both = (units: number) => ({ fifo: `${units}`, lifo: `${units}`, poison: `${units * 2}` });
const edge = (from: string, to: string, tainted: object, rest: object = {}) => ({
	from,
	to,
	asset: ETH,
	tainted,
	position: "2.0.0",
	...rest,
});
const seed = (rows: object[]) => ({ spec: "tx:0x1", origin: 0, seeded: {}, rows });
const row = (account: string, seeded: object) => ({ account, asset: ETH, position: "0.0.0", seeded });

/** What is known of T, of a result that holds these movements and no more of what this does not read. */
function at(account: string, edges: object[], seeds: object[]) {
	const result = { rules: ["fifo", "lifo", "poison"], edges, seeds } as unknown as TraceResult;
	return arrivedAt(result, account as AccountId, ETH as AssetId);
}

it("counts money that comes back once, at both ends", () => {
	const edges = [edge(X, T, both(10)), edge(T, Y, both(10)), edge(Y, T, both(10)), edge(T, Y, both(10)), edge(Y, T, both(10))];
	const seeds = [seed([row(T, both(10))])];
	expect(at(T, edges, seeds)).toEqual({ least: 10n, most: 10n, screened: 20n });
	expect(at(Y, edges, seeds)).toEqual({ least: 10n, most: 10n, screened: 20n });
});

it("says how much at most where it cannot know whether it is the same money: all of it, and no more than was marked", () => {
	const edges = [edge(X, T, both(10)), edge(X, Y, both(15)), edge(T, Y, both(10)), edge(Y, T, both(10))];
	const seeds = [seed([row(X, both(25))])];
	expect(at(T, edges, seeds)).toMatchObject({ least: 10n, most: 20n });
	expect(at(T, [...edges, edge(T, Y, both(10)), edge(Y, T, both(10))], seeds)).toMatchObject({ least: 10n, most: 25n });
});

it("counts what seeds mark right there in full, though it left in between", () => {
	const edges = [edge(X, T, both(3)), edge(T, Y, both(3)), edge(X, T, both(4)), edge(T, Y, both(4))];
	expect(at(T, edges, [seed([row(T, both(3)), row(T, both(4))])])).toMatchObject({ least: 7n, most: 7n });
});

it("is the least and most over the rules, and over every placing of missing money", () => {
	const edges = [
		edge(X, T, { fifo: "5", lifo: "2" }),
		edge(T, Y, { fifo: "1", lifo: "2" }),
		edge(X, T, { fifo: "0", lifo: "3" }, { range: ["0", "9"] }),
	];
	expect(at(T, edges, [seed([row(X, { fifo: "20", lifo: "20" })])])).toMatchObject({ least: 2n, most: 14n });
});

it("counts what exchanges brought of the asset beside what was marked, and not as an arrival", () => {
	const gold = { from: X, to: X, asset: "gold", tainted: both(1), into: { asset: ETH, amount: "8", tainted: both(8) } };
	expect(at(T, [gold, edge(X, T, both(8))], [])).toMatchObject({ least: 8n, most: 8n });
	expect(at(X, [gold], [])).toMatchObject({ least: 0n, most: 0n });
});

it("takes nothing off a sender for what is marked on his payment, and never more than he has", () => {
	const paid = { ...edge(T, X, both(90)), position: "1.0.0" };
	const seeds = [seed([{ ...row(X, both(90)), position: "1.0.0" }])];
	expect(at(T, [paid, edge(X, T, both(50))], seeds)).toMatchObject({ least: 50n, most: 50n });
	expect(at(T, [edge(X, T, both(50)), paid], seeds)).toMatchObject({ least: 50n });
	expect(at(T, [edge(T, X, both(90)), edge(X, T, both(50))], seeds)).toMatchObject({ least: 50n });
});
