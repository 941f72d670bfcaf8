import { Socket } from "node:net";
import { openReadingCopy } from "@clew/graph-store/sqlite";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { brokerOver } from "./broker.js";
import { type Budget, CHECKS, Purse } from "./budget.js";
import { type HttpPlace, serveHttp } from "./http.js";
import { mustBeReviewed } from "./manifest.js";
import { servedOf } from "./served.js";
import { type Gateway, Session } from "./session.js";
import { ORDINARY } from "./vocabulary.js";

/** What whoever starts this process tells it, as JSON in its one argument. */
export interface InsideOptions {
	/** The copy that is served. */
	readonly copy: string;
	readonly budget: Budget;
	readonly version: string;
	/** Absent: standard input and output, one session. */
	readonly http?: HttpPlace;
}

const SHORTEST_NAME = 4;
/** The channel to whoever started this process. */
const BROKER_FD = 3;

mustBeReviewed();
const options = JSON.parse(process.argv[2] ?? "") as InsideOptions;
const served = await servedOf(await openReadingCopy(options.copy));
const gateway: Gateway = {
	served,
	broker: brokerOver(new Socket({ fd: BROKER_FD })),
	purse: new Purse(options.budget),
	checks: new Purse(CHECKS),
	version: options.version,
	names: namesIn(),
};
if (options.http !== undefined) {
	await serveHttp(gateway, options.http);
	await gateway.broker.ask({ ask: "ready" });
} else {
	const { server } = new Session(gateway);
	server.server.onclose = () => process.exit(0);
	process.stdin.on("end", () => process.exit(0));
	await server.connect(new StdioServerTransport());
}

/** Names in labels of the case, but for short and ordinary words. */
function namesIn(): ReadonlySet<string> {
	const names = new Set<string>();
	for (const entity of served.about.names) {
		const name = entity
			.toLowerCase()
			.split(/[^\p{L}\p{N}]+/u)
			.join(" ")
			.trim();
		if (name.length >= SHORTEST_NAME && !ORDINARY.has(name)) names.add(name);
	}
	return names;
}
