import { type AccountId, defang, type GraphStore, InputError, namesInWords, namingOf, standingAt, type TraceResult } from "@clew/core";
import { addMark, markedBy, marksOf, markViews } from "../marks/marks.js";
import { accountView } from "../view/account.js";
import { find } from "../view/find.js";
import { pictureOf } from "../view/picture.js";
import { type PictureQuery, readQuery } from "../view/query.js";
import { membersView, rowsView } from "../view/rows.js";
import { traceView } from "../view/trace-view.js";
import { type Accounts, accountsOf, GROUP, withMarks } from "../view/units.js";

/** Where traces come from: `last` or an id of the case's. Throws ClewError for one that it does not hold, or that was changed. */
export type TraceOf = (wanted: string) => Promise<TraceResult>;

/** Traces that are kept in memory. */
const KEPT = 3;

/** What the server tells, by path. Only {@link write} writes to the case, and only where a clock was given. */
export class Answers {
	private readonly store: GraphStore;
	private readonly traceOf: TraceOf;
	private readonly now: (() => string) | undefined;
	private readonly held = new Map<string, Promise<Accounts>>();
	private readonly names = new Map<string, string>();

	constructor(store: GraphStore, traceOf: TraceOf, now?: () => string) {
		this.store = store;
		this.traceOf = traceOf;
		this.now = now;
	}

	/** True where marks may be written. */
	get canWrite(): boolean {
		return this.now !== undefined;
	}

	/** Writes a mark. Throws InputError for what is none, and where nothing may be written. */
	async write(given: unknown): Promise<object> {
		if (this.now === undefined) throw new InputError("this page only looks");
		return addMark(this.store, given, this.now());
	}

	/** The answer to a path; undefined where nothing is there. Throws InputError for what cannot be asked. */
	async to(path: string, params: URLSearchParams): Promise<object | undefined> {
		switch (path) {
			case "/api/state":
				return this.state(readQuery("state", params).trace);
			case "/api/view": {
				const query = readQuery("view", params);
				const picture = await this.picture(query);
				return traceView(picture, query, await this.namesOf([...picture.boxes.keys()].filter((id) => !id.startsWith(GROUP))));
			}
			case "/api/rows": {
				const query = readQuery("rows", params);
				return rowsView(await this.picture(query), query);
			}
			case "/api/node": {
				const query = readQuery("node", params);
				const { id, cursor } = query;
				if (id.startsWith(GROUP)) return membersView(await this.picture(query), id, cursor);
				return accountView(this.store, await this.accounts(query.trace), id, cursor);
			}
			case "/api/marks":
				readQuery("state", params);
				return { marks: markViews(await marksOf(this.store)), canWrite: this.canWrite };
			case "/api/find": {
				const query = readQuery("find", params);
				return find(await this.picture(query), query.q, this.names);
			}
			default:
				return undefined;
		}
	}

	/** What is open is one trace, by its id; that the case holds newer ones since is told beside it. */
	private async state(trace: string) {
		const traces = await this.store.traceIds();
		const id = trace === "last" ? traces[traces.length - 1] : trace;
		if (id === undefined || !traces.includes(id)) throw new InputError("the case holds no such trace");
		return { trace: id, traces, entries: (await this.store.custody()).length };
	}

	private async picture(query: PictureQuery) {
		const accounts = await this.accounts(query.trace);
		return pictureOf(withMarks(accounts, markedBy(await marksOf(this.store))), query);
	}

	private async accounts(trace: string): Promise<Accounts> {
		const { trace: id } = await this.state(trace);
		const held = this.held.get(id) ?? this.traceOf(id).then(accountsOf);
		this.held.set(id, held);
		// What failed is asked anew the next time.
		held.catch(() => this.held.delete(id));
		for (const old of this.held.keys()) {
			if (this.held.size <= KEPT) break;
			this.held.delete(old);
		}
		return held;
	}

	/** What the case calls accounts that are drawn; a label that had ended names nobody. */
	private async namesOf(accounts: readonly string[]): Promise<ReadonlyMap<string, string>> {
		for (const account of accounts) {
			const labels = await this.store.labelsOf(account as AccountId);
			const naming = namingOf(labels, (label) => standingAt(label, undefined));
			if (naming === undefined) this.names.delete(account);
			else this.names.set(account, defang(namesInWords(naming.label, naming.against)));
		}
		return this.names;
	}
}
