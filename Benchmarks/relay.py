"""A TCP relay on loopback that adds a round trip's time to what passes: half of it each way, and a
whole one before the first byte of a connection, which a real network takes to open it.

    relay.py PORT MILLISECONDS     prints its own port
"""
import asyncio
import contextlib
import sys


async def carry(reader, writer, delay, first_delay):
    """Passes bytes on, each part `delay` after it came, in order, without holding up the reading."""
    parts = asyncio.Queue()
    clock = asyncio.get_running_loop().time

    async def write():
        while True:
            due, part = await parts.get()
            if (wait := due - clock()) > 0:
                await asyncio.sleep(wait)
            if not part:
                writer.close()
                return
            writer.write(part)
            await writer.drain()

    writing = asyncio.create_task(write())
    opened = clock() + first_delay
    try:
        while part := await reader.read(65536):
            parts.put_nowait((max(opened, clock()) + delay, part))
    except ConnectionError:
        pass
    parts.put_nowait((clock() + delay, b""))
    with contextlib.suppress(ConnectionError):
        await writing


async def main(port, milliseconds):
    half = milliseconds / 2000

    async def connection(reader, writer):
        try:
            onward = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            carry(reader, onward[1], half, 2 * half), carry(onward[0], writer, half, 0))

    server = await asyncio.start_server(connection, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
