// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Mints, burns and pays as WETH9 does.
contract Wrapped {
    mapping(address => uint256) public balanceOf;
    event Deposit(address indexed dst, uint256 wad);
    event Withdrawal(address indexed src, uint256 wad);

    receive() external payable {
        deposit();
    }

    function deposit() public payable {
        balanceOf[msg.sender] += msg.value;
        emit Deposit(msg.sender, msg.value);
    }

    function withdraw(uint256 wad) external {
        balanceOf[msg.sender] -= wad;
        payable(msg.sender).transfer(wad);
        emit Withdrawal(msg.sender, wad);
    }
}

/// Code that logs in the account of whoever borrows it.
contract Borrowed {
    event Seen(address indexed by);

    function see() external payable {
        emit Seen(msg.sender);
    }
}

/// Makes another contract, which logs while it is made.
contract Made {
    event Born(address indexed by);

    constructor() {
        emit Born(msg.sender);
    }
}

/// Wraps twice, unwraps in two equal parts and passes the rest on; in between it borrows code, makes a contract and calls one that fails.
contract Router {
    receive() external payable {}

    function pass(Wrapped coin, Borrowed code, address payable to) external payable {
        coin.deposit{value: msg.value / 2}();
        (bool paid, ) = address(coin).call{value: msg.value / 2}("");
        (bool seen, ) = address(code).delegatecall(abi.encodeCall(Borrowed.see, ()));
        new Made();
        (bool overdrawn, ) = address(coin).call(abi.encodeCall(Wrapped.withdraw, (msg.value * 2)));
        require(paid && seen && !overdrawn);
        coin.withdraw(msg.value / 2);
        coin.withdraw(msg.value / 2);
        to.transfer(address(this).balance);
    }
}
