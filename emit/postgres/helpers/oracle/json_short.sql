-- A value that a column of JSON_TABLE can hold, NULL for one that is longer (SQL Language Reference, JSON_TABLE, NULL ON ERROR). bytes tells that the length is that in bytes.
CREATE OR REPLACE FUNCTION godwit_oracle.json_short(value text, size integer, bytes boolean DEFAULT false) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN CASE WHEN bytes THEN octet_length(value) ELSE char_length(value) END <= size THEN value END
$$;
