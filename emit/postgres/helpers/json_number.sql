-- A JSON document as a number: true is 1, a string counts by its leading digits.
-- needs: to_float, json_unquote
CREATE OR REPLACE FUNCTION godwit_mysql.json_number(document jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE jsonb_typeof(document) WHEN 'boolean' THEN (document = 'true')::integer WHEN 'number' THEN document::text::double precision
    ELSE godwit_mysql.to_float(godwit_mysql.json_unquote(document)) END
$$;
