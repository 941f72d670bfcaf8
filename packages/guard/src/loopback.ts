import type { IncomingHttpHeaders } from "node:http";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Whether a page may come from here: what a server that listens at `port` of this machine showed itself. */
export function isOwnOrigin(origin: string, port: number): boolean {
	return [...LOOPBACK].some((host) => origin === `http://${host}:${port}`);
}

/**
 * Whether a request to a loopback port calls this machine by its own names, and comes from no page of a site: against DNS rebinding and
 * requests across sites. `trusted` says which other origins may ask, such as those of extensions.
 */
export function isLocalRequest({ host = "", origin }: IncomingHttpHeaders, port: number, trusted: RegExp | undefined): boolean {
	const [, name = ""] = /^(.*?)(:\d+)?$/.exec(host) ?? [];
	if (!LOOPBACK.has(name.toLowerCase())) return false;
	return origin === undefined || (trusted?.test(origin) ?? false) || isOwnOrigin(origin, port);
}

/** Whether a request comes from no page of another site, by what browsers say of it; other programs say nothing. */
export function isOfNoOtherSite({ "sec-fetch-site": site }: IncomingHttpHeaders): boolean {
	return site === undefined || site === "same-origin" || site === "none";
}
