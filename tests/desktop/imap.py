"""A mail server that only greets, and writes down what it is told."""

import socket

server = socket.create_server(("127.0.0.1", 143))
with open("/tmp/imap.log", "w", buffering=1, encoding="utf-8") as log:
    log.write("ready\n")
    while True:
        connection, _ = server.accept()
        stream = connection.makefile("rwb", buffering=0)
        log.write("connected\n")
        stream.write(b"* OK ready\r\n")
        for line in stream:
            log.write(line.decode())
            tag, command = line.split()[:2]
            if command.upper() == b"CAPABILITY":
                stream.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
            stream.write(tag + b" OK done\r\n")
