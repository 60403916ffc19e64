// server TCP_PORT HTTP_PORT: what the soak's probes ask, on every address of the loopback. Takes connections on the one
// port and closes them; answers every request on the other with a small page. One thread, and no
// time-out: who probes hangs up. Says how many there were so far for every line of its standard input, and ends with
// it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 512, BACKLOG = 4096 };

static const char PAGE[] =
    "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 3\r\nconnection: close\r\n\r\nup\n";

static void fail(const char* what) {
  perror(what);
  exit(1);
}

static void watch(int epoll, int file) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = file};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event) != 0) fail("epoll_ctl");
}

static int listen_on(int epoll, int port) {
  int file = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int yes = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (file < 0 || setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      bind(file, (struct sockaddr*)&address, sizeof address) != 0 || listen(file, BACKLOG) != 0)
    fail("listen");
  watch(epoll, file);
  return file;
}

// The next connection that waits; -1 where there is none.
static int take(int listener) {
  for (;;) {
    int file = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (file >= 0) return file;
    if (errno == EAGAIN) return -1;
    if (errno != ECONNABORTED && errno != EINTR) fail("accept4");
  }
}

// A request comes in one piece: it is smaller than a packet.
static void answer(int file) {
  char request[4096];
  if (read(file, request, sizeof request) > 0 && write(file, PAGE, sizeof PAGE - 1) < 0 && errno != EPIPE &&
      errno != ECONNRESET)
    fail("write");
  close(file);
}

int main(int count, char** arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: server TCP_PORT HTTP_PORT\n");
    return 2;
  }
  int epoll = epoll_create1(0);
  int tcp = listen_on(epoll, atoi(arguments[1]));
  int http = listen_on(epoll, atoi(arguments[2]));
  watch(epoll, STDIN_FILENO);
  long connections = 0, requests = 0;
  puts("listening");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      int file = events[i].data.fd, next;
      if (file == STDIN_FILENO) {
        char line[64];
        if (read(file, line, sizeof line) <= 0) return 0;
        printf("%ld %ld\n", connections, requests);
        fflush(stdout);
      } else if (file == tcp) {
        for (; (next = take(tcp)) >= 0; connections++) close(next);
      } else if (file == http) {
        for (; (next = take(http)) >= 0; requests++) watch(epoll, next);
      } else {
        answer(file);
      }
    }
  }
}
