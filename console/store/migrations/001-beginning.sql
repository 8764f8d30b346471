-- Times are UTC in milliseconds since 1970, exactly as kiosks say them; the views of the schema "read" show timestamps.
-- docs/centre-database.md tells what each table is for.

CREATE TABLE stations (
  kiosk text PRIMARY KEY,
  district text NOT NULL,
  number int,
  name_zh text,
  name_en text,
  registered_at bigint NOT NULL,
  certificate_expires bigint,
  public_keys jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE lives (
  kiosk text NOT NULL,
  life bigint NOT NULL,
  up_to bigint NOT NULL,
  head bytea NOT NULL,
  PRIMARY KEY (kiosk, life)
);

CREATE TABLE events (
  kiosk text NOT NULL,
  life bigint NOT NULL,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  trusted boolean NOT NULL,
  type text NOT NULL,
  dev text,
  data text NOT NULL,
  hash bytea NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (kiosk, life, seq)
);

-- A few pages for years of events, and enough to ask for "what came since".
CREATE INDEX events_received ON events USING brin (received_at);

CREATE TABLE forks (
  kiosk text NOT NULL,
  life bigint NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  at bigint NOT NULL,
  trusted boolean NOT NULL,
  type text NOT NULL,
  dev text,
  data text NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (kiosk, life, seq, hash)
);

-- Whole batches, as they came, that stand behind a gap.
CREATE TABLE waiting (
  kiosk text NOT NULL,
  life bigint NOT NULL,
  first bigint NOT NULL,
  digest bytea NOT NULL,
  payload bytea NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (kiosk, life, first, digest)
);

CREATE TABLE used (
  kiosk text NOT NULL,
  life bigint NOT NULL,
  seq bigint NOT NULL,
  kid int NOT NULL,
  token text NOT NULL,
  at bigint NOT NULL,
  until_day int NOT NULL,
  freed boolean NOT NULL,
  PRIMARY KEY (kiosk, life, seq, token)
);

CREATE INDEX used_until ON used (until_day) WHERE NOT freed;

CREATE TABLE presence (
  kiosk text PRIMARY KEY,
  online boolean NOT NULL,
  since bigint NOT NULL,
  heard bigint NOT NULL,
  bdseq bigint,
  losses jsonb NOT NULL DEFAULT '[]'
);

CREATE TABLE latest (
  kiosk text NOT NULL,
  device text NOT NULL,
  metric text NOT NULL,
  value jsonb NOT NULL,
  at bigint NOT NULL,
  stale boolean NOT NULL,
  PRIMARY KEY (kiosk, device, metric)
);

CREATE TABLE series (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kiosk text NOT NULL,
  device text NOT NULL,
  metric text NOT NULL,
  UNIQUE (kiosk, device, metric)
);

CREATE TABLE metrics (
  series int NOT NULL,
  at bigint NOT NULL,
  value double precision,
  said text,
  PRIMARY KEY (series, at)
) PARTITION BY RANGE (at);

CREATE TABLE commands (
  id text PRIMARY KEY,
  kiosk text NOT NULL,
  command jsonb NOT NULL,
  issued bigint NOT NULL,
  expires bigint NOT NULL,
  state text NOT NULL DEFAULT 'issued',
  why text,
  updated bigint NOT NULL
);

CREATE INDEX commands_kiosk ON commands (kiosk, issued);

CREATE TABLE reported (
  kiosk text PRIMARY KEY,
  at bigint NOT NULL,
  document jsonb NOT NULL,
  received_at bigint NOT NULL
);

CREATE TABLE alarms (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kiosk text NOT NULL,
  what text NOT NULL,
  level int NOT NULL,
  detail text NOT NULL,
  since bigint NOT NULL,
  last bigint NOT NULL,
  times bigint NOT NULL DEFAULT 1,
  cleared bigint
);

CREATE UNIQUE INDEX alarms_open ON alarms (kiosk, what) WHERE cleared IS NULL;

CREATE TABLE refused (
  kiosk text NOT NULL,
  what text NOT NULL,
  reason text NOT NULL,
  times bigint NOT NULL,
  since bigint NOT NULL,
  last bigint NOT NULL,
  example text NOT NULL,
  PRIMARY KEY (kiosk, what, reason)
);

-- Centres of themselves: when each last worked, and what it lacks.
CREATE TABLE centre (
  name text NOT NULL,
  what text NOT NULL,
  at bigint NOT NULL,
  said text NOT NULL,
  PRIMARY KEY (name, what)
);
