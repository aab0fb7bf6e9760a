#!/usr/bin/env python3
"""A TCP proxy that lets only so many bytes a second back: a slow registry for tests.

usage: slow_proxy.py LISTEN_PORT TARGET_PORT BYTES_PER_SECOND FAST_FILE
Everything is passed on at once while FAST_FILE exists.
"""
import asyncio
import os
import sys

listen, target, rate, fast = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]


async def pump(reader, writer, limited):
    try:
        while True:
            slow = limited and not os.path.exists(fast)
            data = await reader.read(max(1, rate // 10) if slow else 65536)
            if not data:
                break
            writer.write(data)
            await writer.drain()
            if slow:
                await asyncio.sleep(0.1)
    except (ConnectionError, asyncio.CancelledError):
        pass
    finally:
        writer.close()


async def serve(reader, writer):
    try:
        there, back = await asyncio.open_connection("127.0.0.1", target)
    except OSError:
        writer.close()
        return
    await asyncio.gather(pump(reader, back, False), pump(there, writer, True))


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", listen)
    async with server:
        await server.serve_forever()


asyncio.run(main())
