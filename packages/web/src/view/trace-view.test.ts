import { describe, expect, it } from "vitest";
import { find } from "./find.js";
import { MAX_LINKS, pictureOf } from "./picture.js";
import { MAX_NODES, readQuery } from "./query.js";
import { membersView, rowsView } from "./rows.js";
import { account, CHAIN, COIN, leaf, row, trace } from "./trace.test-util.js";
import { traceView } from "./trace-view.js";
import { accountsOf } from "./units.js";

const viewOf = (result: ReturnType<typeof trace>, asked = "") => {
	const query = readQuery("view", new URLSearchParams(asked));
	const picture = pictureOf(accountsOf(result), query);
	return { picture, view: traceView(picture, query) };
};
/** The seed pays 2, which pays an exchange at two addresses and two that hold dust. */
const theft = trace(
	[
		row(1, 9, 1, 100),
		row(2, 1, 2, 60),
		row(3, 2, 3, 30, { provenance: "imported" }),
		row(4, 2, 4, 20),
		row(5, 2, 5, 1),
		row(6, 2, 6, 1),
		row(7, 1, 2, 5),
		row(8, 1, 0, 1, { kind: "fee" }),
	],
	[leaf(1, 35, "unspent"), leaf(3, 30, "service", "Upbit"), leaf(4, 20, "service", "upbit"), leaf(5, 1, "dust"), leaf(6, 1, "dust")],
	{ coverage: { cutoff: "9", sources: [], gaps: [{ kind: "unfetched-account", account: account(4), text: "its history is not here" }] } },
);

