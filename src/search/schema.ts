/**
 * The tables of an index of scene graphs. They are plain, so that other programs can query
 * the file too.
 *
 * @module
 */

/** Version of the tables and of what is in them. */
export const SCHEMA_VERSION = 2;

/** Makes the tables. */
export const TABLES = `
  CREATE TABLE source (version INTEGER, hash TEXT, name TEXT);
  CREATE TABLE images (
    image INTEGER PRIMARY KEY, id TEXT, split TEXT, width REAL, height REAL
  );
  CREATE TABLE classes (class INTEGER PRIMARY KEY, name TEXT UNIQUE);
  CREATE TABLE predicates (predicate INTEGER PRIMARY KEY, name TEXT UNIQUE);
  CREATE TABLE entities (
    image INTEGER, entity INTEGER, class INTEGER, score REAL,
    x1 REAL, y1 REAL, x2 REAL, y2 REAL,
    PRIMARY KEY (image, entity)
  ) WITHOUT ROWID;
  CREATE TABLE relations (
    image INTEGER, subject INTEGER, object INTEGER, predicate INTEGER, score REAL,
    subject_class INTEGER, object_class INTEGER,
    PRIMARY KEY (image, subject, object, predicate)
  ) WITHOUT ROWID;
`;

/** Makes the indices, after the rows. */
export const INDICES = `
  CREATE INDEX entities_by_class ON entities (class, score);
  CREATE INDEX relations_by_triplet
    ON relations (predicate, subject_class, object_class, score);
  CREATE INDEX relations_by_classes ON relations (subject_class, object_class, score);
  CREATE INDEX relations_by_object ON relations (object_class, score);
  CREATE INDEX relations_by_predicate ON relations (predicate, score);
  CREATE INDEX relations_to ON relations (image, object);
  ANALYZE;
`;
