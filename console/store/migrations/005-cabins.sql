-- How many came to the health cabins, and what was measured there: never by whom, never with which result.

-- A few entries among years of events.
CREATE INDEX events_checked ON events (kiosk, life, seq) WHERE type = 'checked';

-- What is no count, or no day of a calendar, is nothing: it hides no other row.
CREATE FUNCTION read.count_of(said jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN jsonb_typeof(said) = 'number' THEN
  CASE WHEN said::numeric BETWEEN 0 AND 9007199254740991 THEN said::numeric::bigint END END $$;

CREATE FUNCTION read.date_of(said jsonb) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN read.count_of(said) < 2000000 THEN date '1970-01-01' + read.count_of(said)::int END $$;

-- One row for all people of a telling (item is empty), and one for each item. Sum them over stations and months; what is
-- left over below ten comes with a later telling.
CREATE VIEW read.checked AS
SELECT e.kiosk, s.number AS station, e.life, e.seq, read.date_of(e.data -> 'since') AS since,
  read.date_of(e.data -> 'until') AS until, c.item, read.count_of(c.said) AS people
FROM (SELECT kiosk, life, seq, read.json_of(data) AS data FROM events WHERE type = 'checked') e
LEFT JOIN stations s USING (kiosk)
CROSS JOIN LATERAL (
  SELECT NULL::text AS item, e.data -> 'people' AS said
  UNION ALL
  SELECT key, value
  FROM jsonb_each(CASE WHEN jsonb_typeof(e.data -> 'items') = 'object' THEN e.data -> 'items' ELSE '{}' END)
) c;
