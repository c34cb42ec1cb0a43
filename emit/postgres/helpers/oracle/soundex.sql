-- A letter and three digits for how a word sounds (SQL Language Reference, SOUNDEX): letters of the same group count once where only h and w stand between them.
CREATE OR REPLACE FUNCTION godwit_oracle.soundex(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT nullif(pg_catalog.left(word, 1), '') || pg_catalog.left(pg_catalog.replace(pg_catalog.substr(regexp_replace(pg_catalog.translate(regexp_replace(word, '(?<=.)[HW]', '', 'g'), 'BFPVCGJKQSXZDTLMNRAEIOUYHW', '11112222222233455600000000'), '(\d)\1+', '\1', 'g'), 2), '0', '') || '000', 3)
FROM (SELECT upper(regexp_replace(value COLLATE "C", '[^A-Za-z]', '', 'g'))) AS w(word)
$$;
