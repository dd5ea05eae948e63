"""The peer of the inventory row: python-libvirt, warm. For every line on stdin it lists all guests of the URI in argv,
reads the XML of each, and prints how many there were and the milliseconds it took."""

import sys
import time

import libvirt

connection = libvirt.openReadOnly(sys.argv[1])
for _ in sys.stdin:
    began = time.perf_counter()
    documents = [domain.XMLDesc(0) for domain in connection.listAllDomains(0)]
    print(len(documents), (time.perf_counter() - began) * 1000, flush=True)
