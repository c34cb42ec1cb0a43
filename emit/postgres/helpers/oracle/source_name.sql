-- The name in the source of an object: upper case, unless it has upper-case letters, which only names in quotes keep.
CREATE OR REPLACE FUNCTION godwit_oracle.source_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN name = lower(name) THEN upper(name) ELSE name END
$$;
