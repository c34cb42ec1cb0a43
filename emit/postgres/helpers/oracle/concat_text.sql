-- Texts one behind the other without those that are NULL (SQL Language Reference, Concatenation Operator); NULL when nothing is left.
CREATE OR REPLACE FUNCTION godwit_oracle.concat_text(VARIADIC texts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(array_to_string(texts, ''), '')
$$;
