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
