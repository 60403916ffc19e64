"""Servers of HTTP and of datagrams, and their clients, in many network namespaces, in one process: a thread enters a namespace, and the
sockets that it makes belong there. Takes commands as lines of JSON on standard input, answers each by a line of JSON, and
ends with its input. traffic.ts drives it. Python, because a thread of Node cannot enter a namespace, and a process for each is
slow where machines are emulated. Times are seconds of the clock."""

import ctypes
import errno
import json
import os
import socket
import struct
import sys
import threading
import time

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
TICK_SECONDS = 0.1
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def enter(namespace):
    file = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if LIBC.setns(file, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {namespace}")
    finally:
        os.close(file)


def in_namespace(namespace, work):
    """Runs this in a thread of its own inside the namespace; returns or raises what it does."""
    outcome = []

    def run():
        try:
            enter(namespace)
            outcome.append((work(), None))
        except Exception as error:
            outcome.append((None, error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    value, error = outcome[0]
    if error is not None:
        raise error
    return value


class Server:
    """Answers every request, to whatever address of the namespace, with its name; /ticks with its name and then a number
    ten times a second, for ever."""

    def __init__(self, namespace, port, name):
        self.name = name
        self.open = set()
        self.listener = in_namespace(namespace, lambda: self.listen(port))
        threading.Thread(target=self.accept, daemon=True).start()

    @staticmethod
    def listen(port):
        listener = socket.socket(socket.AF_INET6)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(("::", port))
        listener.listen(256)
        return listener

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(5)
            try:
                asked = connection.recv(4096)
                if asked.startswith(b"GET /ticks "):
                    self.open.add(connection)
                    threading.Thread(target=self.tick, args=(connection,), daemon=True).start()
                    continue
                if asked:
                    connection.sendall(f"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{self.name}".encode())
            except OSError:
                pass
            connection.close()

    def tick(self, connection):
        try:
            connection.sendall(f"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{self.name}\n".encode())
            number = 0
            while True:
                connection.sendall(f"{number}\n".encode())
                number += 1
                time.sleep(TICK_SECONDS)
        except OSError:
            connection.close()

    def die(self):
        """As a process does that is killed: nobody listens any more, and all connections are reset."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.open:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            connection.close()


class Ports:
    """Ports of clients, each used again as late as possible.

    IPVS remembers for a minute which server a port was led to, also where that one never answered: who uses the port again
    meanwhile is led there, though the server is long out."""

    FIRST, COUNT = 20_000, 40_000

    def __init__(self):
        self.used = 0
        self.lock = threading.Lock()

    def next(self):
        with self.lock:
            self.used += 1
            return self.FIRST + self.used % self.COUNT


ports = Ports()


def connect(address, port, timeout):
    while True:
        try:
            return socket.create_connection((address, port), timeout, source_address=("", ports.next()))
        except OSError as failure:
            if failure.errno != errno.EADDRINUSE:
                raise


def ask(address, port, path, timeout):
    connection = connect(address, port, timeout)
    connection.sendall(f"GET {path} HTTP/1.1\r\nhost: farm\r\n\r\n".encode())
    return connection


def body_of(connection):
    text = b""
    while part := connection.recv(4096):
        text += part
    head, separator, body = text.partition(b"\r\n\r\n")
    if not separator:
        raise OSError("the answer is cut off")
    return body.decode()


class Load:
    """Clients that ask again and again, each request over a connection of its own."""

    def __init__(self, namespace, address, port, clients, pause, timeout, count):
        self.place = (address, port)
        self.pause = pause
        self.timeout = timeout
        self.left = count
        self.is_over = False
        self.requests = []
        self.threads = [threading.Thread(target=self.run, args=(namespace,)) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def run(self, namespace):
        enter(namespace)
        while not self.is_over and self.left != 0:
            self.left -= 1
            started = time.time()
            server, error = None, None
            try:
                with ask(*self.place, "/", self.timeout) as connection:
                    server = body_of(connection)
            except OSError as failure:
                error = str(failure)
            self.requests.append({"started": started, "ended": time.time(), "server": server, "error": error})
            time.sleep(self.pause)

    def finish(self):
        for thread in self.threads:
            thread.join()
        return self.requests

    def stop(self):
        self.is_over = True
        return self.finish()


class Download:
    """A connection that takes the numbers that a server sends, and looks whether one is missing."""

    def __init__(self, namespace, address, port):
        self.connection = in_namespace(namespace, lambda: ask(address, port, "/ticks", 5))
        self.lines = self.connection.makefile()
        while self.lines.readline().strip():
            pass
        self.server = self.lines.readline().strip()
        self.ticks = 0
        self.error = None
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        try:
            for line in self.lines:
                if line != f"{self.ticks}\n":
                    raise OSError(f"{line} came after {self.ticks} numbers")
                self.ticks += 1
            raise OSError("the server closed")
        except (OSError, ValueError) as error:
            # ValueError: it was closed meanwhile.
            self.error = str(error)

    def close(self):
        # The file of its lines would keep it open.
        self.connection.shutdown(socket.SHUT_RDWR)
        self.lines.close()
        self.connection.close()

    def look(self):
        return {"server": self.server, "ticks": self.ticks, "error": self.error}


class DatagramServer:
    """Answers every datagram to this address with its name, from this address."""

    def __init__(self, namespace, address, port, name):
        self.name = name
        self.socket = in_namespace(namespace, lambda: datagram_socket(address, port))
        threading.Thread(target=self.answer, daemon=True).start()

    def answer(self):
        while True:
            _, sender = self.socket.recvfrom(4096)
            self.socket.sendto(self.name.encode(), sender)


def datagram_socket(address, port):
    opened = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind((address, port))
    return opened


servers, loads, downloads = {}, {}, {}


def serve(namespace, port, name):
    servers[namespace, port] = Server(namespace, port, name)


def kill(namespace, port):
    servers.pop((namespace, port)).die()


def serve_datagrams(namespace, address, port, name):
    servers[namespace, address, port] = DatagramServer(namespace, address, port, name)


def send_datagrams(namespace, own_address, own_port, address, port, count):
    with in_namespace(namespace, lambda: datagram_socket(own_address, own_port)) as client:
        client.settimeout(2)
        answers = []
        for _ in range(count):
            client.sendto(b"who?", (address, port))
            name, sender = client.recvfrom(4096)
            answers.append({"server": name.decode(), "address": sender[0]})
        return answers


def start_load(load, **options):
    loads[load] = Load(**options)


def stop_load(load):
    return loads.pop(load).stop()


def finish_load(load):
    return loads.pop(load).finish()


def start_download(download, **options):
    downloads[download] = Download(**options)


def look_at_download(download):
    return downloads[download].look()


def close_download(download):
    downloads.pop(download).close()


COMMANDS = (serve, kill, serve_datagrams, send_datagrams)
COMMANDS += (start_load, stop_load, finish_load, start_download, look_at_download, close_download)
BY_NAME = {command.__name__: command for command in COMMANDS}


def answer(line):
    request = json.loads(line)
    number = request.pop("id")
    try:
        reply = {"id": number, "value": BY_NAME[request.pop("command")](**request)}
    except Exception as error:
        # Who asked would wait for ever.
        reply = {"id": number, "error": repr(error)}
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


for command in sys.stdin:
    threading.Thread(target=answer, args=(command,), daemon=True).start()
os._exit(0)
