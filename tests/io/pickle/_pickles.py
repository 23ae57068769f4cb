"""Writes pickles of many values in every protocol, one JSON object a line, each with what
must be read from it. Run by pickle_test.ts."""

import base64
import collections
import io
import json
import math
import pickle
import sys

try:
    import numpy
except ImportError:
    numpy = None
try:
    import scipy.sparse
except ImportError:
    scipy = None


def describe(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"int": str(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, complex):
        return [describe(value.real), describe(value.imag)]
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": value.hex()}
    if isinstance(value, (list, tuple)):
        return [describe(item) for item in value]
    if isinstance(value, dict):
        return {"dict": [[describe(k), describe(v)] for k, v in value.items()]}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted(json.dumps(describe(item)) for item in value)}
    if numpy is not None and isinstance(value, numpy.ndarray):
        name = value.dtype.name
        if value.dtype.names:
            name = "void"
        for prefix in ("str", "bytes", "void"):
            if name.startswith(prefix):
                name = prefix
        flat = [element(value[i]) for i in numpy.ndindex(*value.shape)]
        if name.startswith("complex"):
            flat = [part for pair in flat for part in pair]
        if name == "bool":
            flat = [int(x) for x in flat]
        return {"dtype": name, "shape": list(value.shape), "data": flat}
    if numpy is not None and isinstance(value, numpy.generic):
        return element(value)
    if scipy is not None and scipy.sparse.issparse(value):
        return {
            "csr": list(value.shape),
            "data": value.data.tolist(),
            "indices": value.indices.tolist(),
            "indptr": value.indptr.tolist(),
        }
    return {"class": type(value).__module__ + "." + type(value).__name__,
            "fields": {k: describe(v) for k, v in sorted(value.__dict__.items())}}


def element(x):
    if isinstance(x, (numpy.datetime64, numpy.timedelta64)):
        return describe(int(x.astype("int64")))
    if isinstance(x, numpy.void):
        if x.dtype.names:
            return {"record": [[n, element(x[n])] for n in x.dtype.names]}
        return {"bytes": bytes(x).hex()}
    if isinstance(x, numpy.bytes_):
        return x.decode("latin1")
    if isinstance(x, numpy.ndarray):
        return [element(y) for y in x.ravel()]
    if isinstance(x, (numpy.longdouble, numpy.clongdouble)):
        return describe(complex(x) if isinstance(x, numpy.clongdouble) else float(x))
    return describe(x.item() if isinstance(x, numpy.generic) else x)


class Plain:
    def __init__(self, **fields):
        self.__dict__.update(fields)


class Slotted:
    __slots__ = ("a", "__dict__")


Plain.__module__ = Slotted.__module__ = "some.module"
sys.modules["some"] = sys.modules["some.module"] = sys.modules[__name__]


def values():
    yield "constants", [None, True, False, [], (), {}, "", b""]
    yield "integers", [0, 1, -1, 255, 256, 65535, 65536, -(2**31), 2**31, 2**53 - 1, 2**53,
                       -(2**63), 2**64, 10**300, -(10**300)]
    yield "floats", [0.0, -0.5, 1e308, 5e-324, math.pi, math.inf, -math.inf, math.nan]
    yield "text", ["abc", "x" * 300, "é\n\\u0041\t'\"", "\u4e2d", "\U0001f600", "\x00"]
    yield "bytes", [b"abc", b"\xff\x00", bytes(range(256)), b"z" * 70000, bytearray(b"q")]
    yield "tuples", [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((),)]
    yield "dict", {"a": 1, 2: [3], (4, 5): {"six": 7}}
    yield "sets", [set(), {1, 2}, frozenset({"a", "b"})]
    yield "ordered", collections.OrderedDict([("z", 1), ("a", 2)])
    yield "complex", [1 + 2j]
    yield "many", list(range(2500))
    shared = ["same"]
    yield "shared", [shared, shared, {"again": shared}]
    plain = Plain(name="n", other=Plain(x=1.5))
    yield "instance", [plain, plain]
    slotted = Slotted()
    slotted.b = 2
    yield "instance with a dict", slotted
    if scipy is not None:
        yield "csr", scipy.sparse.csr_matrix([[0, 1.5, 0], [0, 0, 0], [2.0, 0, 3.0]])
    if numpy is None:
        return
    for code in "?bBhHiIlLqQefdgFDG":
        for order in "<>":
            dtype = numpy.dtype(code).newbyteorder(order)
            if code in "gG" and order == ">":
                continue
            array = numpy.arange(6).reshape(2, 3).astype(dtype)
            if code in "efdg":
                array[0, 0] = -1.5
            if code in "FDG":
                array[0, 1] = 1.5 - 2.5j
            yield "array " + dtype.str, array
    yield "0-d array", numpy.array(2.5)
    yield "empty array", numpy.zeros((3, 0), "f4")
    yield "Fortran order", numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4))
    yield "not contiguous", numpy.arange(12, dtype="u2")[::2]
    yield "strings", numpy.array(["a", "\u4e2d\U0001f600", ""])
    yield "byte strings", numpy.array([b"abc", b"\xff"])
    yield "objects", numpy.array([None, "x", [1], {2: 3}], dtype=object)
    yield "objects in Fortran order", numpy.asfortranarray(
        numpy.array([[1, "b", None], [4, 5, 6]], dtype=object))
    yield "dates", numpy.array(["2020-01-02", "1969-12-31"], "M8[D]")
    yield "spans", numpy.array([1, -5], "m8[ns]")
    yield "25s units", numpy.array([3], "m8[25s]")
    record = numpy.dtype([("a", "<i2"), ("b", ">f8", (2,)), ("c", "S3"), ("d", [("e", "u1")])])
    yield "records", numpy.array([(1, (2.5, 3.5), b"xy", (7,))] * 2, record)
    yield "aligned records", numpy.array(
        [(1, 2.0)], numpy.dtype([("a", "u1"), ("b", "f8")], align=True))
    yield "raw bytes", numpy.array([b"ab"], "V2")
    for x in [numpy.float64(2.5), numpy.float32(-1.5), numpy.int64(2**60), numpy.uint8(7),
              numpy.bool_(True), numpy.float16(0.5), numpy.complex64(1 + 2j), numpy.str_("s")]:
        yield "scalar " + type(x).__name__, x


for name, value in values():
    for protocol in range(6):
        if isinstance(value, Slotted) and protocol < 2:
            continue  # Python refuses
        pickled = pickle.dumps(value, protocol)
        print(json.dumps({
            "name": f"{name}, protocol {protocol}",
            "pickle": base64.b64encode(pickled).decode(),
            "expected": describe(value),
        }))
    if numpy is not None and isinstance(value, numpy.ndarray) and value.dtype != object:
        file = io.BytesIO()
        numpy.save(file, value, allow_pickle=False)
        print(json.dumps({
            "name": f"{name}, .npy",
            "npy": base64.b64encode(file.getvalue()).decode(),
            "expected": describe(value),
        }))
