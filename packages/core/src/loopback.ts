/** The names by which a machine calls itself, as they stand in a URL. */
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * True where a request's `Host` names this machine, at `port` where one is given, else at any: a page that had its own name lead here (DNS
 * rebinding) sends its own.
 */
export function namesThisMachine(host: string | undefined, port?: number): boolean {
	const [, name = "", told] = /^(.*?)(?::(\d{1,5}))?$/.exec(host ?? "") ?? [];
	return LOOPBACK.has(name.toLowerCase()) && (port === undefined || Number(told) === port);
}

/** True where an `Origin` is that of the server itself, by any of this machine's names, at its port. */
export function isOwnOrigin(origin: string, port: number): boolean {
	return [...LOOPBACK].some((host) => origin === `http://${host}:${port}`);
}

/** The URL of a server of this machine. */
export function loopbackUrl(host: string, port: number): string {
	return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
