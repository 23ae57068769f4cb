"""Writes an archive of the form that the SGP paper's authors published, small: python3
_sgp_archive.py OUT.zip [CLASSES PREDICATES]. The pickles are what Python 2's cPickle wrote,
opcode by opcode (protocol 2, old-style instances, numpy arrays), without numpy and without
Python's own pickler; the word vectors are protocol 0. Used by sgp_pickle_test.ts and
others. What is in it is a rule, so that tests can tell what must be read:

image k of a list has 2 + k % 4 objects; object i is of class (k + 3 i) % CLASSES, called
"name <class>"; pair (i, i + 1) has predicate (k + i) % (PREDICATES - 1), called
"TEXT <predicate>". Logits are 4 for what is labelled, else 0.25 k (objects) or -1 (pairs);
of every third object the next class has 5, so that its label is predicted wrongly.
Image 5 of each list has no baseline file. Image 6's boxes stick out of it."""

import struct
import sys
import zipfile


class Writer:
    def __init__(self):
        self.out = bytearray(b"\x80\x02")
        self.memo = 0

    def put(self):
        self.out += b"q" + bytes([self.memo]) if self.memo < 256 else b"r" + struct.pack("<i", self.memo)
        self.memo += 1

    def save(self, value):
        out = self.out
        if value is None:
            out += b"N"
        elif value is True or value is False:
            out += b"\x88" if value else b"\x89"
        elif isinstance(value, int):
            out += b"K" + bytes([value]) if 0 <= value < 256 else b"J" + struct.pack("<i", value)
        elif isinstance(value, float):
            out += b"G" + struct.pack(">d", value)
        elif isinstance(value, str):
            text = value.encode("latin1")
            out += (b"U" + bytes([len(text)]) if len(text) < 256 else b"T" + struct.pack("<i", len(text))) + text
            self.put()
        elif isinstance(value, list):
            out += b"]"
            self.put()
            for start in range(0, len(value), 1000):
                out += b"("
                for item in value[start:start + 1000]:
                    self.save(item)
                out += b"e"
        elif isinstance(value, tuple):
            out += b"("
            for item in value:
                self.save(item)
            out += b"t"
            self.put()
        elif isinstance(value, dict):
            out += b"}"
            self.put()
            out += b"("
            for key, item in value.items():
                self.save(key)
                self.save(item)
            out += b"u"
        elif isinstance(value, Array):
            value.save(self)
        else:
            out += b"(cData.VisualGenome.models\n" + type(value).__name__.encode() + b"\n"
            self.put()
            out += b"o"
            self.put()
            self.save(value.__dict__)
            out += b"b"


class Array:
    def __init__(self, shape, code, numbers):
        self.shape, self.code = shape, code
        self.bytes = struct.pack(f"<{len(numbers)}{'f' if code == 'f4' else 'd'}", *numbers)

    def save(self, writer):
        out = writer.out
        out += b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85U\x01bt"
        writer.put()
        out += b"R"
        writer.put()
        out += b"(K\x01"
        writer.save(self.shape)
        out += b"cnumpy\ndtype\nU\x02" + self.code.encode() + b"K\x00K\x01\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        out += b"\x89T" + struct.pack("<i", len(self.bytes)) + self.bytes + b"tb"


def dumps(value):
    writer = Writer()
    writer.save(value)
    return bytes(writer.out) + b"."


def class_of(name):
    return type(name, (), {"__init__": lambda self, **fields: self.__dict__.update(fields)})


Graph, Image, Object, Relationship, Synset = map(
    class_of, ["Graph", "Image", "Object", "Relationship", "Synset"])


def graph(k, image_id, classes, predicates):
    n = 2 + k % 4
    objects = [
        Object(id=1000 * image_id + i, x=10 * i, y=5 * k, width=40 + i, height=30,
               names=[f"name {(k + 3 * i) % classes}"],
               synsets=[Synset(name="s.n.01", definition="d" * 300)])
        for i in range(n)
    ]
    labels = [0.0] * (n * classes)
    pairs = [0.0] * (n * n * predicates)
    relationships = []
    for i in range(n):
        labels[i * classes + (k + 3 * i) % classes] = 1.0
        for j in range(n):
            predicate = (k + i) % (predicates - 1) if j == i + 1 else predicates - 1
            pairs[(i * n + j) * predicates + predicate] = 1.0
            if j == i + 1:
                relationships.append(Relationship(
                    id=i, subject=objects[i].id if k % 2 else objects[i],
                    object=objects[j].id if k % 2 else objects[j],
                    predicate=f"TEXT {predicate}", synset=[]))
    logits = [4.0 if x else 0.25 * k for x in labels]
    for i in range(2, n, 3):
        logits[i * classes + (k + 3 * i + 1) % classes] = 5.0
    found = Graph(
        image=Image(id=image_id, width=20 if k == 6 else 800, height=600, url="http://x",
                    coco_id=None, flickr_id=None),
        objects=objects, relationships=relationships, attributes=[],
        objects_labels=Array((n, classes), "f8", labels),
        predicates_labels=Array((n, n, predicates), "f8", pairs))
    baseline = {
        "obj_dist_mapped": Array((n, classes), "f4", logits),
        "rel_dist_mapped": Array((n, n, predicates), "f4", [4.0 if x else -1.0 for x in pairs]),
    }
    return found, baseline


def words(rows, size):
    """A numpy array as protocol 0 has it."""
    raw = struct.pack(f"<{rows * size}f", *[((i * 7919) % 1000) / 500 - 1 for i in range(rows * size)])
    text = "".join(f"\\x{byte:02x}" for byte in raw)
    return (f"cnumpy.core.multiarray\n_reconstruct\np0\n(cnumpy\nndarray\np1\n(I0\ntp2\nS'b'\np3\ntp4\nRp5\n"
            f"(I1\n(I{rows}\nI{size}\ntp6\ncnumpy\ndtype\np7\n(S'f4'\np8\nI0\nI1\ntp9\nRp10\n"
            f"(I3\nS'<'\np11\nNNNI-1\nI-1\nI0\ntp12\nbI00\nS'{text}'\np13\ntp14\nb.").encode()


def main(path, classes=150, predicates=51):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        image_id = 0
        for name, count in [("train/0", 12), ("train/1", 12), ("train/10", 8), ("test/0", 10)]:
            graphs = []
            for k in range(count):
                image_id += 1
                found, baseline = graph(k, image_id, classes, predicates)
                graphs.append(found)
                if k != 5:
                    folder = name.split("/")[0]
                    archive.writestr(f"data/{folder}/baseline/{image_id}.p", dumps(baseline))
            archive.writestr(f"data/{name}.p", dumps(graphs))
        archive.writestr("data/LanguageModule/object_embeddings.p", words(classes, 8))
        archive.writestr("data/LanguageModule/predicate_embeddings.p", words(predicates - 1, 8))


main(sys.argv[1], *map(int, sys.argv[2:]))
