"""A server of libmodbus, as an independent peer: `tcp` on a free port, which it prints, or `rtu DEVICE` as unit 5.

It calls the library that mbpoll brings along (libmodbus.so.5), so nothing has to be compiled.
"""

import ctypes
import os
import socket
import sys

lib = ctypes.CDLL("libmodbus.so.5", use_errno=True)
AREAS = ("bits", "input_bits", "input_registers", "registers")


class Mapping(ctypes.Structure):
    """`modbus_mapping_t` of libmodbus 3.1."""

    _fields_ = [
        *[(f"{part}_{area}", ctypes.c_int) for area in AREAS for part in ("nb", "start")],
        ("tab_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_bits", ctypes.POINTER(ctypes.c_uint8)),
        ("tab_input_registers", ctypes.POINTER(ctypes.c_uint16)),
        ("tab_registers", ctypes.POINTER(ctypes.c_uint16)),
    ]


lib.modbus_new_tcp.restype = lib.modbus_new_rtu.restype = ctypes.c_void_p
lib.modbus_mapping_new.restype = ctypes.POINTER(Mapping)
mapping = lib.modbus_mapping_new(3000, 3000, 1000, 1000)
for i in range(3000):
    mapping.contents.tab_bits[i] = i % 3 == 0
    mapping.contents.tab_input_bits[i] = i % 5 == 0
for i in range(1000):
    mapping.contents.tab_registers[i] = (i * 31 + 1) & 0xFFFF
    mapping.contents.tab_input_registers[i] = (i * 37 + 2) & 0xFFFF


def serve(bus):
    query = (ctypes.c_uint8 * 260)()
    while (length := lib.modbus_receive(bus, query)) != -1:
        if length > 0:
            lib.modbus_reply(bus, query, length, mapping)


if sys.argv[1] == "rtu":
    bus = ctypes.c_void_p(lib.modbus_new_rtu(sys.argv[2].encode(), 19200, ctypes.c_char(b"N"), 8, 1))
    lib.modbus_set_slave(bus, 5)
    if lib.modbus_connect(bus) != 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    print("ready", flush=True)
    while True:
        serve(bus)

bus = ctypes.c_void_p(lib.modbus_new_tcp(b"127.0.0.1", 0))
listening = ctypes.c_int(lib.modbus_tcp_listen(bus, 1))
print(socket.socket(fileno=os.dup(listening.value)).getsockname()[1], flush=True)
while lib.modbus_tcp_accept(bus, ctypes.byref(listening)) >= 0:
    serve(bus)
    lib.modbus_close(bus)
