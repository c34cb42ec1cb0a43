-- A document without the value at a path of keys and positions; unchanged where nothing is. Position 0 of what is no array is the value itself.
CREATE OR REPLACE FUNCTION godwit_mysql.json_cut(document jsonb, path text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  step constant text COLLATE "C" := path[1];
  spot integer;
  key text;
BEGIN
  IF step LIKE '[%' AND jsonb_typeof(document) = 'array' THEN
    spot := CASE step WHEN '[last]' THEN jsonb_array_length(document) - 1 ELSE btrim(step, '[]')::integer END;
    IF spot < 0 OR spot >= jsonb_array_length(document) THEN
      RETURN document;
    ELSIF path[2] IN ('[0]', '[last]') AND jsonb_typeof(document -> spot) <> 'array' THEN
      RETURN godwit_mysql.json_cut(document, path[1] || path[3:]);
    ELSIF cardinality(path) = 1 THEN
      RETURN document - spot;
    END IF;
    RETURN jsonb_set(document, ARRAY[spot::text], godwit_mysql.json_cut(document -> spot, path[2:]));
  ELSIF step IN ('[0]', '[last]') AND cardinality(path) > 1 THEN
    RETURN godwit_mysql.json_cut(document, path[2:]);
  ELSIF step LIKE '.%' AND jsonb_typeof(document) = 'object' THEN
    key := substr(step, 2);
    IF NOT document ? key THEN
      RETURN document;
    ELSIF path[2] IN ('[0]', '[last]') AND jsonb_typeof(document -> key) <> 'array' THEN
      RETURN godwit_mysql.json_cut(document, path[1] || path[3:]);
    ELSIF cardinality(path) = 1 THEN
      RETURN document - key;
    END IF;
    RETURN document || jsonb_build_object(key, godwit_mysql.json_cut(document -> key, path[2:]));
  END IF;
  RETURN document;
END
$$;
