-- Text in ASCII: other characters, and the backslash, as \xxxx, the code units of UTF-16 (SQL Language Reference, ASCIISTR).
CREATE OR REPLACE FUNCTION godwit_oracle.asciistr(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT string_agg(
  CASE
    WHEN c < 128 AND c <> 92 THEN chr(c)
    WHEN c < 65536 THEN '\' || upper(lpad(to_hex(c), 4, '0'))
    ELSE '\' || upper(to_hex(55296 + (c - 65536) / 1024)) || '\' || upper(to_hex(56320 + (c - 65536) % 1024))
  END, '' ORDER BY i)
FROM (SELECT i, ascii(substr(value, i, 1)) AS c FROM generate_series(1, length(value)) AS i) AS s
$$;
