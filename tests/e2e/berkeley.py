"""Berkeley DB files, page by page, to spoil them in chosen ways."""

import re
import struct

PAGE = 4096
CHECKSUM = 28  # where it is in a page that is not a file's first


def checksum(page):
    """As Berkeley DB's __ham_func4 over the page with the field zeroed."""
    page = bytearray(page)
    page[CHECKSUM:CHECKSUM + 4] = bytes(4)
    value = 0
    for byte in page:
        value = (value * 33 + byte) & 0xFFFFFFFF
    return value


def page_with(path, bytes):
    """The number of the page that holds these bytes."""
    return path.read_bytes().index(bytes) // PAGE


def change_page(path, number, change):
    """Writes change(page) with a checksum that is right."""
    data = bytearray(path.read_bytes())
    page = bytearray(change(data[number * PAGE:(number + 1) * PAGE]))
    assert len(page) == PAGE
    page[CHECKSUM:CHECKSUM + 4] = struct.pack("<I", checksum(page))
    data[number * PAGE:(number + 1) * PAGE] = page
    path.write_bytes(data)


def flip(path, number, at=PAGE - 20):
    """One bit of a page, as a failing disk would."""
    data = bytearray(path.read_bytes())
    data[number * PAGE + at] ^= 0x10
    path.write_bytes(data)


def set_schema(path, number):
    """Another schema number in meta.db, as a newer program would write it."""
    item = re.compile(rb"(\x09\0\x01\x01)(.{8})([^\x09]{0,3}\x06\0\x01schema)",
                      re.DOTALL)

    def change(page):
        changed, count = item.subn(
            rb"\g<1>" + struct.pack(">Q", number) + rb"\g<3>", bytes(page))
        assert count == 1
        return changed

    change_page(path, page_with(path, b"\x06\0\x01schema"), change)


# Leaves of a B-tree: keys and values, in their order.

LEAF = 5  # the type of a page, at 25
ITEMS = 32  # where the offsets of a leaf's items begin
DATA = 1  # the type of an item that is all there


def items_of(page):
    count, = struct.unpack_from("<H", page, 20)
    items = []
    for offset in struct.unpack_from(f"<{count}H", page, ITEMS):
        length, kind = struct.unpack_from("<HB", page, offset)
        assert kind == DATA, kind
        items.append(bytes(page[offset + 3:offset + 3 + length]))
    return list(zip(items[::2], items[1::2]))


def leaf_of(page, records):
    """The page with these records instead of its own."""
    page = bytearray(page[:ITEMS]) + bytes(PAGE - ITEMS)
    offsets, end = [], PAGE
    for item in (item for record in records for item in record):
        end -= (len(item) + 3 + 3) // 4 * 4
        struct.pack_into("<HB", page, end, len(item), DATA)
        page[end + 3:end + 3 + len(item)] = item
        offsets.append(end)
    assert ITEMS + 2 * len(offsets) <= end, "they do not fit"
    struct.pack_into("<HH", page, 20, len(offsets), end)
    struct.pack_into(f"<{len(offsets)}H", page, ITEMS, *offsets)
    return page


def leaves(path):
    """The records of each leaf by its number."""
    data = path.read_bytes()
    pages = [data[at:at + PAGE] for at in range(0, len(data), PAGE)]
    return {number: items_of(page) for number, page in enumerate(pages)
            if number > 0 and page[25] == LEAF}


def records(path):
    """All of a table."""
    return {key: value for page in leaves(path).values()
            for key, value in page}


def put_record(path, key, value):
    """Puts (None: deletes) a record, on the page on which its key belongs."""
    pages = leaves(path)
    below = {number: max((k for k, _ in page if k <= key), default=b"")
             for number, page in pages.items()}
    number = max(below, key=below.get)
    page = {k: v for k, v in pages[number] if k != key}
    if value is not None:
        page[key] = value
    change_page(path, number,
                lambda bytes: leaf_of(bytes, sorted(page.items())))
