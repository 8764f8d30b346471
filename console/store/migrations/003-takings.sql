-- What members of several stations took, by the pseudonyms of the ledgers: docs/members.md.

CREATE TABLE takings (
  kiosk text NOT NULL,
  life bigint NOT NULL,
  seq bigint NOT NULL,
  list text NOT NULL,
  pid text NOT NULL,
  product text NOT NULL,
  at bigint NOT NULL,
  day int NOT NULL,
  until_day int NOT NULL,
  freed boolean NOT NULL,
  PRIMARY KEY (kiosk, life, seq, list, pid)
);

CREATE INDEX takings_member ON takings (list, pid);

CREATE INDEX takings_day ON takings (day);

CREATE VIEW read.takings AS
SELECT t.list, t.pid, t.product, t.kiosk, s.number AS station, read.time_of(t.at) AS at
FROM takings t LEFT JOIN stations s USING (kiosk) WHERE NOT t.freed;
