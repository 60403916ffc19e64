/*
 * The floor: how fast the kernel's IPVS can be written and read by a C program on one netlink socket, with nothing in
 * between. Needs the kernel's headers alone. Every command prints its seconds, and the services and servers it read.
 *
 *   floor write SERVICES SERVERS            adds them, many requests to a send
 *   floor read                              reads all services, then the servers of each
 *   floor edit SERVICE SERVER WEIGHT        changes one weight
 *   floor thesis ROUNDS                     add service, add server, delete server, delete service; each answered
 *   floor wait SERVICE SERVERS WEIGHT       until a service has so many servers, of that weight together
 *   floor follow SERVICE SERVERS WEIGHT FROM TO   renames a file, and waits for that from then on
 *   floor when SERVICE SERVERS WEIGHT       the same without a file; prints the seconds since 1970 when it was so
 *
 * SERVICE and SERVER are indices: the addresses made of them are those of inputs.ts.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH_BYTES = 48 * 1024, REQUEST_BYTES = 512, RECEIVE_BYTES = 256 * 1024 };

static int socket_fd;
static uint16_t family_id = GENL_ID_CTRL;
static uint32_t sequence;

/* Requests that have not been sent yet, one after the other. */
static char batch[BATCH_BYTES + REQUEST_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
static size_t batch_length;
static struct nlmsghdr* request;

static void fail(const char* what) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double now_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- Writing requests ---- */

static void begin(uint8_t command, uint16_t flags) {
  request = (struct nlmsghdr*)(batch + batch_length);
  struct genlmsghdr* generic = NLMSG_DATA(request);
  memset(request, 0, NLMSG_LENGTH(GENL_HDRLEN));
  request->nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
  request->nlmsg_type = family_id;
  request->nlmsg_flags = NLM_F_REQUEST | flags;
  request->nlmsg_seq = ++sequence;
  generic->cmd = command;
  generic->version = 1;
}

static void put(uint16_t type, const void* value, size_t length) {
  struct nlattr* attribute = (struct nlattr*)((char*)request + request->nlmsg_len);
  attribute->nla_type = type;
  attribute->nla_len = (uint16_t)(NLA_HDRLEN + length);
  memcpy((char*)attribute + NLA_HDRLEN, value, length);
  request->nlmsg_len += NLA_ALIGN(attribute->nla_len);
}

static void put_u16(uint16_t type, uint16_t value) {
  put(type, &value, sizeof value);
}
static void put_u32(uint16_t type, uint32_t value) {
  put(type, &value, sizeof value);
}

static struct nlattr* open_nest(uint16_t type) {
  struct nlattr* nest = (struct nlattr*)((char*)request + request->nlmsg_len);
  put(type | NLA_F_NESTED, "", 0);
  return nest;
}

static void close_nest(struct nlattr* nest) {
  nest->nla_len = (uint16_t)((char*)request + request->nlmsg_len - (char*)nest);
}

static void end(void) {
  batch_length += NLMSG_ALIGN(request->nlmsg_len);
}

/* ---- Sending them, and reading what comes back ---- */

typedef void message_handler(const struct nlmsghdr* message);

/* Sends what is waiting, and handles messages up to the acknowledgement or the end of the dump of the last request. */
static void flush(message_handler* handle) {
  static char buffer[RECEIVE_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
  if (batch_length == 0) return;
  if (send(socket_fd, batch, batch_length, 0) < 0) fail("send");
  batch_length = 0;
  for (;;) {
    ssize_t received = recv(socket_fd, buffer, sizeof buffer, 0);
    if (received < 0) fail("recv");
    int left = (int)received;
    for (struct nlmsghdr* m = (struct nlmsghdr*)buffer; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
      if (m->nlmsg_type == NLMSG_ERROR) {
        errno = -((struct nlmsgerr*)NLMSG_DATA(m))->error;
        if (errno != 0) fail("the kernel refused a request");
      } else if (m->nlmsg_type != NLMSG_DONE) {
        handle(m);
        continue;
      }
      if (m->nlmsg_seq == sequence) return;
    }
  }
}

static void ignore(const struct nlmsghdr* message) {
  (void)message;
}

/* Ends a request that is one of many: it is acknowledged only where its batch is sent. */
static void end_of_many(void) {
  if (batch_length + request->nlmsg_len < BATCH_BYTES) {
    end();
    return;
  }
  request->nlmsg_flags |= NLM_F_ACK;
  end();
  flush(ignore);
}

static const void* value_of(const struct nlattr* attribute) {
  return (const char*)attribute + NLA_HDRLEN;
}

/* Points `table[type]` at every attribute of the types below `types`; absent ones are NULL. */
static void parse(const void* start, size_t length, const struct nlattr** table, size_t types) {
  const char* at = start;
  memset(table, 0, types * sizeof *table);
  while (length >= NLA_HDRLEN) {
    const struct nlattr* attribute = (const struct nlattr*)at;
    size_t step = NLA_ALIGN(attribute->nla_len);
    uint16_t type = attribute->nla_type & NLA_TYPE_MASK;
    if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > length) break;
    if (type < types) table[type] = attribute;
    if (step >= length) break;
    at += step;
    length -= step;
  }
}

static void parse_message(const struct nlmsghdr* message, const struct nlattr** table, size_t types) {
  parse((const char*)NLMSG_DATA(message) + GENL_HDRLEN, NLMSG_PAYLOAD(message, GENL_HDRLEN), table, types);
}

static void parse_nest(const struct nlattr* nest, const struct nlattr** table, size_t types) {
  parse(value_of(nest), nest->nla_len - NLA_HDRLEN, table, types);
}

static void take_family(const struct nlmsghdr* message) {
  const struct nlattr* attributes[CTRL_ATTR_FAMILY_ID + 1];
  parse_message(message, attributes, CTRL_ATTR_FAMILY_ID + 1);
  if (attributes[CTRL_ATTR_FAMILY_ID]) family_id = *(const uint16_t*)value_of(attributes[CTRL_ATTR_FAMILY_ID]);
}

static void open_socket(void) {
  socket_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  if (socket_fd < 0) fail("socket");
  int one = 1, bytes = 4 * 1024 * 1024;
  setsockopt(socket_fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof one);
  setsockopt(socket_fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  setsockopt(socket_fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes);
  begin(CTRL_CMD_GETFAMILY, NLM_F_ACK);
  put(CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof IPVS_GENL_NAME);
  end();
  flush(take_family);
}

/* ---- Services and servers ---- */

static uint32_t service_address(int service) {
  return htonl(0x0a000001u + (uint32_t)service);
}

static uint32_t server_address(int service, int server) {
  return htonl(0xc0a80001u + (uint32_t)(service % 250 * 256 + server));
}

static void put_service_key(uint32_t address, uint16_t port) {
  put_u16(IPVS_SVC_ATTR_AF, AF_INET);
  put_u16(IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
  put(IPVS_SVC_ATTR_ADDR, &address, sizeof address);
  put(IPVS_SVC_ATTR_PORT, &port, sizeof port);
}

static void begin_service(uint8_t command, uint16_t flags, int service) {
  struct ip_vs_flags no_flags = {0, ~0u};
  begin(command, flags);
  struct nlattr* nest = open_nest(IPVS_CMD_ATTR_SERVICE);
  put_service_key(service_address(service), htons(80));
  if (command == IPVS_CMD_NEW_SERVICE) {
    put(IPVS_SVC_ATTR_SCHED_NAME, "wlc", sizeof "wlc");
    put(IPVS_SVC_ATTR_FLAGS, &no_flags, sizeof no_flags);
    put_u32(IPVS_SVC_ATTR_TIMEOUT, 0);
    put_u32(IPVS_SVC_ATTR_NETMASK, ~0u);
  }
  close_nest(nest);
}

static void begin_server(uint8_t command, uint16_t flags, int service, int server, uint32_t weight) {
  uint32_t address = server_address(service, server);
  uint16_t port = htons(8080);
  begin_service(command, flags, service);
  struct nlattr* nest = open_nest(IPVS_CMD_ATTR_DEST);
  put_u16(IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
  put(IPVS_DEST_ATTR_ADDR, &address, sizeof address);
  put(IPVS_DEST_ATTR_PORT, &port, sizeof port);
  if (command != IPVS_CMD_DEL_DEST) {
    put_u32(IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_MASQ);
    put_u32(IPVS_DEST_ATTR_WEIGHT, weight);
    put_u32(IPVS_DEST_ATTR_U_THRESH, 0);
    put_u32(IPVS_DEST_ATTR_L_THRESH, 0);
  }
  close_nest(nest);
}

/* ---- The commands ---- */

static void write_table(int services, int servers) {
  for (int i = 0; i < services; i++) {
    begin_service(IPVS_CMD_NEW_SERVICE, 0, i);
    end_of_many();
    for (int j = 0; j < servers; j++) {
      begin_server(IPVS_CMD_NEW_DEST, 0, i, j, 1);
      end_of_many();
    }
  }
  /* Something to acknowledge at the very end. */
  begin(IPVS_CMD_GET_INFO, NLM_F_ACK);
  end();
  flush(ignore);
}

struct service_key {
  uint32_t address;
  uint16_t port;
};

static struct service_key* found_services;
static size_t service_count, server_count;
static uint64_t weight_sum;

static void take_service(const struct nlmsghdr* message) {
  const struct nlattr *top[IPVS_CMD_ATTR_SERVICE + 1], *service[IPVS_SVC_ATTR_PORT + 1];
  parse_message(message, top, IPVS_CMD_ATTR_SERVICE + 1);
  if (!top[IPVS_CMD_ATTR_SERVICE]) return;
  parse_nest(top[IPVS_CMD_ATTR_SERVICE], service, IPVS_SVC_ATTR_PORT + 1);
  if (!service[IPVS_SVC_ATTR_ADDR] || !service[IPVS_SVC_ATTR_PORT]) return;
  if (service_count % 1024 == 0) {
    found_services = realloc(found_services, (service_count + 1024) * sizeof *found_services);
    if (!found_services) fail("realloc");
  }
  struct service_key* key = &found_services[service_count++];
  memcpy(&key->address, value_of(service[IPVS_SVC_ATTR_ADDR]), sizeof key->address);
  memcpy(&key->port, value_of(service[IPVS_SVC_ATTR_PORT]), sizeof key->port);
}

static void take_server(const struct nlmsghdr* message) {
  const struct nlattr *top[IPVS_CMD_ATTR_DEST + 1], *server[IPVS_DEST_ATTR_WEIGHT + 1];
  parse_message(message, top, IPVS_CMD_ATTR_DEST + 1);
  if (!top[IPVS_CMD_ATTR_DEST]) return;
  parse_nest(top[IPVS_CMD_ATTR_DEST], server, IPVS_DEST_ATTR_WEIGHT + 1);
  server_count++;
  if (server[IPVS_DEST_ATTR_WEIGHT]) weight_sum += *(const uint32_t*)value_of(server[IPVS_DEST_ATTR_WEIGHT]);
}

static void read_servers(struct service_key key) {
  begin(IPVS_CMD_GET_DEST, NLM_F_DUMP);
  struct nlattr* nest = open_nest(IPVS_CMD_ATTR_SERVICE);
  put_service_key(key.address, key.port);
  close_nest(nest);
  end();
  flush(take_server);
}

static void read_table(void) {
  begin(IPVS_CMD_GET_SERVICE, NLM_F_DUMP);
  end();
  flush(take_service);
  for (size_t i = 0; i < service_count; i++) read_servers(found_services[i]);
}

static void do_acknowledged(void) {
  request->nlmsg_flags |= NLM_F_ACK;
  end();
  flush(ignore);
}

static void run_thesis(int rounds) {
  for (int i = 0; i < rounds; i++) {
    begin_service(IPVS_CMD_NEW_SERVICE, 0, 0);
    do_acknowledged();
    begin_server(IPVS_CMD_NEW_DEST, 0, 0, 0, 1);
    do_acknowledged();
    begin_server(IPVS_CMD_DEL_DEST, 0, 0, 0, 1);
    do_acknowledged();
    begin_service(IPVS_CMD_DEL_SERVICE, 0, 0);
    do_acknowledged();
  }
}

static void wait_for(int service, size_t servers, uint64_t weight, useconds_t rest_microseconds) {
  struct service_key key = {service_address(service), htons(80)};
  for (;;) {
    server_count = 0;
    weight_sum = 0;
    read_servers(key);
    if (server_count == servers && weight_sum == weight) return;
    usleep(rest_microseconds);
  }
}

int main(int argc, char** argv) {
  const char* command = argc > 1 ? argv[1] : "";
  int numbers[3] = {0, 0, 0};
  for (int i = 0; i < 3 && i + 2 < argc; i++) numbers[i] = atoi(argv[i + 2]);
  open_socket();
  double start = now_seconds();
  if (!strcmp(command, "write")) {
    write_table(numbers[0], numbers[1]);
  } else if (!strcmp(command, "read")) {
    read_table();
  } else if (!strcmp(command, "edit")) {
    begin_server(IPVS_CMD_SET_DEST, 0, numbers[0], numbers[1], (uint32_t)numbers[2]);
    do_acknowledged();
  } else if (!strcmp(command, "thesis")) {
    run_thesis(numbers[0]);
  } else if (!strcmp(command, "wait")) {
    wait_for(numbers[0], (size_t)numbers[1], (uint64_t)numbers[2], 10 * 1000);
  } else if (!strcmp(command, "follow") && argc == 7) {
    if (rename(argv[5], argv[6])) fail(argv[5]);
    wait_for(numbers[0], (size_t)numbers[1], (uint64_t)numbers[2], 1000);
  } else if (!strcmp(command, "when")) {
    wait_for(numbers[0], (size_t)numbers[1], (uint64_t)numbers[2], 1000);
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    printf("%lld.%06ld\n", (long long)t.tv_sec, t.tv_nsec / 1000);
    return 0;
  } else {
    errno = EINVAL;
    fail(command);
  }
  printf("%.6f %zu %zu\n", now_seconds() - start, service_count, server_count);
  return 0;
}
