-- Text with characters put together that have a composed form (SQL Language Reference, COMPOSE): the canonical composition of Unicode.
CREATE OR REPLACE FUNCTION godwit_oracle.compose(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT normalize(value, NFC)
$$;
