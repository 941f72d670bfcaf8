// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// The part of each issuer's contract that stops accounts, by its published names; every account holds 7.
contract Freezing {
	mapping(address => bool) private stopped;

	event AddedBlackList(address account);
	event Blacklisted(address indexed account);
	event UnBlacklisted(address indexed account);
	event BlockPlaced(address indexed account);
	event FreezeAddress(address indexed account);

	function balanceOf(address) external pure returns (uint256) {
		return 7_000_000;
	}

	function isBlackListed(address account) external view returns (bool) {
		return stopped[account];
	}

	function addBlackList(address account) external {
		stopped[account] = true;
		emit AddedBlackList(account);
	}

	function isBlacklisted(address account) external view returns (bool) {
		return stopped[account];
	}

	function blacklist(address account) external {
		stopped[account] = true;
		emit Blacklisted(account);
	}

	function unBlacklist(address account) external {
		stopped[account] = false;
		emit UnBlacklisted(account);
	}

	function isFrozen(address account) external view returns (bool) {
		return stopped[account];
	}

	function freeze(address account) external {
		stopped[account] = true;
		emit FreezeAddress(account);
	}
}