describe("the picture of a trace", () => {
	it("draws an exchange, and dust, as one box each, says so, and takes them apart", () => {
		const { view } = viewOf(theft);
		const named = Object.fromEntries(view.nodes.map((node) => [node.name, node]));
		expect(named["Upbit (2 addresses)"]).toMatchObject({ role: "service", members: 2, gaps: 1 });
		expect(named["Upbit (2 addresses)"]?.ends).toEqual([{ reason: "service", money: { asset: 0, amount: "50" } }]);
		expect(named["2 ends with dust"]).toMatchObject({ role: "dust", members: 2 });
		expect(view.hidden.accounts).toEqual({ shown: 3, of: 7 });
		expect(view.gaps).toEqual([{ kind: "unfetched-account", count: 1 }]);
		const apart = viewOf(theft, "open=@service:upbit @dust").view;
		expect(apart.hidden.accounts).toEqual({ shown: 7, of: 7 });
		expect(apart.nodes.filter(({ role }) => role === "service").map(({ name }) => name)).toEqual(["Upbit", "upbit"]);
	});

	it("accounts for every row: drawn, or why not", () => {
		for (const asked of ["", "nodes=2", "until=3", "since=4", "figure=agreed", "figure=poison", "open=@dust", "nodes=3&asset=all"]) {
			const { drawn, of, fees, nothing, filtered, inside, thin } = viewOf(theft, asked).view.hidden.rows;
			expect([asked, drawn + fees + nothing + filtered + inside + thin]).toEqual([asked, of]);
		}
	});

	it("bundles rows into one arrow with their sum, and keeps how each is known", () => {
		const { view, picture } = viewOf(theft);
		const arrow = view.links.find(({ from, to }) => view.nodes[from]?.id === account(1) && view.nodes[to]?.id === account(2));
		expect(arrow).toMatchObject({ money: { amount: "65" }, transfers: 2, tiers: ["node"], share: 650 });
		const service = view.links.find(({ to }) => view.nodes[to]?.role === "service");
		expect(service?.tiers).toEqual(["imported", "node"]);
		const rows = rowsView(picture, readQuery("rows", new URLSearchParams({ from: account(2), to: "@service:upbit", of: COIN })));
		expect(rows.rows.map(({ row: n, provenance, baseUnits }) => [n, provenance, baseUnits])).toEqual([
			[3, "imported", "30000000000000000000"],
			[4, "node", "20000000000000000000"],
		]);
	});

	it("shows what is open of a sum: rules that differ, and ranges that are wider than they", () => {
		const differs = row(2, 1, 2, 10);
		const result = trace(
			[
				{ ...differs, tainted: { ...differs.tainted, fifo: "0", haircut: "5000000000000000000" } },
				{ ...row(3, 1, 2, 1), range: ["0", "2000000000000000000"] },
			],
			[],
		);
		const money = (figure: string) => viewOf(result, `figure=${figure}`).view.links[0]?.money;
		expect(money("haircut")).toEqual({ asset: 0, amount: "6", range: ["0", "12"] });
		expect(money("at-most")).toEqual({ asset: 0, amount: "12", range: ["0", "12"] });
		expect(money("fifo")).toEqual({ asset: 0, amount: "1", range: ["0", "12"] });
		// Nothing is agreed on: the arrow goes, and is counted.
		expect(viewOf(result, "figure=agreed").view).toMatchObject({ links: [], hidden: { rows: { nothing: 2 } } });
	});

	it("keeps to its bounds for any number of accounts, in one stack whose members are listed page by page", () => {
		const many = Array.from({ length: 2_000 }, (_, i) => row(i + 2, 1, i + 100, i + 1));
		const { view, picture } = viewOf(trace([row(1, 9, 1, 100), ...many], []), `nodes=${MAX_NODES}`);
		expect(view.nodes.length).toBe(MAX_NODES);
		expect(view.links.length).toBeLessThanOrEqual(MAX_LINKS);
		const stack = view.nodes.find(({ id }) => id === "@others");
		expect(stack?.members).toBe(2_002 - (MAX_NODES - 1));
		expect(view.nodes.some(({ id }) => id === account(2_099))).toBe(true);
		const seen: string[] = [];
		for (let cursor: string | undefined; ; ) {
			const { members, next, of } = membersView(picture, "@others", cursor);
			seen.push(...members.map(({ id }) => id));
			if (next === null) {
				expect([new Set(seen).size, seen.length]).toEqual([of, of]);
				break;
			}
			cursor = next;
		}
		expect(
			viewOf(trace([row(1, 9, 1, 100), ...many], []), `nodes=24&show=${account(100)}`).view.nodes.some(({ id }) => id === account(100)),
		).toBe(true);
	});

	it("gives all rows of a box once, page by page in time, also two at one place", () => {
		const twice = Array.from({ length: 120 }, (_, i) => row(i + 1, 1, 2, 1, { position: `${Math.floor(i / 2) + 5}.0.1` }));
		const { picture } = viewOf(trace(twice.reverse(), []));
		const seen: number[] = [];
		for (let cursor = ""; ; ) {
			const page = rowsView(picture, readQuery("rows", new URLSearchParams({ node: account(1), ...(cursor === "" ? {} : { cursor }) })));
			seen.push(...page.rows.map(({ row: n }) => n));
			if (page.next === null) break;
			cursor = page.next;
		}
		expect(seen).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
	});

	it("draws no token that nobody chose, and says how many there are", () => {
		const junk = `${CHAIN}/erc20:0x${"9".repeat(40)}`;
		const result = trace([row(1, 1, 2, 1), row(2, 7, 1, 1, { asset: junk, kind: "token" })], [], {
			assets: { [COIN]: { symbol: "ETH", decimals: 18 }, [junk]: { symbol: "<script>alert(1)</script>\u202e", decimals: 0 } },
		});
		expect(viewOf(result).view).toMatchObject({
			links: [{ transfers: 1 }],
			hidden: { rows: { filtered: 1 } },
			others: expect.stringMatching(/^other tokens, not counted: 1 contract/),
		});
		const { assets, links } = viewOf(result, "asset=all").view;
		expect(links.length).toBe(2);
		expect(assets.find(({ id }) => id === junk)?.name).not.toMatch(/\u202e/);
	});

	it("finds by address, hash, label and name, whole matches first", () => {
		const { picture } = viewOf(theft);
		const by = (word: string) => find(picture, word, new Map([[account(2), "the mule"]])).found.map(({ id }) => id);
		expect(by(account(2).slice(account(2).lastIndexOf(":") + 1))).toEqual([account(2)]);
		expect(by("UPBIT")).toEqual([account(3), account(4)]);
		expect(by("mule")).toEqual([account(2)]);
		expect(by(`0x${"5".padStart(64, "0")}`).sort()).toEqual([account(2), account(5)]);
		expect(find(picture, "nobody", new Map())).toEqual({ found: [], of: 0 });
	});
});
