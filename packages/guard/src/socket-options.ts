const MB = 1024 * 1024;

/** How much one frame may hold, and how long a node may take to open; nothing packed. */
export const SOCKET = {
	wallet: { noServer: true, maxPayload: 8 * MB, perMessageDeflate: false },
	upstream: { maxPayload: 64 * MB, perMessageDeflate: false, handshakeTimeout: 10_000, followRedirects: false },
	/** Bytes that wait for a side that does not read. */
	backlog: 64 * MB,
} as const;
