"""A Modbus TCP server that shares no code with Plantroom: the same three values in each byte order.

Usage: pymodbus-server.py PORT. Prints "ready" when it listens. Order n starts at register 100 * n: INT16, UINT32, FLOAT32.
"""
import asyncio
import sys

from pymodbus.constants import Endian
from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.payload import BinaryPayloadBuilder
from pymodbus.server import StartAsyncTcpServer

# Byte order within a register, then order of the registers: ABCD, DCBA, BADC, CDAB.
ORDERS = [
    (Endian.Big, Endian.Big),
    (Endian.Little, Endian.Little),
    (Endian.Little, Endian.Big),
    (Endian.Big, Endian.Little),
]
INT16, UINT32, FLOAT32 = -27, 3_000_000_017, -12.345


def registers():
    content = {}
    for number, (byte_order, word_order) in enumerate(ORDERS):
        payload = BinaryPayloadBuilder(byteorder=byte_order, wordorder=word_order)
        payload.add_16bit_int(INT16)
        payload.add_32bit_uint(UINT32)
        payload.add_32bit_float(FLOAT32)
        for offset, word in enumerate(payload.to_registers()):
            content[100 * number + offset] = word
    return content


async def main(port):
    block = ModbusSparseDataBlock(registers())
    slave = ModbusSlaveContext(hr=block, ir=block, zero_mode=True)
    context = ModbusServerContext(slaves={unit: slave for unit in (7, 11, 12, 13, 14)}, single=False)
    server = await StartAsyncTcpServer(
        context=context, address=("127.0.0.1", port), allow_reuse_address=True, defer_start=True
    )
    serving = asyncio.ensure_future(server.serve_forever())
    await asyncio.wait([serving, server.serving], return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
    print("ready", flush=True)
    await serving


asyncio.run(main(int(sys.argv[1])))
