// To be preloaded into keepalived on a machine without IPVS: what it would tell the kernel's table is taken for done.
// Its checks are as they always are.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <linux/ip_vs.h>
#include <string.h>
#include <sys/socket.h>

static int is_of_ipvs(int level, int name) {
  return level == IPPROTO_IP && IP_VS_BASE_CTL <= name && name < IP_VS_BASE_CTL + 64;
}

int getsockopt(int file, int level, int name, void* value, socklen_t* length) {
  if (is_of_ipvs(level, name)) {
    memset(value, 0, *length);
    return 0;
  }
  int (*next)(int, int, int, void*, socklen_t*) = dlsym(RTLD_NEXT, "getsockopt");
  return next(file, level, name, value, length);
}

int setsockopt(int file, int level, int name, const void* value, socklen_t length) {
  if (is_of_ipvs(level, name)) return 0;
  int (*next)(int, int, int, const void*, socklen_t) = dlsym(RTLD_NEXT, "setsockopt");
  return next(file, level, name, value, length);
}
