-- What others may read. The tables behind may change with a release, these views only grow.

CREATE SCHEMA read;

-- A text that PostgreSQL takes for no jsonb (a NUL, half a surrogate pair) hides nothing of the other rows.
CREATE FUNCTION read.json_of(body text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN body::jsonb;
EXCEPTION WHEN others THEN
  RETURN NULL;
END
$$;

-- A clock may say anything; what no calendar holds is no time.
CREATE FUNCTION read.time_of(ms bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN ms < 253402300800000 THEN to_timestamp(ms / 1000.0) END $$;

CREATE VIEW read.stations AS
SELECT s.kiosk, s.district, s.number, s.name_zh, s.name_en, p.online, read.time_of(p.since) AS since,
  read.time_of(p.heard) AS heard, read.time_of(s.registered_at) AS registered_at,
  read.time_of(s.certificate_expires) AS certificate_expires
FROM stations s LEFT JOIN presence p USING (kiosk);

CREATE VIEW read.events AS
SELECT kiosk, life, seq, read.time_of(at) AS at, trusted, type, dev, read.json_of(data) AS data, data AS text,
  encode(hash, 'hex') AS hash, read.time_of(received_at) AS received_at
FROM events;

CREATE VIEW read.forks AS
SELECT kiosk, life, seq, read.time_of(at) AS at, trusted, type, dev, read.json_of(data) AS data, data AS text,
  encode(hash, 'hex') AS hash, read.time_of(received_at) AS received_at
FROM forks;

CREATE VIEW read.lives AS
SELECT kiosk, life, up_to, encode(head, 'hex') AS head,
  (SELECT count(*) FROM waiting w WHERE w.kiosk = l.kiosk AND w.life = l.life) AS batches_behind_a_gap
FROM lives l;

CREATE VIEW read.latest AS
SELECT kiosk, device, metric, value, read.time_of(at) AS at, stale FROM latest;

CREATE VIEW read.metrics AS
SELECT s.kiosk, s.device, s.metric, read.time_of(m.at) AS at, m.value, m.said
FROM metrics m JOIN series s ON s.id = m.series;

CREATE VIEW read.commands AS
SELECT id, kiosk, command, read.time_of(issued) AS issued, read.time_of(expires) AS expires, state, why,
  read.time_of(updated) AS updated
FROM commands;

CREATE VIEW read.used AS
SELECT u.token, u.kid, u.kiosk, s.number AS station, read.time_of(u.at) AS at
FROM used u LEFT JOIN stations s USING (kiosk) WHERE NOT u.freed;

CREATE VIEW read.alarms AS
SELECT id, kiosk, what, level, detail, read.time_of(since) AS since, read.time_of(last) AS last, times,
  read.time_of(cleared) AS cleared
FROM alarms;

CREATE VIEW read.refused AS
SELECT kiosk, what, reason, times, read.time_of(since) AS since, read.time_of(last) AS last, example FROM refused;
