/* A server of libmodbus, as an independent peer: `tcp` on a free port, which it prints, or `rtu DEVICE` as unit 5. */
#include <arpa/inet.h>
#include <modbus/modbus.h>
#include <stdio.h>
#include <string.h>

static void serve(modbus_t *bus, modbus_mapping_t *map) {
  uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
  for (;;) {
    int length = modbus_receive(bus, query);
    if (length > 0) modbus_reply(bus, query, length, map);
    else if (length == -1) return;
  }
}

int main(int count, char **words) {
  modbus_mapping_t *map = modbus_mapping_new(3000, 3000, 1000, 1000);
  for (int i = 0; i < 3000; i++) map->tab_bits[i] = i % 3 == 0, map->tab_input_bits[i] = i % 5 == 0;
  for (int i = 0; i < 1000; i++) map->tab_registers[i] = i * 31 + 1, map->tab_input_registers[i] = i * 37 + 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (count > 2 && strcmp(words[1], "rtu") == 0) {
    modbus_t *bus = modbus_new_rtu(words[2], 19200, 'N', 8, 1);
    modbus_set_slave(bus, 5);
    if (modbus_connect(bus) != 0) return 1;
    puts("ready");
    for (;;) serve(bus, map);
  }
  modbus_t *bus = modbus_new_tcp("127.0.0.1", 0);
  int listening = modbus_tcp_listen(bus, 1);
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  getsockname(listening, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  for (;;) {
    if (modbus_tcp_accept(bus, &listening) < 0) return 1;
    serve(bus, map);
    modbus_close(bus);
  }
}
