import { createHash } from "node:crypto";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure, type TLSSocket } from "node:tls";
import { InputError, NodeError, safeCause } from "@clew/core";

/** A transaction of 4 MB in hex, with what a server tells beside it, is some 25 MB. */
const MAX_LINE_BYTES = 32 << 20;
const NEWLINE = 0x0a;

/** How a server is reached. */
export interface LineOptions {
	readonly name: string;
	readonly secrets: readonly string[];
	readonly timeoutMs: number;
	/** SHA-256 in hex of the one certificate that is taken; absent: one that an authority vouches for. */
	readonly certificate?: string | undefined;
	/** Told of a certificate that nobody vouches for, which is taken then; not asked where one is named. */
	readonly onCertificate?: ((sha256: string) => void) | undefined;
	readonly onLine: (line: Buffer) => void;
	/** Called once when the connection is over, after it was open. */
	readonly onEnd: (error: NodeError) => void;
}

/** A connection on which both sides send lines. */
export interface LineSocket {
	send(line: string): void;
	close(): void;
}

/**
 * Connects to `ssl://HOST:PORT` or `tcp://HOST:PORT`. A line that grows beyond {@link MAX_LINE_BYTES} ends the connection. Throws
 * InputError (USAGE) for another URL, and NodeError; NODE_UNREACHABLE that is not retryable for a certificate that is not taken.
 */
export async function openLines(url: string, options: LineOptions): Promise<LineSocket> {
	const { name, secrets, onEnd } = options;
	const { host, port, secure } = placeIn(url, name);
	const socket = secure
		? connectSecure({ host, port, rejectUnauthorized: false, ...(/^[0-9.]+$|:/.test(host) ? {} : { servername: host }) })
		: connectPlain({ host, port });
	let end: NodeError | undefined;
	await new Promise<void>((resolve, reject) => {
		const finish = (error?: NodeError) => {
			clearTimeout(timer);
			socket.off("error", failed).off("close", closed);
			socket.on("error", () => undefined);
			if (error === undefined) return resolve();
			socket.destroy();
			reject(error);
		};
		const failed = (cause: Error & { code?: string }) => finish(lost(name, secrets, cause));
		const closed = () => finish(lost(name, secrets));
		const late = () => finish(new NodeError("NODE_TIMEOUT", name, "no connection in time", { retryable: true }));
		const timer = setTimeout(late, options.timeoutMs);
		socket.once("error", failed).once("close", closed);
		socket.once(secure ? "secureConnect" : "connect", () => finish(secure ? refusalOf(socket as TLSSocket, options) : undefined));
	});
	const over = (error: NodeError) => {
		if (end !== undefined) return;
		end = error;
		socket.destroy();
		onEnd(error);
	};
	readLines(socket, options, over);
	socket.on("error", (cause) => over(lost(name, secrets, cause)));
	socket.on("close", () => over(lost(name, secrets)));
	// Whoever waits for an answer holds a clock; a connection that is only open keeps no process.
	socket.unref();
	return { send: (line) => void socket.write(`${line}\n`), close: () => void socket.destroy() };
}

/** Gives whole lines on, and ends a connection whose line grows too long. */
function readLines(socket: Socket, { name, onLine }: LineOptions, over: (error: NodeError) => void): void {
	let parts: Buffer[] = [];
	let length = 0;
	socket.on("data", (chunk: Buffer) => {
		let from = 0;
		for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
			const line = Buffer.concat([...parts, chunk.subarray(from, at)]);
			parts = [];
			length = 0;
			from = at + 1;
			if (line.length > 0) onLine(line);
		}
		const rest = chunk.subarray(from);
		length += rest.length;
		if (length > MAX_LINE_BYTES)
			return over(
				new NodeError("NODE_TOO_MUCH", name, `an answer of more than ${MAX_LINE_BYTES >> 20} MiB`, { hint: "Use another server." }),
			);
		if (rest.length > 0) parts.push(rest);
	});
}

function placeIn(url: string, name: string): { host: string; port: number; secure: boolean } {
	const { protocol, hostname, port, pathname, search } = new URL(url);
	if (port !== "" && hostname !== "" && pathname.replace("/", "") === "" && search === "")
		return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), secure: protocol === "ssl:" };
	throw new InputError(`${name}: is no URL of an Electrum server`, {
		code: "USAGE",
		hint: "Give ssl://HOST:PORT (50002, usually), or tcp://HOST:PORT (50001).",
	});
}

function lost(name: string, secrets: readonly string[], cause?: Error & { code?: string }): NodeError {
	return new NodeError("NODE_UNREACHABLE", name, cause === undefined ? "it ended the connection" : (cause.code ?? "no connection"), {
		retryable: true,
		hint: "Check the URL and that the server runs; it may have ended the connection of one that asks too much.",
		...(cause === undefined ? {} : { cause: safeCause(cause, secrets) }),
	});
}

/** Why a server's certificate is not taken. */
function refusalOf(socket: TLSSocket, { name, certificate, onCertificate }: LineOptions): NodeError | undefined {
	const { raw } = socket.getPeerCertificate();
	const shown = raw === undefined ? "" : createHash("sha256").update(raw).digest("hex");
	const refuse = (text: string, hint: string) => new NodeError("NODE_UNREACHABLE", name, text, { hint });
	if (certificate !== undefined)
		return shown === certificate
			? undefined
			: refuse(
					`shows another certificate than the one that was kept: somebody may stand between (SHA-256 ${shown}, kept ${certificate})`,
					"Ask who runs it. If it was renewed: clew endpoints remove NAME, add it again, and test it.",
				);
	if (socket.authorized) return undefined;
	if (onCertificate !== undefined) {
		onCertificate(shown);
		return undefined;
	}
	return refuse(
		`its certificate (SHA-256 ${shown}) is vouched for by no authority, as is usual for Electrum servers`,
		"Keep it: clew endpoints add NAME URL, then clew endpoints test NAME takes the one that it shows then and no other from then on.",
	);
}
