-- The place in bytes of the n-th occurrence of a text (SQL Language Reference, INSTR), in the character set AL32UTF8.
-- needs: instr
CREATE OR REPLACE FUNCTION godwit_oracle.instrb(value text, part text, start numeric DEFAULT 1, occurrence numeric DEFAULT 1) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT godwit_oracle.instr(nullif(convert_from(convert_to(value, 'UTF8'), 'LATIN1'), ''), nullif(convert_from(convert_to(part, 'UTF8'), 'LATIN1'), ''), start, occurrence)
$$;
