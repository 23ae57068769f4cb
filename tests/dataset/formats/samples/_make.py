"""Wrote the .h5 files of this folder, with h5py 3.16 (HDF5 2.0): the same four images in
the VG-SGG layout, in each way that HDF5 stores arrays. Kept so that one can see what is
in them: python3 _make.py"""

import h5py
import numpy

# Four images: three boxes and three relations, two of one pair; no box; two boxes and no
# relation; two boxes and one relation. Boxes are centre and size, the longer side 1024.
ARRAYS = {
    "boxes_1024": (numpy.float32, [
        [100, 200, 200, 400], [512, 384, 1024, 768], [600, 300, 101, 51],
        [512, 512, 100, 100], [300, 300, 600, 600],
        [200, 1000, 80, 90], [50, 60, 100, 120],
    ]),
    "labels": (numpy.int32, [[1], [2], [3], [1], [1], [2], [3]]),
    "predicates": (numpy.int32, [[1], [2], [1], [2]]),
    "relationships": (numpy.int32, [[0, 1], [0, 1], [2, 0], [6, 5]]),
    "img_to_first_box": (numpy.int32, [0, -1, 3, 5]),
    "img_to_last_box": (numpy.int32, [2, -1, 4, 6]),
    "img_to_first_rel": (numpy.int32, [0, -1, -1, 3]),
    "img_to_last_rel": (numpy.int32, [2, -1, -1, 3]),
    "split": (numpy.int32, [0, 0, 2, 2]),
}

PACKED = {"compression": "gzip", "shuffle": True, "fletcher32": True}
FILES = {
    "old_contiguous": ("earliest", {}, None),
    "old_packed": ("earliest", PACKED, None),
    "latest_contiguous": ("latest", {}, None),
    "latest_packed": ("latest", PACKED, None),
    "big_endian": ("earliest", {}, ">"),
    "int64": ("latest", {}, "i8"),
}

for name, (version, options, types) in FILES.items():
    with h5py.File(f"{name}.h5", "w", libver=version) as file:
        for key, (dtype, values) in ARRAYS.items():
            dtype = numpy.dtype(dtype)
            if types == ">":
                dtype = dtype.newbyteorder(">")
            if types == "i8" and dtype.kind == "i":
                dtype = numpy.dtype("i8")
            values = numpy.array(values, dtype)
            if options:  # three rows a chunk, so that there are several
                options["chunks"] = (3, *values.shape[1:])
            file.create_dataset(key, data=values, **options)

# What is no array of numbers, or claims to be larger than its file could be.
with h5py.File("odd.h5", "w", libver="latest") as file:
    file.create_group("group")
    file["text"] = "abc"
    file["nothing"] = h5py.Empty("f4")
    file["half"] = numpy.array([0.5, 2], "f2")
    file.create_dataset("huge", (10**9,), "f4", chunks=(1000,), compression="gzip")
