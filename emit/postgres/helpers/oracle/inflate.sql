-- What compressed bytes hold (RFC 1951, the method deflate).
-- needs: inflate_table
CREATE OR REPLACE FUNCTION godwit_oracle.inflate(value bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  plain bytea := value || ''::bytea;
  total integer := octet_length(plain);
  at integer := 0;      -- the next byte
  held bigint := 0;     -- bits that are read and not used, so many
  bits integer := 0;
  found integer[];      -- the bytes that come out
  size integer := 0;
  last boolean := false;
  kind integer;
  lengths integer[];
  literals integer[];
  distances integer[];
  orders CONSTANT integer[] := '{16,17,18,0,8,7,9,6,10,5,11,4,12,3,13,2,14,1,15}';
  bases CONSTANT integer[] := '{3,4,5,6,7,8,9,10,11,13,15,17,19,23,27,31,35,43,51,59,67,83,99,115,131,163,195,227,258}';
  extras CONSTANT integer[] := '{0,0,0,0,0,0,0,0,1,1,1,1,2,2,2,2,3,3,3,3,4,4,4,4,5,5,5,5,0}';
  far_bases CONSTANT integer[] := '{1,2,3,4,5,7,9,13,17,25,33,49,65,97,129,193,257,385,513,769,1025,1537,2049,3073,4097,6145,8193,12289,16385,24577}';
  far_extras CONSTANT integer[] := '{0,0,0,0,1,1,2,2,3,3,4,4,5,5,6,6,7,7,8,8,9,9,10,10,11,11,12,12,13,13}';
  literal_count integer;
  distance_count integer;
  entry integer;
  symbol integer;
  count integer;
  far integer;
  i integer;
BEGIN
  WHILE NOT last LOOP
    WHILE bits < 24 AND at < total LOOP
      held := held | (get_byte(plain, at)::bigint << bits); at := at + 1; bits := bits + 8;
    END LOOP;
    last := held & 1 = 1;
    kind := (held >> 1) & 3;
    held := held >> 3; bits := bits - 3;
    IF kind = 0 THEN -- stored
      at := at - bits / 8; -- whole bytes go back
      held := 0; bits := 0;
      IF at + 4 > total THEN
        RAISE EXCEPTION 'ORA-29294: A data error occurred during compression or uncompression.' USING ERRCODE = 'ZZMLQ';
      END IF;
      count := get_byte(plain, at) + 256 * get_byte(plain, at + 1);
      IF get_byte(plain, at + 2) + 256 * get_byte(plain, at + 3) <> 65535 - count OR at + 4 + count > total THEN
        RAISE EXCEPTION 'ORA-29294: A data error occurred during compression or uncompression.' USING ERRCODE = 'ZZMLQ';
      END IF;
      at := at + 4;
      FOR k IN 1..count LOOP
        found[size] := get_byte(plain, at);
        size := size + 1; at := at + 1;
      END LOOP;
      CONTINUE;
    ELSIF kind = 1 THEN -- the trees of the format
      literals := godwit_oracle.inflate_table(array_fill(8, ARRAY[144]) || array_fill(9, ARRAY[112]) || array_fill(7, ARRAY[24]) || array_fill(8, ARRAY[8]));
      distances := godwit_oracle.inflate_table(array_fill(5, ARRAY[30]));
    ELSIF kind = 2 THEN -- trees of its own
      literal_count := (held & 31) + 257;
      distance_count := ((held >> 5) & 31) + 1;
      count := ((held >> 10) & 15) + 4;
      held := held >> 14; bits := bits - 14;
      lengths := array_fill(0, ARRAY[19], ARRAY[0]);
      FOR k IN 1..count LOOP
        WHILE bits < 3 AND at < total LOOP
          held := held | (get_byte(plain, at)::bigint << bits); at := at + 1; bits := bits + 8;
        END LOOP;
        lengths[orders[k]] := held & 7;
        held := held >> 3; bits := bits - 3;
      END LOOP;
      literals := godwit_oracle.inflate_table(lengths);
      lengths := NULL;
      i := 0;
      WHILE i < literal_count + distance_count LOOP
        WHILE bits < 24 AND at < total LOOP
          held := held | (get_byte(plain, at)::bigint << bits); at := at + 1; bits := bits + 8;
        END LOOP;
        entry := literals[(held & ((1 << literals[-1]) - 1))::integer];
        held := held >> (entry & 15); bits := bits - (entry & 15);
        symbol := entry >> 4;
        IF symbol < 16 THEN
          lengths[i] := symbol;
          i := i + 1;
          CONTINUE;
        END IF;
        far := CASE WHEN symbol = 16 THEN lengths[i - 1] ELSE 0 END;
        IF symbol = 16 THEN
          count := 3 + (held & 3); held := held >> 2; bits := bits - 2;
        ELSIF symbol = 17 THEN
          count := 3 + (held & 7); held := held >> 3; bits := bits - 3;
        ELSE
          count := 11 + (held & 127); held := held >> 7; bits := bits - 7;
        END IF;
        IF far IS NULL OR entry IS NULL OR i + count > literal_count + distance_count THEN
          RAISE EXCEPTION 'ORA-29294: A data error occurred during compression or uncompression.' USING ERRCODE = 'ZZMLQ';
        END IF;
        FOR k IN 1..count LOOP
          lengths[i] := far;
          i := i + 1;
        END LOOP;
      END LOOP;
      literals := godwit_oracle.inflate_table(lengths[0:literal_count - 1]);
      distances := godwit_oracle.inflate_table(lengths[literal_count:literal_count + distance_count - 1]);
    ELSE
      RAISE EXCEPTION 'ORA-29294: A data error occurred during compression or uncompression.' USING ERRCODE = 'ZZMLQ';
    END IF;
    LOOP
      WHILE bits < 48 AND at < total LOOP
        held := held | (get_byte(plain, at)::bigint << bits); at := at + 1; bits := bits + 8;
      END LOOP;
      entry := literals[(held & ((1 << literals[-1]) - 1))::integer];
      held := held >> (entry & 15); bits := bits - (entry & 15);
      symbol := entry >> 4;
      IF entry IS NULL OR bits < 0 OR symbol > 285 THEN
        RAISE EXCEPTION 'ORA-29294: A data error occurred during compression or uncompression.' USING ERRCODE = 'ZZMLQ';
      ELSIF symbol < 256 THEN
        found[size] := symbol;
        size := size + 1;
        CONTINUE;
      END IF;
      EXIT WHEN symbol = 256;
      symbol := symbol - 256;
      count := bases[symbol] + (held & ((1 << extras[symbol]) - 1));
      held := held >> extras[symbol]; bits := bits - extras[symbol];
      entry := distances[(held & ((1 << distances[-1]) - 1))::integer];
      held := held >> (entry & 15); bits := bits - (entry & 15);
      symbol := (entry >> 4) + 1;
      far := far_bases[symbol] + (held & ((1 << far_extras[symbol]) - 1));
      held := held >> far_extras[symbol]; bits := bits - far_extras[symbol];
      IF far IS NULL OR far > size OR bits < 0 THEN
        RAISE EXCEPTION 'ORA-29294: A data error occurred during compression or uncompression.' USING ERRCODE = 'ZZMLQ';
      END IF;
      FOR k IN 1..count LOOP
        found[size] := found[size - far];
        size := size + 1;
      END LOOP;
    END LOOP;
  END LOOP;
  RETURN coalesce((SELECT decode(string_agg(lpad(to_hex(b), 2, '0'), '' ORDER BY place), 'hex') FROM unnest(found) WITH ORDINALITY AS u (b, place)), ''::bytea);
END
$$;
