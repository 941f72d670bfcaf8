import type { AccountId, TraceResult } from "@clew/core";
import type { Answer } from "../page/ask.js";
import { fromTrace, labelInWords } from "../view/account.js";
import { find } from "../view/find.js";
import type { AccountView, Figure, StateView } from "../view/model.js";
import { pictureOf } from "../view/picture.js";
import type { PictureQuery } from "../view/query.js";
import { membersView, rowsView } from "../view/rows.js";
import { traceView } from "../view/trace-view.js";
import { type Accounts, accountsOf, GROUP } from "../view/units.js";

/** Answers of a trace alone, without a case: the same views, made where they are looked at. */
export function localAnswers(result: TraceResult): Answer {
	const accounts = accountsOf(result);
	return async (path, params) => {
		const query = pictureQuery(params);
		const { id = "", q = "", cursor, from, to, of, into, node } = params;
		switch (path) {
			case "view":
				return traceView(pictureOf(accounts, query), query);
			case "rows":
				return rowsView(pictureOf(accounts, query), { ...query, from, to, of, into, node, cursor });
			case "node":
				return id.startsWith(GROUP) ? membersView(pictureOf(accounts, query), id, cursor) : accountOf(accounts, id);
			case "find":
				return find(pictureOf(accounts, query), q, new Map());
			default:
				return { trace: result.id, traces: [result.id], entries: 0 } satisfies StateView;
		}
	};
}

const words = (text: string | undefined) => (text ?? "").split(" ").filter((word) => word !== "");
const height = (text: string | undefined) => (text === undefined ? undefined : Number(text));

/** What the page's own controls ask: nobody else can. */
function pictureQuery({
	trace = "last",
	figure,
	asset = "counted",
	since,
	until,
	nodes,
	shape,
	open,
	show,
}: Record<string, string>): PictureQuery {
	return {
		trace,
		figure: figure as Figure | undefined,
		asset,
		since: height(since),
		until: height(until),
		nodes: Number(nodes),
		shape: shape === "flow" ? "flow" : "graph",
		open: words(open),
		show: words(show),
	};
}

function accountOf(accounts: Accounts, id: string): AccountView {
	const { result, leaves } = accounts;
	const labels = (leaves.get(id) ?? []).flatMap((place) => result.leaves[place]?.labels ?? []);
	return {
		...fromTrace(accounts, id as AccountId),
		labels: [...new Set(labels.map((label) => labelInWords({ account: id as AccountId, ...label } as Parameters<typeof labelInWords>[0])))],
		detections: [],
		coverage: [],
		balances: [],
		ledger: [],
		next: null,
		isTraceAlone: true,
	};
}
