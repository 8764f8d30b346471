-- Results of the health cabin, sealed by the kiosk for a recipient: docs/health-export.md. Nobody here can read them.

CREATE INDEX events_letters ON events (kiosk, life, seq) WHERE type = 'handed-over';

CREATE VIEW read.letters AS
SELECT kiosk, life, seq, read.time_of(at) AS at, read.time_of(received_at) AS received_at,
  read.json_of(data)->>'to' AS recipient,
  read.json_of(data) || jsonb_build_object('kind', 'health', 'kiosk', kiosk) AS letter
FROM events WHERE type = 'handed-over';
