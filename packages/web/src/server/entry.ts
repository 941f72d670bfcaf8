import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isLocalRequest, isOfNoOtherSite } from "@clew/guard/loopback";

const BYTES = 32;
const secret = () => randomBytes(BYTES).toString("hex");
const digest = (text: string) => createHash("sha256").update(text).digest();
const isSame = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/**
 * Who may look: whoever opens the page by the link that was printed, once. The link's token is exchanged for a cookie that no page of
 * another site can send; both are of this run alone.
 */
export class Entry {
	/** What the link carries. */
	readonly token = secret();
	private readonly session = secret();
	private isUsed = false;
	private readonly port: number;

	constructor(port: number) {
		this.port = port;
	}

	/** A cookie for whoever brings the token; undefined for any other, and for the second who does. */
	exchange(token: string): string | undefined {
		if (!isSame(token, this.token) || this.isUsed) return undefined;
		this.isUsed = true;
		return `${this.cookie}=${this.session}; HttpOnly; SameSite=Strict; Path=/`;
	}

	/** True for a request that brings the cookie. */
	knows({ cookie = "" }: IncomingHttpHeaders): boolean {
		return cookie.split(/;\s*/).some((one) => isSame(one, `${this.cookie}=${this.session}`));
	}

	/** True for a request that names this machine and port, and that no page of another site made. */
	isForUs(headers: IncomingHttpHeaders): boolean {
		const { host = "" } = headers;
		return isLocalRequest(headers, this.port, undefined) && host.endsWith(`:${this.port}`) && isOfNoOtherSite(headers);
	}

	/** Cookies are one machine's, whatever the port: two explorers each have their own. */
	private get cookie(): string {
		return `clew-${this.port}`;
	}
}
