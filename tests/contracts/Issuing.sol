// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// A stablecoin with the issuer's acts by the names and events that TetherToken publishes: what is destroyed or issued logs no Transfer.
contract Issuing {
	mapping(address => uint256) public balanceOf;
	mapping(address => bool) public isBlackListed;

	event Transfer(address indexed from, address indexed to, uint256 value);
	event Issue(uint256 amount);
	event AddedBlackList(address account);
	event RemovedBlackList(address account);
	event DestroyedBlackFunds(address account, uint256 amount);

	function decimals() external pure returns (uint8) {
		return 6;
	}

	function symbol() external pure returns (string memory) {
		return "USDT";
	}

	function issue(uint256 amount) external {
		balanceOf[msg.sender] += amount;
		emit Issue(amount);
	}

	function transfer(address to, uint256 value) external returns (bool) {
		require(!isBlackListed[msg.sender] && balanceOf[msg.sender] >= value);
		balanceOf[msg.sender] -= value;
		balanceOf[to] += value;
		emit Transfer(msg.sender, to, value);
		return true;
	}

	function addBlackList(address account) external {
		isBlackListed[account] = true;
		emit AddedBlackList(account);
	}

	function removeBlackList(address account) external {
		isBlackListed[account] = false;
		emit RemovedBlackList(account);
	}

	function destroyBlackFunds(address account) external {
		require(isBlackListed[account]);
		uint256 amount = balanceOf[account];
		balanceOf[account] = 0;
		emit DestroyedBlackFunds(account, amount);
	}
}
