"""A serial server of pymodbus as unit 5 on the device given, as an independent peer."""

import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartSerialServer
from pymodbus.transaction import ModbusRtuFramer

unit = ModbusSlaveContext(
    co=ModbusSequentialDataBlock(0, [i % 3 == 0 for i in range(3000)]),
    di=ModbusSequentialDataBlock(0, [i % 5 == 0 for i in range(3000)]),
    hr=ModbusSequentialDataBlock(0, [(i * 31 + 1) & 0xFFFF for i in range(1000)]),
    ir=ModbusSequentialDataBlock(0, [(i * 37 + 2) & 0xFFFF for i in range(1000)]),
    zero_mode=True,
)
print("ready", flush=True)
StartSerialServer(
    context=ModbusServerContext(slaves={5: unit}, single=False),
    framer=ModbusRtuFramer,
    port=sys.argv[1],
    baudrate=19200,
    timeout=0.05,
)
