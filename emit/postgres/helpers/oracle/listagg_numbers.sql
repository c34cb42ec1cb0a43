-- Numbers in their order as a text with a separator between them (SQL Language Reference, LISTAGG); NULL is left out.
-- needs: to_text
CREATE OR REPLACE FUNCTION godwit_oracle.listagg_numbers(list numeric[], separator text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN (
    SELECT string_agg(godwit_oracle.to_text(x.value), coalesce(separator, '') ORDER BY x.place)
    FROM unnest(list) WITH ORDINALITY AS x (value, place)
    WHERE x.value IS NOT NULL
  );
END
$$;
