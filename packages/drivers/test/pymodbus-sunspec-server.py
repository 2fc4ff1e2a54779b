"""A TCP server of pymodbus with a SunSpec device as unit 3, as an independent peer.

Usage: pymodbus-sunspec-server.py PORT BASE WORD... (hexadecimal). Prints "ready" a moment before it listens.
"""

import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server import StartTcpServer

port, base, *words = sys.argv[1:]
registers = {int(base) + i: int(word, 16) for i, word in enumerate(words)}
unit = ModbusSlaveContext(hr=ModbusSparseDataBlock(registers), zero_mode=True)
print("ready", flush=True)
StartTcpServer(context=ModbusServerContext(slaves={3: unit}, single=False), address=("127.0.0.1", int(port)))
