import { createServer } from "node:net";

/** A service of one's own on a loopback port. */
export interface Service {
	/** With user and password where there are any. */
	readonly url: string;
	readonly pid: number;
	/** As a crash would: SIGKILL. The data folder stays. */
	kill(): Promise<void>;
	/** Ends it, and removes its data when the folder was made for it alone. */
	stop(): Promise<void>;
}

/** Where a service keeps its data and listens; what is missing is made up: a temporary folder, a free port. */
export interface ServiceOptions {
	readonly folder?: string;
	readonly port?: number;
	readonly log?: string;
	readonly detached?: boolean;
}

/** A loopback port that nothing listens on. */
export function freePort(): Promise<number> {
	return listenOn(0);
}

/** The port that was asked for, when nothing listens on it, else a free one for none. Throws when it is taken. */
export async function claimPort(port: number | undefined): Promise<number> {
	if (port === undefined) return freePort();
	return listenOn(port).catch(() => {
		throw new Error(`port ${port} is taken by another program`);
	});
}

function listenOn(wanted: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen(wanted, "127.0.0.1", () => {
			const { port } = server.address() as { port: number };
			server.close(() => resolve(port));
		});
	});
}

/** In CI a service that cannot be had is a failure; elsewhere its tests are skipped out loud. */
export function missing(what: string): undefined {
	if (process.env["CI"]) throw new Error(`${what}; in CI the tests that need it must run`);
	console.warn(`SKIPPED: ${what}`);
	return undefined;
}
