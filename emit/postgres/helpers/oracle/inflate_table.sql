-- The codes of a Huffman tree by their next bits (RFC 1951, section 3.2.2): element -1 is the length of the longest code; element b is 16 * symbol + length of the code that the bits b begin with.
CREATE OR REPLACE FUNCTION godwit_oracle.inflate_table(lengths integer[]) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  longest integer := 0;
  counts integer[] := array_fill(0, ARRAY[16], ARRAY[0]);
  next integer[] := array_fill(0, ARRAY[16], ARRAY[0]);
  codes integer[];
  code integer := 0;
  bits integer;
  size integer;
BEGIN
  FOREACH size IN ARRAY lengths LOOP
    counts[size] := counts[size] + 1;
    longest := greatest(longest, size);
  END LOOP;
  counts[0] := 0;
  FOR i IN 1..15 LOOP
    code := (code + counts[i - 1]) << 1;
    next[i] := code;
    IF code + counts[i] > 1 << i THEN
      RAISE EXCEPTION 'ORA-29294: A data error occurred during compression or uncompression.' USING ERRCODE = 'ZZMLQ';
    END IF;
  END LOOP;
  codes := array_fill(NULL::integer, ARRAY[(1 << longest) + 1], ARRAY[-1]);
  codes[-1] := longest;
  FOR i IN array_lower(lengths, 1)..array_upper(lengths, 1) LOOP
    size := lengths[i];
    CONTINUE WHEN size = 0;
    code := next[size];
    next[size] := code + 1;
    bits := 0;
    FOR k IN 1..size LOOP
      bits := (bits << 1) | (code & 1);
      code := code >> 1;
    END LOOP;
    WHILE bits < 1 << longest LOOP
      codes[bits] := (i - array_lower(lengths, 1)) * 16 + size;
      bits := bits + (1 << size);
    END LOOP;
  END LOOP;
  RETURN codes;
END
$$;
